import { setImmediate, setTimeout } from 'node:timers/promises'
import { app, dialog } from 'electron'
import { linkScheme } from './deep-links.ts'

/** How long closing may take before the process ends anyway. */
const patience = 5_000

/** Ends with the last window (except on macOS, where apps stay), and comes back when its icon is clicked. */
export function followWindows(show: () => void): void {
  app.on('window-all-closed', () => {
    if (process.platform !== 'darwin') app.quit()
  })
  app.on('activate', () => show())
}

/** Runs `close` to its end before the process ends. */
export function closeBeforeQuit(close: () => Promise<void>): void {
  let state: 'running' | 'closing' | 'closed' = 'running'
  app.on('will-quit', (event) => {
    if (state === 'closed') return
    event.preventDefault()
    if (state === 'closing') return
    state = 'closing'
    void finish()
  })

  async function finish() {
    try {
      await Promise.race([close(), setTimeout(patience, undefined, { ref: false })])
    } catch (error) {
      console.error(`latchkey: closing failed: ${explain(error)}`)
    }
    // Electron ignores a quit that comes while it is still asking about the first one.
    await setImmediate()
    state = 'closed'
    app.quit()
  }
}

/** Takes `latchkey:` links. From a checkout it does not: the link would start whatever Electron lies there. */
export function receiveLinks(open: (link: string) => void): void {
  if (app.isPackaged) app.setAsDefaultProtocolClient(linkScheme)
  app.on('open-url', (event, link) => {
    event.preventDefault()
    open(link)
  })
}

/**
 * Electron warns on the terminal with the whole address of a page that did not load, which in a sign-in holds `state`
 * and may hold a code. Warnings go out with no more of an address than its origin.
 */
export function shortenAddressesInWarnings(): void {
  process.removeAllListeners('warning')
  process.on('warning', ({ name, message }) => {
    console.error(`latchkey: ${name}: ${message.replace(/\b(https?:\/\/[^/?#\s]+)\S*/gi, '$1/…')}`)
  })
}

/** Says why the app cannot start, on the terminal and to the person, and ends when they have read it. */
export async function failToStart(error: unknown): Promise<void> {
  const message = explain(error)
  console.error(`latchkey: ${message}`)
  await dialog.showMessageBox({ type: 'error', title: 'Latchkey', message: 'Latchkey cannot start', detail: message })
  app.exit(1)
}

function explain(error: unknown): string {
  return error instanceof Error ? error.message : 'Something unexpected went wrong.'
}
