import { refreshThreshold } from '../oauth/expiry.ts'
import type { TokenSet, Trouble } from '../vault/ports.ts'

/** What a caller asks of a token. `minValidity` in seconds. */
export interface Demand {
  minValidity?: number | undefined
  force?: boolean | undefined
  /** The API has refused the current access token with 401. */
  rejected?: boolean | undefined
}

/**
 * Whether a token has to be refreshed first. `none`: it is good as it is. `should`: it is near its end but still good
 * when the refresh does not work. The others say why only a new one will do.
 */
export type Need = 'none' | 'should' | 'forced' | 'rejected' | 'expired' | 'min_validity'

export function refreshNeed(tokens: Pick<TokenSet, 'obtainedAt' | 'expiresAt'>, demand: Demand, now: number): Need {
  if (demand.rejected) return 'rejected'
  if (demand.force) return 'forced'
  if (tokens.expiresAt === null) return 'none'
  const left = tokens.expiresAt - now
  if (left <= 0) return 'expired'
  if (demand.minValidity !== undefined && left < demand.minValidity * 1000) return 'min_validity'
  return left < refreshThreshold(tokens) ? 'should' : 'none'
}

/**
 * True when the provider's tokens do not live as long as `minValidity` (seconds) asks, and this one is as fresh as they
 * come: another refresh would only cost one.
 */
export function asksTooMuch(
  tokens: Pick<TokenSet, 'obtainedAt' | 'expiresAt' | 'expirySource'>,
  minValidity: number,
  now: number,
): boolean {
  if (tokens.expiresAt === null || tokens.expirySource === 'tester') return false
  const life = tokens.expiresAt - tokens.obtainedAt
  return life < minValidity * 1000 && now - tokens.obtainedAt < life / 10
}

const firstWait = 5_000
const longestWait = 15 * 60_000
/** The provider refuses the client: trying often does not help, but the person may mend the registration any moment. */
const refusedWait = 60_000

/**
 * Milliseconds to leave a provider alone after failures in a row: doubling from 5 s to 15 minutes, give or take a fifth so
 * that many accounts do not come back at once; longer when Retry-After asks for it, but never more than 15 minutes.
 *
 * @param retryAfter Milliseconds, or null.
 * @param random 0 to 1.
 */
export function backoff(
  kind: 'transient' | 'refused',
  failures: number,
  retryAfter: number | null,
  random: number,
): number {
  const base = kind === 'refused' ? refusedWait : Math.min(firstWait * 2 ** (failures - 1), longestWait)
  const wait = base * (0.8 + 0.4 * random)
  return Math.round(Math.min(Math.max(wait, retryAfter ?? 0), longestWait))
}

/** Milliseconds until the next try is due, 0 when it is. A time further off than any wait means a clock set back. */
export function waitLeft(trouble: Trouble | null, now: number): number {
  if (trouble?.kind !== 'unreachable' || trouble.retryAt === null) return 0
  const left = trouble.retryAt - now
  return left > 0 && left <= longestWait ? left : 0
}
