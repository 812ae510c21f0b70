import type { Ask } from '../../../shared/contract-apps.ts'

/** Those that the person can still answer; the one that ends first comes first. */
export const waitingAsks = (asks: readonly Ask[], now: number): Ask[] =>
  asks
    .filter((ask) => ask.state === 'waiting' && Date.parse(ask.expires_at) > now)
    .sort((a, b) => Date.parse(a.expires_at) - Date.parse(b.expires_at))
