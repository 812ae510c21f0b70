import { LatchkeyError } from '../../shared/errors.ts'
import type { Route } from './ports.ts'

/**
 * What went wrong on the way to a server, as a `LatchkeyError` with a sentence for a person. Messages name host and
 * reason and never the rest of the URL: a path or query may hold a code or a token.
 */

const unreachable: Record<string, string> = {
  ENOTFOUND: 'its name could not be found (DNS)',
  EAI_AGAIN: 'its name could not be looked up now (DNS)',
  EAI_FAIL: 'its name could not be looked up (DNS)',
  ECONNREFUSED: 'it refused the connection',
  ECONNRESET: 'it closed the connection',
  EPIPE: 'it closed the connection',
  UND_ERR_SOCKET: 'it closed the connection',
  UND_ERR_CLOSED: 'the connection was closed',
  UND_ERR_DESTROYED: 'the connection was closed',
  ENETUNREACH: 'there is no way to its network',
  EHOSTUNREACH: 'there is no way to it',
  ENETDOWN: 'the network is down',
  EADDRNOTAVAIL: 'there is no way to its network',
  ETIMEDOUT: 'the connection could not be made in time',
  UND_ERR_CONNECT_TIMEOUT: 'the connection could not be made in time',
  UND_ERR_HEADERS_OVERFLOW: 'its answer has too many headers',
  CERT_HAS_EXPIRED: 'its certificate has expired (TLS)',
  CERT_NOT_YET_VALID: 'its certificate is not valid yet (TLS)',
  CERT_REVOKED: 'its certificate was revoked (TLS)',
  DEPTH_ZERO_SELF_SIGNED_CERT: 'its certificate is signed by nobody that this machine trusts (TLS)',
  SELF_SIGNED_CERT_IN_CHAIN: 'its certificate is signed by nobody that this machine trusts (TLS)',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'its certificate is signed by nobody that this machine trusts (TLS)',
  UNABLE_TO_GET_ISSUER_CERT: 'its certificate is signed by nobody that this machine trusts (TLS)',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'its certificate is signed by nobody that this machine trusts (TLS)',
  ERR_TLS_CERT_ALTNAME_INVALID: 'its certificate is for another name (TLS)',
}

function codeOf(error: unknown): string | null {
  if (typeof error !== 'object' || error === null) return null
  if ('code' in error && typeof error.code === 'string' && error.code !== '') return error.code
  // Happy Eyeballs (RFC 8305) gathers one error for each address that was tried.
  if (error instanceof AggregateError) return codeOf(error.errors[0])
  return null
}

/** The first error in the chain of causes that `pick` knows something about. */
function inChain<T>(error: unknown, pick: (error: unknown) => T | null): T | null {
  for (let it = error, depth = 0; it instanceof Error && depth < 6; it = it.cause, depth += 1) {
    const found = pick(it)
    if (found !== null) return found
  }
  return null
}

/** Of a connection that was never made: with a proxy in between, it is the proxy that did not take it. */
const ofConnecting = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'ETIMEDOUT',
  'UND_ERR_CONNECT_TIMEOUT',
])

/** What a SOCKS5 proxy answered (RFC 1928 6, RFC 1929 2), by the code that undici has for it. */
const socksAnswers: Record<string, string> = {
  UND_ERR_SOCKS5_AUTH_REJECTED: 'wants a user name and password',
  UND_ERR_SOCKS5_AUTH_FAILED: 'does not accept the user name and password',
  UND_ERR_SOCKS5_REPLY_2: 'does not allow the connection',
  UND_ERR_SOCKS5_REPLY_3: 'has no way to its network',
  UND_ERR_SOCKS5_REPLY_4: 'has no way to it',
  UND_ERR_SOCKS5_REPLY_5: 'was refused the connection',
}

/** What the proxy said or did, or null when the trouble is not between Latchkey and the proxy. */
function proxyTrouble(error: unknown, url: URL, route: Route | undefined): string | null {
  const name = route?.proxy ? `The proxy ${new URL(route.proxy.url).host}` : 'The proxy of this system'
  const answer = inChain(
    error,
    (it) => /^Proxy response \((\d+)\)/.exec(it instanceof Error ? it.message : '')?.[1] ?? null,
  )
  if (answer === '407') return `${name} does not accept the user name and password (407), or wants them.`
  if (answer !== null) return `${name} made no connection to ${url.host}: it answered ${answer}.`
  const code = inChain(error, codeOf)
  if (code?.startsWith('UND_ERR_SOCKS5_')) {
    const said = socksAnswers[code] ?? 'could not make the connection'
    return `${name}, asked for ${url.host}, ${said} (SOCKS5).`
  }
  if (!route?.proxy || code === null || !ofConnecting.has(code)) return null
  return `${name}, through which ${url.host} is to be asked, cannot be reached: ${unreachable[code] ?? code}.`
}

const isTls = (code: string) =>
  code.startsWith('ERR_SSL_') || code.startsWith('ERR_TLS_') || code === 'EPROTO' || code.includes('CERT')

function reasonOf(error: unknown): string {
  const code = inChain(error, codeOf)
  if (code === null) return 'the connection failed'
  return unreachable[code] ?? (isTls(code) ? `no secure connection could be made (TLS, ${code})` : `${code}`)
}

/**
 * Any error of undici or node:net as a `LatchkeyError`: `timeout` when the time was up, else `provider_unreachable`. One
 * that is a `LatchkeyError` already (the destination policy's) comes back as it is.
 */
export function networkError(error: unknown, url: URL, timeoutMs: number, route?: Route): LatchkeyError {
  const own = inChain(error, (it) => (it instanceof LatchkeyError ? it : null))
  if (own !== null) return own
  const proxy = proxyTrouble(error, url, route)
  if (proxy !== null) return new LatchkeyError('provider_unreachable', proxy, {}, error)
  const name = inChain(error, (it) =>
    it instanceof Error && (it.name === 'TimeoutError' || it.name === 'AbortError') ? it.name : null,
  )
  if (name === 'TimeoutError') return timedOut(url, timeoutMs, error)
  if (name === 'AbortError') {
    return new LatchkeyError('timeout', `The request to ${url.host} was cancelled.`, {}, error)
  }
  return new LatchkeyError('provider_unreachable', `${url.host} cannot be reached: ${reasonOf(error)}.`, {}, error)
}

export function timedOut(url: URL, timeoutMs: number, cause?: unknown): LatchkeyError {
  const time = timeoutMs >= 1000 ? `${Math.round(timeoutMs / 100) / 10} s` : `${timeoutMs} ms`
  return new LatchkeyError('timeout', `${url.host} did not answer within ${time}.`, {}, cause)
}

export function tooLarge(url: URL, maxBytes: number): LatchkeyError {
  const size = maxBytes >= 1_000_000 ? `${Math.round(maxBytes / 100_000) / 10} MB` : `${maxBytes} bytes`
  return new LatchkeyError('too_large', `The answer of ${url.host} is larger than ${size}.`)
}
