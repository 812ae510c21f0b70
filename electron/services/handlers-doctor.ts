import type { DoctorCheck, Profile } from '../../shared/contract-vault.ts'
import type { VaultHandlers } from './handlers-vault.ts'

/** Answered locked or not: whoever needs them may not be able to unlock. */
export function createDoctorHandlers(parts: {
  doctor: () => Promise<DoctorCheck[]>
  profiles: () => Profile[]
}): VaultHandlers<'doctor.run' | 'profiles.list'> {
  return {
    'doctor.run': () => parts.doctor(),
    'profiles.list': async () => parts.profiles(),
  }
}
