import { LatchkeyError } from '../../shared/errors.ts'
import { sameSecret } from '../platform/secrets.ts'
import type { PairingService } from '../services/ports-apps.ts'
import type { FailureWindow } from './failures.ts'
import {
  type Arrival,
  bearerKey,
  cookieOf,
  isProxied,
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

/**
 * Who has been let in. A route names whom it is for, and the router compares: a path that is spelled so that the guard
 * takes it for something else reaches nothing. `file`: a file of the page, answered outside of the router.
 */
export type Admission =
  | { as: 'anyone' }
  | { as: 'owner' }
  | { as: 'app'; app: { id: string; name: string } }
  /** Asks to be paired, or looks what became of it. `secret` is what it showed as its key. */
  | { as: 'stranger'; secret: string | null }
  | { as: 'newcomer'; cookie: string | null }
  | { as: 'page' }
  | { as: 'file'; path: string }

/** Whom a route is for. `program`: the owner's programs, and apps, whose permissions the services ask for. */
export type Audience = 'anyone' | 'owner' | 'program' | 'stranger' | 'newcomer' | 'page'

export const isFor = (audience: Audience | undefined, as: Admission['as'] | undefined): boolean =>
  audience === 'program' ? as === 'owner' || as === 'app' : audience !== undefined && as === audience

export interface Doorkeeper {
  ownerKey: Buffer
  sessions: PageSessions
  pairing: Pick<PairingService, 'authenticate'>
  /** Whether this path is a file of the page. */
  isFile: (path: string) => boolean
  failures: Record<Arrival['transport'], FailureWindow>
}

/** What an app's key begins with: it can be told from the owner key, and found by scanners of leaked keys. */
const appKey = 'lkapp_'
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
  if (isPairing(arrival.method, path)) {
    check([jsonBody], arrival)
    return { as: 'stranger', secret: bearerKey(arrival) }
  }
  const admission = examineKey(arrival, door)
  // What goes through the proxy is the other side's to understand. Without a key, which no form can send, none gets here.
  if (!isProxied(arrival.target)) check([jsonBody], arrival)
  return admission
}

const isPairing = (method: string, path: string) =>
  method === 'POST' ? path === '/v1/pair' : method === 'GET' && /^\/v1\/pair\/[\w-]+$/.test(path)

function examineKey(arrival: Arrival, door: Doorkeeper): Admission {
  const key = bearerKey(arrival)
  const failures = door.failures[arrival.transport]
  if (key?.startsWith(appKey)) {
    const app = authenticate(key, door.pairing, failures)
    if (app !== null) return { as: 'app', app }
  } else if (key !== null && sameSecret(key, door.ownerKey)) {
    return { as: 'owner' }
  }
  throw failures.fail(
    new LatchkeyError(
      'unauthenticated',
      'This needs a key: Authorization: Bearer, and the key of an app or the text of owner.key.',
      { action: { text: 'A program gets a key of its own with POST /v1/pair.' } },
    ),
  )
}

/** The key of an app that has ended is told so. It counts as a failure like any other that does not open. */
function authenticate(key: string, pairing: Doorkeeper['pairing'], failures: FailureWindow) {
  try {
    return pairing.authenticate(key)
  } catch (error) {
    const refused = error instanceof LatchkeyError && error.code === 'unauthenticated'
    throw refused ? failures.fail(error) : error
  }
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
