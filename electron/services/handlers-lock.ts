import type { VaultHandlers } from './handlers-vault.ts'
import type { EditLock, LockControl, ReadVaultDetails } from './ports-vault.ts'

/** When the vault locks by itself, and what asks for the passphrase while it is open. */
export function createLockHandlers(parts: {
  lock: LockControl
  editLock: EditLock
  details: ReadVaultDetails
}): VaultHandlers<'vault.set_lock' | 'vault.set_edit_lock' | 'vault.unlock_editing'> {
  const { lock, editLock, details } = parts
  return {
    async 'vault.set_lock'(settings, caller) {
      lock.set(settings, caller)
      return details()
    },
    async 'vault.set_edit_lock'({ enabled, passphrase }, caller) {
      await editLock.set(enabled, passphrase, caller)
      return details()
    },
    async 'vault.unlock_editing'({ passphrase }, caller) {
      await editLock.unlock(passphrase, caller)
      return details()
    },
  }
}
