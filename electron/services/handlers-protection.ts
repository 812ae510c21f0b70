import type { DoctorCheck, Profile, vaultContract } from '../../shared/contract-vault.ts'
import type { BackupService } from './backups.ts'
import { createDoctorHandlers } from './handlers-doctor.ts'
import { createLockHandlers } from './handlers-lock.ts'
import { createTransferHandlers } from './handlers-transfer.ts'
import { createVaultDetails, createVaultHandlers, type VaultHandlers } from './handlers-vault.ts'
import type { Badge, EditLock, LockControl, VaultKeys } from './ports-vault.ts'
import type { VaultExportService } from './vault-export/service.ts'

export interface ProtectionParts {
  keys: VaultKeys
  lock: LockControl
  editLock: EditLock
  badge: Badge
  backups: BackupService
  vaultExport: VaultExportService
  doctor: () => Promise<DoctorCheck[]>
  profiles: () => Profile[]
}

/** Every method of shared/contract-vault.ts. */
export function createProtectionHandlers(parts: ProtectionParts): VaultHandlers<keyof typeof vaultContract> {
  const details = createVaultDetails(parts)
  return {
    ...createVaultHandlers({ ...parts, details }),
    ...createLockHandlers({ ...parts, details }),
    ...createTransferHandlers(parts),
    ...createDoctorHandlers(parts),
  }
}
