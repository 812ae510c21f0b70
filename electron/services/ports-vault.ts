import type { Backup, GuardKind, LockSettings, StorageBadge, VaultDetails } from '../../shared/contract-vault.ts'
import type { Caller } from './ports.ts'

/**
 * What the parts around the vault promise each other (DESIGN section 5). `vault.details` is put together from them, and
 * every method that changes one of them answers with the details as they are then. All throw `locked` while the vault is.
 */

/** When the vault locks by itself. The settings stand in the vault's settings table. */
export interface LockControl {
  get(): LockSettings
  set(settings: LockSettings, caller: Caller): void
}

/** E2: changes to providers and registrations ask for the passphrase. */
export interface EditLock {
  state(): VaultDetails['edit_lock']
  /** Throws `invalid_request` (field `passphrase`) when it is wrong, or when the vault has none; `rate_limited`. */
  set(enabled: boolean, passphrase: string, caller: Caller): Promise<void>
  /** Changes are possible for five minutes. Throws as `set` does. */
  unlock(passphrase: string, caller: Caller): Promise<void>
}

/** Copies of the whole vault, in `backups/` beside it. The newest first. */
export interface Backups {
  list(): Backup[]
}

/** G7: what protects the vault, said honestly. Whether it is in memory alone, the badge knows from the host. */
export interface Badge {
  get(guards: readonly GuardKind[]): StorageBadge
}

/** Whether a passphrase opens this vault, for what asks for it while the vault is open. */
export interface PassphraseCheck {
  /**
   * Throws `invalid_request` with field `passphrase` when it is wrong or the vault has none, `rate_limited` after too many
   * tries: the tries of the unlock form and these are counted together.
   */
  check(passphrase: string): Promise<void>
}

/** The ways into the vault, and its data key. */
export interface VaultKeys extends PassphraseCheck {
  /** Tries the slots that need no person, so it may take as long as the key store does. */
  details(): Promise<Pick<VaultDetails, 'slots' | 'addable' | 'key_version' | 'rotation'>>
  /** Throws `invalid_request` when there is one already, when this host has none, or when it cannot work: says why. */
  addGuard(kind: GuardKind, passphrase: string | undefined, caller: Caller): Promise<void>
  changePassphrase(current: string, passphrase: string, caller: Caller): Promise<void>
  /** Never the last one. */
  removeGuard(kind: GuardKind, caller: Caller): Promise<void>
  /** Throws `invalid_request` when one of the guards cannot be reached, and names it: then nothing has changed. */
  rotate(passphrase: string | undefined, caller: Caller): Promise<void>
}

/** Puts `vault.details` together; throws `locked`. Made by `createVaultDetails` in handlers-vault.ts. */
export type ReadVaultDetails = () => Promise<VaultDetails>
