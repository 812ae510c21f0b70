import type { BackupService } from './backups.ts'
import type { VaultHandlers } from './handlers-vault.ts'
import type { VaultExportService } from './vault-export/service.ts'

type TransferMethod = 'vault.export' | 'vault.import' | 'vault.back_up' | 'vault.restore'

/** What leaves a vault and comes into one: exports and backups. */
export function createTransferHandlers(parts: {
  vaultExport: VaultExportService
  backups: BackupService
}): VaultHandlers<TransferMethod> {
  const { vaultExport, backups } = parts
  return {
    'vault.export': (input, caller) => vaultExport.export(input, caller),
    'vault.import': (input, caller) => vaultExport.import(input, caller),
    'vault.back_up': async (_, caller) => backups.make(caller),
    'vault.restore': ({ name }, caller) => backups.restore(name, caller),
  }
}
