import type { DoctorCheck } from '../../../shared/contract-vault.ts'

/** What one check found. `remedy` is what to do, for a person; null where there is nothing to do. */
export type Finding = Omit<DoctorCheck, 'id' | 'title'>
export type Facts = DoctorCheck['facts']

/** One thing that can be wrong. No check changes anything, and none throws for what it is there to find. */
export interface Check {
  /** Stable; see `doctorCheckSchema`. */
  id: string
  title: string
  run(signal: AbortSignal): Promise<Finding>
}

export const ok = (message: string, facts: Facts = {}): Finding => ({ state: 'ok', message, remedy: null, facts })
export const warning = (message: string, remedy: string, facts: Facts = {}): Finding => ({
  state: 'warning',
  message,
  remedy,
  facts,
})
export const problem = (message: string, remedy: string, facts: Facts = {}): Finding => ({
  state: 'problem',
  message,
  remedy,
  facts,
})
export const notApplicable = (message: string, facts: Facts = {}): Finding => ({
  state: 'not_applicable',
  message,
  remedy: null,
  facts,
})

/** For what can only be looked at while the vault is open. */
export const needsVault = (facts: Facts = {}): Finding =>
  notApplicable('The vault is locked, so this cannot be looked at. Unlock it and check again.', facts)
