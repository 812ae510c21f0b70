import { type AuditLimits, auditLimitsSchema } from '../../shared/contract-apps.ts'
import type { Clock } from '../platform/ports.ts'
import type { Vault } from '../vault/ports.ts'

export const day = 24 * 60 * 60 * 1000
/** The sums of uses are kept for as many days, today among them. */
export const sumsKeptDays = 90
/** Pruning costs more than an entry does: once for so many of them is often enough. */
const pruneEvery = 1000

const setting = 'audit'
const defaults: AuditLimits = { max_days: 90, max_entries: 20_000 }

/** How much of the activity is kept, as the person chose it. Throws `locked`. */
export function readLimits(vault: Pick<Vault, 'settings'>): AuditLimits {
  const stored = auditLimitsSchema.safeParse(vault.settings.get(setting))
  return stored.success ? stored.data : defaults
}

export function writeLimits(vault: Pick<Vault, 'settings'>, limits: AuditLimits): void {
  vault.settings.set(setting, limits)
}

/** Days since 1970, UTC. */
export function dayOf(at: number): number {
  return Math.floor(at / day)
}

/** Removes what is beyond the limits now and then. */
export function createPruning({ vault, clock }: { vault: Pick<Vault, 'settings' | 'activity'>; clock: Clock }) {
  let untilPrune = pruneEvery
  const prune = () => {
    untilPrune = pruneEvery
    const { max_days, max_entries } = readLimits(vault)
    const now = clock.now()
    vault.activity.prune({
      maxEntries: max_entries,
      before: now - max_days * day,
      beforeDay: dayOf(now) - sumsKeptDays + 1,
    })
  }
  return {
    prune,
    /** Notes that entries were added, and prunes after every 1,000 of them. */
    added(entries: number): void {
      untilPrune -= entries
      if (untilPrune <= 0) prune()
    },
  }
}
