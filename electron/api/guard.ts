import { LatchkeyError } from '../../shared/errors.ts'
import { Refusal } from './refusal.ts'

/**
 * The guard in front of every call (DESIGN section 8). Each rule is a small function of what arrived: it returns why the
 * request is refused, or null. `examine` in admission.ts runs them; no route is reached without it.
 */
export interface Arrival {
  transport: 'http' | 'socket'
  method: string
  /** The request target as it was sent (RFC 9112 3.2). */
  target: string
  /** Names in lower case, as node:http gives them. */
  headers: Record<string, string | string[] | undefined>
  /** Names and values in turn, as they were sent. */
  rawHeaders: readonly string[]
  /** `127.0.0.1:PORT` of the HTTP listener. */
  httpHost: string
}

export type Rule = (arrival: Arrival) => LatchkeyError | null

const text = (arrival: Arrival, name: string): string | undefined => {
  const value = arrival.headers[name]
  return Array.isArray(value) ? value.join(', ') : value
}

/** Only `/path?query`: an absolute target or `*` is for proxies, and two hosts in one request are one too many. */
export const originForm: Rule = ({ target }) =>
  target.startsWith('/') && !target.startsWith('//')
    ? null
    : new LatchkeyError('invalid_request', 'The request target must be a path that begins with one slash.')

/** A header that decides something must not be there twice: two readers could believe different ones. */
const single = new Set([
  'host',
  'authorization',
  'content-type',
  'content-length',
  'origin',
  'cookie',
  'sec-fetch-site',
])
export const noDuplicates: Rule = ({ rawHeaders }) => {
  const seen = new Set<string>()
  for (let i = 0; i < rawHeaders.length; i += 2) {
    const name = (rawHeaders[i] ?? '').toLowerCase()
    if (!single.has(name)) continue
    if (seen.has(name)) return new LatchkeyError('invalid_request', `The header ${name} is there twice.`)
    seen.add(name)
  }
  return null
}

/**
 * Against DNS rebinding: a page whose name was made to lead here still sends its own name. On the socket there is no
 * address, so `localhost` or `latchkey` stands for it.
 */
export const literalHost: Rule = (arrival) => {
  const host = text(arrival, 'host')
  const allowed = arrival.transport === 'http' ? [arrival.httpHost] : ['localhost', 'latchkey']
  if (host !== undefined && allowed.includes(host)) return null
  return new LatchkeyError('forbidden', `The Host header must be ${allowed.join(' or ')}.`)
}

/** Preflight requests (Fetch, CORS protocol) are never answered, so no page of another origin gets past them. */
export const noOptions: Rule = ({ method }) =>
  method === 'OPTIONS' || method === 'TRACE' || method === 'CONNECT'
    ? new Refusal(405, 'forbidden', `${method} is not answered.`)
    : null

/** Programs send none of these; browsers do. A web page is no caller of this API, whatever it knows. */
export const noBrowser: Rule = (arrival) => {
  const sent = ['origin', 'referer', 'sec-fetch-site'].find((name) => text(arrival, name) !== undefined)
  return sent === undefined ? null : new LatchkeyError('forbidden', `Requests of web pages are refused (${sent}).`)
}

/** Calls of the headless page: of this very origin, said by the browser itself (Fetch Metadata) or by `Origin`. */
export const ownPage: Rule = (arrival) => {
  const origin = text(arrival, 'origin')
  const site = text(arrival, 'sec-fetch-site')
  const originFits = origin === `http://${arrival.httpHost}`
  const fits = site === 'same-origin' ? origin === undefined || originFits : site === undefined && originFits
  if (arrival.transport === 'http' && fits) return null
  return new LatchkeyError('forbidden', 'Only Latchkey’s own page may call this.')
}

/** Files of the page: opened by the person, or loaded by the page. Nobody else may link to, embed, or read them. */
export const ownNavigation: Rule = (arrival) => {
  const origin = text(arrival, 'origin')
  const site = text(arrival, 'sec-fetch-site')
  const originFits = origin === undefined || origin === `http://${arrival.httpHost}`
  const fits = originFits && (site === undefined || site === 'none' || site === 'same-origin')
  if (arrival.transport === 'http' && fits) return null
  return new LatchkeyError('forbidden', 'Latchkey’s page is opened by its one-time link, not from another page.')
}

/** A form can send text/plain, multipart or urlencoded bodies across origins; JSON needs a preflight. */
export const jsonBody: Rule = (arrival) => {
  const length = text(arrival, 'content-length')
  const hasBody = text(arrival, 'transfer-encoding') !== undefined || (length !== undefined && length !== '0')
  if (!hasBody) return null
  const type = (text(arrival, 'content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  return type === 'application/json'
    ? null
    : new Refusal(415, 'invalid_request', 'A body must be JSON, with Content-Type: application/json.')
}

/** Whether this path leads to an account's API, through the proxy; as it was sent, undecoded. */
export const isProxied = (target: string): boolean => /^\/v1\/accounts\/[^/?#]+\/proxy(?:[/?]|$)/.test(target)

/**
 * The key of `Authorization: Bearer KEY` (RFC 6750 2.1). Query, cookies and bodies are never looked at. Towards the proxy
 * also `token KEY`: that is what client libraries for GitHub send.
 */
export function bearerKey(arrival: Arrival): string | null {
  const scheme = isProxied(arrival.target) ? proxySchemes : bearer
  return scheme.exec(text(arrival, 'authorization') ?? '')?.[1] ?? null
}
const bearer = /^Bearer ([A-Za-z0-9._~+/-]+=*)$/i
const proxySchemes = /^(?:Bearer|token) ([A-Za-z0-9._~+/-]+=*)$/i

/** A cookie of the page's session (RFC 6265 5.4). */
export function cookieOf(arrival: Arrival, name: string): string | null {
  const pairs = (text(arrival, 'cookie') ?? '').split(';').map((pair) => pair.trim())
  const found = pairs.filter((pair) => pair.startsWith(`${name}=`))
  // Another program on another port of 127.0.0.1 may have set a second one: then neither counts.
  return found.length === 1 ? (found[0]?.slice(name.length + 1) ?? null) : null
}
