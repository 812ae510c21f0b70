import type { CheckedInput } from '../../shared/contract.ts'
import type { Activity } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import { redact, redactValue } from '../platform/redact.ts'
import type { Vault } from '../vault/ports.ts'
import type { Events } from './ports.ts'

/** What happened, for people: written by the services, read by page, API and command line. */
export interface ActivityLog {
  /**
   * Notes it and announces its id. Does nothing while the vault is locked: the log is part of what is locked. Summary and
   * detail are redacted once more, whoever wrote them.
   */
  add(entry: Omit<Activity, 'id' | 'at'>): void
  /** Newest first; `before` is the id of the oldest entry seen. Throws `locked`. */
  list(filter: Omit<CheckedInput<'activity.list'>, 'account'> & { accountId?: string }): Activity[]
}

export function createActivity({ vault, clock, events }: { vault: Vault; clock: Clock; events: Events }): ActivityLog {
  return {
    add(entry) {
      if (vault.status().state !== 'unlocked') return
      const id = vault.activity.add({
        at: clock.now(),
        kind: entry.kind,
        account_id: entry.account_id,
        provider_id: entry.provider_id,
        actor: entry.actor,
        summary: redact(entry.summary),
        detail: redactValue(entry.detail) as Activity['detail'],
      })
      events.emit({ type: 'activity', activity_id: id })
    },
    list: (filter) => vault.activity.list(filter),
  }
}
