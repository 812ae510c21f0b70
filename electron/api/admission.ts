import { LatchkeyError } from '../../shared/errors.ts'
import type { FailureWindow } from './failures.ts'
import {
  type Arrival,
  bearerKey,
  cookieOf,
  jsonBody,
  literalHost,
  noBrowser,
  noDuplicates,
  noOptions,
  originForm,
  ownNavigation,
  ownPage,
  type Rule,
} from './guard.ts'
import { type PageSessions, sessionCookie } from './page-session.ts'
import { sameSecret } from './secrets.ts'

/**
 * Who has been let in. A route names whom it is for, and the router compares: a path that is spelled so that the guard
 * takes it for something else reaches nothing. `file`: a file of the page, answered outside of the router.
 */
export type Admission =
  | { as: 'anyone' }
  | { as: 'owner' }
  | { as: 'newcomer'; cookie: string | null }
  | { as: 'page' }
  | { as: 'file'; path: string }

export interface Doorkeeper {
  ownerKey: Buffer
  sessions: PageSessions
  /** Whether this path is a file of the page. */
  isFile: (path: string) => boolean
  failures: Record<Arrival['transport'], FailureWindow>
}

const first: Rule[] = [originForm, noOptions, noDuplicates, literalHost]

/** Runs every rule on what arrived. Throws the refusal. */
export function examine(arrival: Arrival, door: Doorkeeper): Admission {
  check(first, arrival)
  // Compared as it was sent, undecoded: any other spelling of these paths falls to the strictest rule.
  const path = arrival.target.split('?', 1)[0] ?? ''
  const reads = arrival.method === 'GET' || arrival.method === 'HEAD'
  if (arrival.transport === 'http' && reads && door.isFile(path)) {
    check([ownNavigation], arrival)
    return { as: 'file', path }
  }
  if (path.startsWith('/page/')) return examinePage(arrival, door, path)
  check([noBrowser], arrival)
  if (path === '/v1/health' && arrival.method === 'GET') return { as: 'anyone' }
  const key = bearerKey(arrival)
  if (key === null || !sameSecret(key, door.ownerKey)) {
    throw door.failures[arrival.transport].fail(
      new LatchkeyError(
        'unauthenticated',
        'This needs the owner key: Authorization: Bearer, and the text of owner.key.',
      ),
    )
  }
  check([jsonBody], arrival)
  return { as: 'owner' }
}

function examinePage(arrival: Arrival, door: Doorkeeper, path: string): Admission {
  check([ownPage], arrival)
  const cookie = cookieOf(arrival, sessionCookie)
  if (path === '/page/session') {
    check([jsonBody], arrival)
    return { as: 'newcomer', cookie }
  }
  const key = bearerKey(arrival)
  if (cookie === null || key === null || !door.sessions.has(cookie, key)) {
    throw door.failures[arrival.transport].fail(
      new LatchkeyError('unauthenticated', 'This browser has no session. Open the page with a new one-time link.'),
    )
  }
  check([jsonBody], arrival)
  return { as: 'page' }
}

function check(rules: Rule[], arrival: Arrival): void {
  for (const rule of rules) {
    const refusal = rule(arrival)
    if (refusal !== null) throw refusal
  }
}
