import type { Clock } from '../platform/ports.ts'
import { digest, isSecret, newSecret, sameSecret } from '../platform/secrets.ts'

/** The cookie that binds a session of the headless page to one browser. */
export const sessionCookie = 'latchkey_page'

const linkLifetime = 10 * 60_000
const mostLinks = 8
const mostSessions = 8

/**
 * Sessions of the headless page. A one-time link opens one; from then on the page shows two secrets: a cookie, which
 * scripts cannot read, and a key, which the page keeps in its tab. The cookie alone is not enough, because browsers send
 * cookies to every port of 127.0.0.1, so that any other program there could collect it. Kept in memory, as hashes: when
 * Latchkey ends, so do they.
 */
export function createPageSessions(clock: Clock) {
  let links: { hash: Buffer; until: number }[] = []
  let sessions: { cookie: Buffer; key: Buffer }[] = []

  return {
    /** A new secret for one link: works once, for ten minutes. */
    newLink(): string {
      const link = newSecret()
      links = [...links, { hash: digest(link), until: clock.now() + linkLifetime }].slice(-mostLinks)
      return link
    },

    /**
     * Trades a link for a session. `cookie` is what the browser brought: when it is that of a session, the new one goes
     * with it, so that a second tab does not take the first one's away.
     */
    open(link: string, cookie: string | null): { key: string; cookie: string } | null {
      links = links.filter(({ until }) => until > clock.now())
      const found = links.find(({ hash }) => sameSecret(link, hash))
      if (found === undefined) return null
      links = links.filter((it) => it !== found)
      const known = cookie !== null && isSecret(cookie) && sessions.some((it) => sameSecret(cookie, it.cookie))
      const session = { key: newSecret(), cookie: known ? cookie : newSecret() }
      sessions = [...sessions, { cookie: digest(session.cookie), key: digest(session.key) }].slice(-mostSessions)
      return session
    },

    /** Whether both secrets belong to one session. */
    has(cookie: string, key: string): boolean {
      return sessions.some((it) => sameSecret(cookie, it.cookie) && sameSecret(key, it.key))
    },
  }
}

export type PageSessions = ReturnType<typeof createPageSessions>
