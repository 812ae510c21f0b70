import type { Backup } from '../../shared/contract-vault.ts'
import type { Clock } from '../platform/ports.ts'
import type { BackupFile, Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import { actorOf } from './actor.ts'
import type { Caller, Events, VaultService } from './ports.ts'
import type { Backups } from './ports-vault.ts'
import type { OwnCatalogue } from './provider-catalogue.ts'

/** Copies of the whole vault (F15): made before each migration by the vault itself, and here when a person asks. */
export interface BackupService extends Backups {
  make(caller: Caller): Backup
  /**
   * Puts a backup in the place of the vault and locks it. `kept_as` is the backup of what was there. Throws `not_found`,
   * and `invalid_request` for one that is damaged or of a newer Latchkey; then nothing has changed.
   */
  restore(name: string, caller: Caller): Promise<{ kept_as: string }>
}

interface Parts {
  vault: Pick<Vault, 'backups' | 'restore' | 'status'>
  vaultService: Pick<VaultService, 'lock'>
  catalogue: Pick<OwnCatalogue, 'changed'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
}

const view = ({ name, at, schema, bytes }: BackupFile): Backup => ({
  name,
  at: new Date(at).toISOString(),
  schema,
  bytes,
})

export function createBackups({ vault, vaultService, catalogue, clock, events, activity }: Parts): BackupService {
  return {
    list: () => vault.backups.list().map(view),

    make(caller) {
      const backup = view(vault.backups.make())
      activity.add({
        kind: 'vault',
        account_id: null,
        provider_id: null,
        ...actorOf(caller),
        summary: 'A backup of the vault was made.',
        detail: { name: backup.name },
      })
      return backup
    },

    async restore(name, caller) {
      const entry = {
        at: clock.now(),
        kind: 'vault',
        account_id: null,
        provider_id: null,
        app_id: null,
        app_name: null,
        right: null,
        ...actorOf(caller),
        summary: 'The vault was put back from a backup. What happened after it was made is not listed here.',
        detail: { name },
      } as const
      const lock = () => vaultService.lock('A backup is being put in its place.')
      const { keptAs } = await vault.restore(name, entry, lock)
      catalogue.changed()
      events.emit({ type: 'vault', state: vault.status().state })
      return { kept_as: keptAs.name }
    },
  }
}
