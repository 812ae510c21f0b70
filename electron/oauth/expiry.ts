import type { ExpirySource } from '../vault/ports.ts'
import { decodeJwt, numericDate } from './jwt.ts'

/** When a token ends, in milliseconds since 1970 by this machine's clock, and how that is known. */
export interface Expiry {
  expiresAt: number | null
  expirySource: ExpirySource
}

/**
 * When an access token expires (DESIGN section 6): by `expires_in`, else the registration's fallback, else the JWT's own
 * `exp`, else unknown: it is then used until it is refused.
 *
 * @param facts.expiresIn Seconds, from the token answer (RFC 6749 5.1).
 * @param facts.fallbackExpiry Seconds, from the registration.
 * @param facts.receivedAt When the answer arrived, by this machine's clock.
 * @param facts.skew How far the server's clock is ahead of this machine's, in milliseconds: `exp` is in the server's
 *   time (RFC 7519 4.1.4), everything else counts from now.
 */
export function accessTokenExpiry(facts: {
  accessToken: string
  expiresIn: number | null
  fallbackExpiry: number | null
  receivedAt: number
  skew: number
}): Expiry {
  const { accessToken, expiresIn, fallbackExpiry, receivedAt, skew } = facts
  if (expiresIn !== null) {
    return { expiresAt: pointInTime(receivedAt + Math.round(expiresIn * 1000)), expirySource: 'expires_in' }
  }
  if (fallbackExpiry !== null) return { expiresAt: receivedAt + fallbackExpiry * 1000, expirySource: 'fallback' }
  const exp = numericDate(decodeJwt(accessToken)?.claims.exp)
  if (exp !== null) return { expiresAt: pointInTime(exp - skew), expirySource: 'jwt' }
  return { expiresAt: null, expirySource: 'unknown' }
}

/** Beyond what a date can say (ECMA-262 21.4.1.1) a token has no end worth keeping, and the vault could not hold it. */
function pointInTime(at: number): number | null {
  return Math.abs(at) <= 8.64e15 ? Math.round(at) : null
}

/**
 * How far a server's clock is ahead of this machine's, in milliseconds, by the Date header of an answer (RFC 9110 6.6.1).
 * The header has whole seconds and was written at some time between asking and answering: a difference that this
 * explains counts as none.
 */
export function clockSkew(date: string | null, askedAt: number, answeredAt: number): number {
  if (date === null) return 0
  const server = Date.parse(date)
  if (Number.isNaN(server)) return 0
  const latest = server + 1000
  if (latest >= askedAt && server <= answeredAt) return 0
  return Math.round((server + latest) / 2 - (askedAt + answeredAt) / 2)
}

/**
 * How much of a token's life must be left for it to be handed out, in milliseconds: a minute or a tenth of its lifetime,
 * whichever is more, but never more than half of it, or short-lived tokens would be refreshed at every use.
 */
export function refreshThreshold(tokens: { obtainedAt: number; expiresAt: number | null }): number {
  if (tokens.expiresAt === null) return 0
  const life = Math.max(0, tokens.expiresAt - tokens.obtainedAt)
  return Math.min(Math.max(60_000, life / 10), life / 2)
}
