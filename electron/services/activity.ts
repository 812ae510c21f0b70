import type { Activity } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import { redact, redactValue } from '../platform/redact.ts'
import type { Vault } from '../vault/ports.ts'
import type { ActivityQuery } from '../vault/ports-apps.ts'
import { createPruning } from './activity-limits.ts'
import type { Events } from './ports.ts'
import type { ActivityEntry } from './ports-apps.ts'

/** What happened, for people: written by the services, read by page, API and command line. */
export interface ActivityLog {
  /**
   * Notes it and announces its id. Does nothing while the vault is locked: the log is part of what is locked. Summary and
   * detail are redacted once more, whoever wrote them. For the many uses of accounts there is `AuditService.use`.
   */
  add(entry: ActivityEntry): void
  /** Newest first; `before` is the id of the oldest entry seen. Throws `locked`. */
  list(query: ActivityQuery): Activity[]
}

export function createActivity({ vault, clock, events }: { vault: Vault; clock: Clock; events: Events }): ActivityLog {
  const pruning = createPruning({ vault, clock })
  return {
    add(entry) {
      if (vault.status().state !== 'unlocked') return
      const [id] = vault.activity.addAll([
        {
          at: clock.now(),
          kind: entry.kind,
          account_id: entry.account_id,
          provider_id: entry.provider_id,
          actor: entry.actor,
          app_id: entry.app_id ?? null,
          app_name: entry.app_name ?? null,
          right: entry.right ?? null,
          summary: redact(entry.summary),
          detail: redactValue(entry.detail) as Activity['detail'],
        },
      ])
      pruning.added(1)
      if (id !== undefined) events.emit({ type: 'activity', activity_id: id })
    },
    list: (query) => vault.activity.list(query),
  }
}
