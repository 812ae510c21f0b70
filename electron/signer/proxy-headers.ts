import type { IncomingHttpHeaders } from 'node:http'

/** The headers of a streamed request and of its answer, as they may be handed on. Lists hold names and values in turn. */

/** Of one connection (RFC 9110 7.6.1), or decided anew by the connection to the other side. */
const ofTheConnection = [
  'connection',
  'keep-alive',
  'proxy-connection',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'http2-settings',
]

/**
 * Left out of every request: credentials that are not the account's (the caller's key for Latchkey is one), what would
 * lead the request to another host behind the same address, and what would tell the other side of this machine.
 */
const notSent = new Set([
  ...ofTheConnection,
  'host',
  'authorization',
  'dpop',
  'cookie',
  'cookie2',
  'proxy-authorization',
  // Met by Latchkey itself.
  'expect',
  // Counted anew, unless the body streams.
  'content-length',
  'forwarded',
  'via',
  'x-real-ip',
])

/**
 * The caller's headers as they are sent on, in their order and spelling.
 *
 * @param credentialHeader In lower case: the header that carries the account's token, which only Latchkey sets. null:
 * the token stands elsewhere.
 */
export function requestHeaders(raw: readonly string[], credentialHeader: string | null): string[] {
  const kept: string[] = []
  let named: Set<string> | null = null
  for (let i = 0; i < raw.length; i += 2) {
    const name = raw[i] as string
    const value = raw[i + 1] as string
    const lower = name.toLowerCase()
    if (lower === 'connection') named = namedIn(value, named)
    if (notSent.has(lower) || lower === credentialHeader || lower.startsWith('x-forwarded-')) continue
    kept.push(name, value)
  }
  return named === null ? kept : without(kept, named)
}

/** What `Connection` names besides its own words goes no further either. null: nothing. */
function namedIn(value: string, before: Set<string> | null): Set<string> | null {
  // What nearly every client says.
  if (value === 'keep-alive' || value === 'close') return before
  const names = before ?? new Set<string>()
  for (const name of value.toLowerCase().split(',')) names.add(name.trim())
  return names
}

function without(headers: string[], named: Set<string>): string[] {
  const kept: string[] = []
  for (let i = 0; i < headers.length; i += 2) {
    const name = headers[i] as string
    if (named.has(name.toLowerCase())) continue
    kept.push(name, headers[i + 1] as string)
  }
  return kept
}

/**
 * Left out of every answer: cookies, which would be a second credential outside the vault; what tells a browser how to
 * treat this very origin from now on; and what `answerHeaders` sets itself.
 */
const notAnswered = new Set([
  ...ofTheConnection,
  'set-cookie',
  'set-cookie2',
  'dpop-nonce',
  'proxy-authenticate',
  'proxy-authentication-info',
  'alt-svc',
  'clear-site-data',
  'strict-transport-security',
  'public-key-pins',
  'public-key-pins-report-only',
  'expect-ct',
  'nel',
  'report-to',
  'reporting-endpoints',
  'content-security-policy-report-only',
  'service-worker-allowed',
  'refresh',
])

/** What becomes of a header of an answer by its name; of any other: it is handed on. */
export type AnswerRules = ReadonlyMap<string, 'drop' | 'lead'>

/** @param own Latchkey's own headers, names in lower case and values in turn: they stand in place of the answer's. */
export function answerRules(own: readonly string[]): AnswerRules {
  const rules = new Map<string, 'drop' | 'lead'>()
  for (const name of notAnswered) rules.set(name, 'drop')
  for (let i = 0; i < own.length; i += 2) rules.set(own[i] as string, 'drop')
  for (const name of ['location', 'content-location', 'link']) rules.set(name, 'lead')
  return rules
}

/** How an answer reaches the caller, as far as its headers depend on it. */
export interface AnswerShape {
  status: number
  /** Chunked coding is possible: HTTP/1.1, and the answer has a body. */
  chunkable: boolean
}

/**
 * The headers of an answer as they are handed on.
 *
 * @param own Latchkey's own, which `rules` were made for.
 * @param lead Gives the value of `Location`, `Content-Location` or `Link` that leads through the proxy.
 */
export function answerHeaders(
  headers: IncomingHttpHeaders,
  { status, chunkable }: AnswerShape,
  own: readonly string[],
  rules: AnswerRules,
  lead: (name: string, value: string) => string,
): string[] {
  const kept: string[] = []
  const { connection } = headers
  const named = typeof connection === 'string' ? namedIn(connection, null) : null
  // A chunked body ends where its chunks say, whatever else is claimed (RFC 9112 6.3). 204 has none (RFC 9110 8.6).
  const counted = headers['transfer-encoding'] === undefined && status !== 204
  for (const name in headers) {
    const rule = rules.get(name)
    if (rule === 'drop' || name.startsWith('access-control-') || named?.has(name)) continue
    if (name === 'content-length' && !counted) continue
    const value = headers[name]
    if (value === undefined) continue
    if (typeof value === 'string') kept.push(name, rule === 'lead' ? lead(name, value) : value)
    else for (const one of value) kept.push(name, rule === 'lead' ? lead(name, one) : one)
  }
  // Announces the trailer section of a chunked body, which is handed on as it comes.
  const { trailer } = headers
  if (trailer !== undefined && chunkable && (!counted || headers['content-length'] === undefined)) {
    kept.push('trailer', trailer)
  }
  for (let i = 0; i < own.length; i += 1) kept.push(own[i] as string)
  return kept
}

/** Never in a trailer section (RFC 9110 6.5.1): framing, routing, credentials, and what is left out of answers anyway. */
const notInTrailers = new Set([
  'content-length',
  'content-encoding',
  'content-type',
  'content-range',
  'host',
  'authorization',
  'www-authenticate',
  'cache-control',
  'location',
  'link',
])

/** The trailer section of an answer as it may be handed on; null: there is nothing in it. */
export function answerTrailers(trailers: IncomingHttpHeaders): [string, string][] | null {
  const kept: [string, string][] = []
  for (const [name, value] of Object.entries(trailers)) {
    if (value === undefined || notAnswered.has(name) || notInTrailers.has(name)) continue
    if (name.startsWith('access-control-')) continue
    for (const one of typeof value === 'string' ? [value] : value) kept.push([name, one])
  }
  return kept.length === 0 ? null : kept
}
