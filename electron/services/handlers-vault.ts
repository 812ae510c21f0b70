import type { z } from 'zod'
import type { vaultContract } from '../../shared/contract-vault.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Caller } from './ports.ts'
import type { Backups, Badge, EditLock, LockControl, ReadVaultDetails, VaultKeys } from './ports-vault.ts'

type VaultContract = typeof vaultContract

/** Handlers of some methods of shared/contract-vault.ts. */
export type VaultHandlers<M extends keyof VaultContract> = {
  [K in M]: (
    input: z.output<VaultContract[K]['input']>,
    caller: Caller,
  ) => Promise<z.output<VaultContract[K]['output']>>
}

export interface VaultDetailsParts {
  keys: Pick<VaultKeys, 'details'>
  lock: Pick<LockControl, 'get'>
  editLock: Pick<EditLock, 'state'>
  backups: Pick<Backups, 'list'>
  badge: Badge
}

/** `vault.details`: how the vault is protected, locked and backed up, from the parts that know. Throws `locked`. */
export function createVaultDetails({ keys, lock, editLock, backups, badge }: VaultDetailsParts): ReadVaultDetails {
  return async () => {
    const protection = await keys.details()
    return {
      ...protection,
      badge: badge.get(protection.slots.map(({ kind }) => kind)),
      lock: lock.get(),
      edit_lock: editLock.state(),
      backups: backups.list(),
    }
  }
}

type KeyMethod = 'vault.details' | 'vault.add_guard' | 'vault.change_passphrase' | 'vault.remove_guard' | 'vault.rotate'

/** How the vault is protected, and the changes to that. */
export function createVaultHandlers(parts: {
  keys: VaultKeys
  editLock: Pick<EditLock, 'state'>
  details: ReadVaultDetails
}): VaultHandlers<KeyMethod> {
  const { keys, editLock, details } = parts
  return {
    'vault.details': () => details(),
    async 'vault.add_guard'({ kind, passphrase }, caller) {
      await keys.addGuard(kind, passphrase, caller)
      return details()
    },
    async 'vault.change_passphrase'({ current, passphrase }, caller) {
      await keys.changePassphrase(current, passphrase, caller)
      return details()
    },
    async 'vault.remove_guard'({ kind }, caller) {
      if (kind === 'passphrase' && editLock.state().enabled) {
        throw new LatchkeyError('invalid_request', 'Changes to providers and registrations ask for this passphrase.', {
          field: 'kind',
          action: { text: 'Turn that off first.' },
        })
      }
      await keys.removeGuard(kind, caller)
      return details()
    },
    async 'vault.rotate'({ passphrase }, caller) {
      await keys.rotate(passphrase, caller)
      return details()
    },
  }
}
