import type { RefreshError } from './ports.ts'

/** What is known of a refresh that did not work. */
export interface RefreshFailure {
  /** HTTP status; null: no answer came. */
  status: number | null
  /** `error` of the answer (RFC 6749 5.2), or null. */
  error: string | null
  /** Whether the answer was the JSON that the RFC asks for. */
  readable: boolean
  /** `text/html` and the like, without parameters. */
  contentType: string
  /** Why no answer came. */
  cause?: 'network' | 'timeout'
}

export interface Judgement {
  kind: RefreshError['kind']
  code: string
}

/**
 * The refresh token is gone and only the person can get another one. `invalid_grant` is RFC 6749 5.2's own word; the
 * cousins are documented by GitHub (bad_refresh_token), Slack (invalid_refresh_token, token_expired, token_revoked), and
 * Microsoft and OpenID Connect Core 3.1.2.6 (… _required; bad_token is Microsoft's).
 */
const fatal = new Set([
  'invalid_grant',
  'bad_refresh_token',
  'invalid_refresh_token',
  'token_expired',
  'token_revoked',
  'bad_token',
  'interaction_required',
  'login_required',
  'consent_required',
])

/** Names of passing trouble that some servers send under a 400 (RFC 6749 4.1.2.1, RFC 8628 3.5, Slack). */
const passing = new Set([
  'temporarily_unavailable',
  'server_error',
  'slow_down',
  'internal_error',
  'internal_failure',
  'service_unavailable',
  'rate_limited',
  'ratelimited',
])

const passingStatus = new Set([408, 425, 429])

/**
 * Whether a failed refresh ends the grant, passes, or is a refusal that leaves the grant alone (DESIGN section 6).
 * Only a clear word from the provider is `fatal`; whatever may have been a proxy, a captive portal or a bad hour of
 * the provider's is `transient`.
 */
export function judgeRefreshFailure(failure: RefreshFailure): Judgement {
  const { status, error, readable, contentType, cause } = failure
  if (status === null) return { kind: 'transient', code: cause ?? 'network' }
  if (passingStatus.has(status) || status >= 500) return { kind: 'transient', code: error ?? String(status) }
  if (error !== null) {
    if (fatal.has(error)) return { kind: 'fatal', code: error }
    if (passing.has(error)) return { kind: 'transient', code: error }
    return { kind: 'refused', code: error }
  }
  // Success that cannot be read, a redirect (to a login page of the network, say), a page: not the provider's own word.
  if (status < 400 || contentType === 'text/html') return { kind: 'transient', code: 'invalid_answer' }
  return { kind: 'refused', code: readable ? String(status) : 'invalid_answer' }
}

/** Retry-After in milliseconds from `now`: seconds or an HTTP date (RFC 9110 10.2.3). Null when absent or nonsense. */
export function retryAfter(header: string | null, now: number): number | null {
  if (header === null) return null
  const text = header.trim()
  if (/^\d{1,9}$/.test(text)) return Number(text) * 1000
  const date = /[a-z]/i.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : Math.max(0, date - now)
}

/** Node's, OpenSSL's and undici's codes for what fails before the connection stands. */
const beforeSending = new Set([
  'ENOTFOUND',
  'EAI_AGAIN',
  'EAI_FAIL',
  'ECONNREFUSED',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENETDOWN',
  'EADDRNOTAVAIL',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'CERT_HAS_EXPIRED',
  'CERT_NOT_YET_VALID',
  'CERT_REVOKED',
  'ERR_TLS_CERT_ALTNAME_INVALID',
])

/** True when the request certainly never reached the server: no name, no way, no connection, no trusted certificate. */
export function neverSent(error: unknown): boolean {
  for (let cause = error, depth = 0; cause instanceof Error && depth < 8; cause = cause.cause, depth++) {
    if ('code' in cause && typeof cause.code === 'string' && beforeSending.has(cause.code)) return true
    // One error for each address that was tried (RFC 8305).
    if (cause instanceof AggregateError && cause.errors.length > 0) return cause.errors.every(neverSent)
  }
  return false
}

/**
 * True when the provider may have done its work although no answer to be used came back: a refresh token that it has
 * rotated is then lost. Gateways' 502 and 504 say no more than that.
 */
export function answerLost(error: RefreshError): boolean {
  return error.sent && ['network', 'timeout', 'invalid_answer', '502', '504'].includes(error.code)
}
