import { LatchkeyError } from '../shared/errors.ts'
import type { LatchkeyEvent } from '../shared/models.ts'
import { eventStream } from './event-stream.ts'

/** A way to the host: calls, events, and whether it can be reached at all. */
export interface Connection {
  /** Resolves with a `Result` envelope; rejects with a `LatchkeyError` when the host gave none. */
  call(method: string, input: unknown): Promise<unknown>
  onEvent(listener: (event: LatchkeyEvent) => void): () => void
  /** Tells when the host stops answering and when it is back. */
  onState(listener: (reachable: boolean) => void): () => void
}

const storageKey = 'latchkey.session'

/** What `unauthenticated` means here: this browser has no session, and the way to one is the link. */
export const noSession = () => new LatchkeyError('unauthenticated', 'This browser has no session with Latchkey.')

/** The one-time link's secret from `#link=…`, or null. */
export function linkOf(hash: string): string | null {
  return hash.startsWith('#link=') ? decodeURIComponent(hash.slice('#link='.length)) || null : null
}

/**
 * The page's own HTTP: a session from the one-time link, then `POST /page/call` and the event stream. The key stays in
 * sessionStorage, so it ends with the tab, and it is sent in `Authorization` alone.
 */
export function headlessConnection(page: Window): Connection {
  let key: Promise<string | null> | null = null
  const link = linkOf(page.location.hash)
  // Out of the address bar and the history before anything else happens.
  if (link !== null) page.history.replaceState(null, '', page.location.pathname)

  async function openSession(): Promise<string | null> {
    if (link === null) return page.sessionStorage.getItem(storageKey)
    const response = await post('/page/session', { link }, null)
    if (!response.ok) return page.sessionStorage.getItem(storageKey)
    const answer = (await response.json()) as { key: string }
    page.sessionStorage.setItem(storageKey, answer.key)
    return answer.key
  }

  function session(): Promise<string | null> {
    key ??= openSession()
    return key
  }

  function endSession(): void {
    page.sessionStorage.removeItem(storageKey)
    key = Promise.resolve(null)
  }

  async function post(path: string, body: unknown, bearer: string | null): Promise<Response> {
    try {
      return await page.fetch(path, {
        method: 'POST',
        headers: {
          'Content-Type': 'application/json',
          ...(bearer === null ? {} : { Authorization: `Bearer ${bearer}` }),
        },
        body: JSON.stringify(body),
      })
    } catch {
      throw new LatchkeyError('provider_unreachable', 'Latchkey does not answer. Is it still running?')
    }
  }

  const events = eventStream({
    open: async (signal) => {
      const bearer = await session()
      if (bearer === null) throw noSession()
      return page.fetch('/page/events', { headers: { Authorization: `Bearer ${bearer}` }, signal })
    },
    wait: (milliseconds) => new Promise((resolve) => page.setTimeout(resolve, milliseconds)),
  })

  return {
    async call(method, input) {
      const bearer = await session().catch((error: unknown) => {
        key = null
        throw error
      })
      if (bearer === null) throw noSession()
      const response = await post('/page/call', { method, input }, bearer)
      if (response.status === 401) {
        endSession()
        throw noSession()
      }
      const answer: unknown = await response.json().catch(() => null)
      // The guard in front of the host answers with the local API's error shape, not with an envelope.
      if (!response.ok && typeof answer === 'object' && answer !== null && !('ok' in answer) && 'error' in answer) {
        return { ok: false, error: answer.error }
      }
      return answer
    },
    onEvent: events.onEvent,
    onState: events.onState,
  }
}
