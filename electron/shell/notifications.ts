import { type BrowserWindow, Notification } from 'electron'
import type { Ask } from '../../shared/contract-apps.ts'
import type { Dispatch, Events } from '../services/ports.ts'

/** Longer names are cut: the system shows a line or two. */
const longest = 60
/** Asks that are remembered as told. Ids are never given twice, so nothing comes back. */
const mostTold = 1000

/**
 * Tells the person with a notification of the system that a program asks for access, while the window has not the focus.
 * Nothing is brought forward by it: only a click opens the window, on the page of the ask. Each ask is told once, however
 * often the program repeats it, and its notification goes when it has been answered. Returns the way to stop.
 */
export function notifyOfAsks(parts: {
  window: () => BrowserWindow | null
  show: (page: string) => void
  dispatch: Dispatch
  events: Events
}): () => void {
  const told = new Set<string>()
  /** Held, because a notification that is collected as garbage hears no click. */
  const open = new Map<string, Notification>()

  async function tell(id: string): Promise<void> {
    const ask = (await parts.dispatch('asks.get', { ask: id }, { kind: 'page' })) as Ask
    if (ask.state !== 'waiting') return
    const notification = new Notification({
      title: `${shown(ask.name)} asks for access`,
      body: `Code ${ask.code}. Open Latchkey to answer.`,
    })
    open.set(id, notification)
    notification.on('click', () => parts.show(`/apps/asks/${encodeURIComponent(id)}`))
    notification.on('close', () => open.delete(id))
    notification.show()
  }

  return parts.events.on((event) => {
    if (event.type !== 'ask') return
    const { ask_id: id, state } = event
    if (state !== 'waiting') {
      open.get(id)?.close()
      open.delete(id)
      return
    }
    if (told.has(id)) return
    if (told.size >= mostTold) told.clear()
    told.add(id)
    if (parts.window()?.isFocused() || !Notification.isSupported()) return
    // Answered or locked meanwhile: there is nothing to tell.
    tell(id).catch(() => undefined)
  })
}

/** A program's own words, on one line and without characters that hide or turn what stands around them. */
function shown(name: string): string {
  const line = name.replace(/[\p{Cc}\p{Cf}\p{Z}]+/gu, ' ').trim()
  return line.length <= longest ? line : `${line.slice(0, longest - 1)}…`
}
