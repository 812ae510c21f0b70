import { LatchkeyError } from '../../shared/errors.ts'
import type { VaultStatus } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import { passphraseGuard, type ScryptCost } from '../vault/passphrase-guard.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable, type Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import { createPassphraseThrottle, type PassphraseThrottle } from './passphrase-throttle.ts'
import type { Events, VaultService } from './ports.ts'

export interface VaultServiceParts {
  vault: Vault
  /** The guard that needs no person (safe-storage, os-keyring); null where the host has none. */
  automaticGuard: KeyGuard | null
  /** Others that need no person. They open a vault that has a slot of theirs, and are never chosen for a new one. */
  otherGuards?: readonly KeyGuard[]
  /** A new vault waits for a passphrase, although the automatic guard may answer. */
  passphraseFirst?: boolean
  events: Events
  activity: ActivityLog
  /** Ends what needs the vault (sign-ins under way, the practice provider) before the key is forgotten. */
  onLock: () => Promise<void>
  /** Right before the key is forgotten, with nothing in between: writes what is still to be written. */
  beforeLock?: () => void
  onUnlock: () => void
  /** Absent: one of its own. Whatever else asks for the passphrase has to share it. */
  throttle?: PassphraseThrottle
  /** Measures the wait between tries. */
  clock?: Clock
  /** Of new passphrase slots. */
  scryptCost?: ScryptCost
}

export function createVaultService(parts: VaultServiceParts): VaultService & {
  /**
   * At start: creates or unlocks the vault with the automatic guard where that is possible; otherwise notes why a person
   * is needed. Never throws because of a guard.
   */
  openAutomatically(): Promise<VaultStatus>
} {
  const { vault, automaticGuard, events, activity, onLock, onUnlock } = parts
  const throttle = parts.throttle ?? createPassphraseThrottle(parts.clock)
  const automatic = [automaticGuard, ...(parts.otherGuards ?? [])].filter((guard) => guard !== null)

  /** Tries each guard that needs no person and has a slot. null: there is none. */
  const tryAutomatic = async (): Promise<VaultStatus | null> => {
    let status: VaultStatus | null = null
    for (const guard of automatic) {
      if (!vault.status().guards.includes(guard.kind)) continue
      status = await vault.unlock(guard)
      if (status.state === 'unlocked') break
    }
    return status
  }

  const announce = () => {
    const status = vault.status()
    events.emit({ type: 'vault', state: status.state })
    return status
  }

  const opened = (actor: string, summary: string): VaultStatus => {
    onUnlock()
    const status = vault.status()
    const detail = { guards: status.guards.join(', ') }
    activity.add({ kind: 'vault', account_id: null, provider_id: null, actor, summary, detail })
    return announce()
  }

  const createAutomatically = async (guard: KeyGuard) => {
    try {
      await vault.create(guard)
    } catch (error) {
      // The vault has noted the reason. Where the key store cannot be used, a passphrase can.
      const { reason, remedy } = vault.status()
      const chosen = error instanceof KeyGuardUnavailable ? remedy : null
      vault.explain(reason, chosen ?? 'Choose a passphrase to protect the vault instead.')
    }
  }

  const explainLocked = () => {
    const { guards } = vault.status()
    if (guards.includes('passphrase')) vault.explain('The vault is protected by a passphrase.', 'Enter the passphrase.')
    else {
      vault.explain(
        "The vault is protected by this computer's key store, which cannot be reached from here.",
        'Start the Latchkey desktop app as the user who set it up; a passphrase that is added there opens it here as well. Nothing was deleted.',
      )
    }
  }

  const openAutomatically = async (): Promise<VaultStatus> => {
    const { state } = vault.status()
    if (state === 'unlocked') return vault.status()
    if (state === 'new') {
      if (parts.passphraseFirst) vault.explain('There is no vault yet.', 'Choose a passphrase to protect it.')
      else if (automaticGuard !== null) await createAutomatically(automaticGuard)
      else vault.explain('No key store of this computer can be used here.', 'Choose a passphrase to protect the vault.')
    } else if ((await tryAutomatic()) === null) explainLocked()
    if (vault.status().state !== 'unlocked') return announce()
    return opened('latchkey', state === 'new' ? 'The vault was set up.' : 'The vault was unlocked.')
  }

  /** After a lock: the key store opens the vault again. Throws `locked` with its reason when it does not. */
  const unlockAutomatically = async (): Promise<VaultStatus> => {
    const status = await tryAutomatic()
    if (status === null) {
      const message = 'This vault does not open without a passphrase here.'
      throw new LatchkeyError('invalid_request', message, { field: 'passphrase' })
    }
    if (status.state === 'unlocked') return opened('owner', 'The vault was unlocked with the key store.')
    announce()
    throw new LatchkeyError('locked', status.reason, status.remedy === null ? {} : { action: { text: status.remedy } })
  }

  /** Whether the passphrase was right. Throws when it could not be tried. */
  const tryPassphrase = async (passphrase: string): Promise<boolean> => {
    const guard = passphraseGuard(passphrase, parts.scryptCost)
    let rejected = false
    const status = await vault.unlock({
      ...guard,
      async unwrap(wrapped, params) {
        try {
          return await guard.unwrap(wrapped, params)
        } catch (error) {
          rejected = error instanceof KeyGuardRejected
          throw error
        }
      },
    })
    if (status.state === 'unlocked') return true
    if (rejected) return false
    throw new LatchkeyError('locked', status.reason, status.remedy === null ? {} : { action: { text: status.remedy } })
  }

  return {
    status: () => vault.status(),
    openAutomatically,

    async setup(passphrase) {
      await vault.create(passphraseGuard(passphrase, parts.scryptCost)).catch((error: unknown) => {
        if (!(error instanceof KeyGuardUnavailable)) throw error
        throw new LatchkeyError('internal', error.reason, { action: { text: error.remedy } }, error)
      })
      return opened('owner', 'The vault was set up with a passphrase.')
    },

    async unlock(passphrase) {
      const { state, guards } = vault.status()
      if (state === 'unlocked') return vault.status()
      if (state === 'new') {
        throw new LatchkeyError('invalid_request', 'There is no vault yet. Set one up with a passphrase first.')
      }
      if (passphrase === undefined) return unlockAutomatically()
      if (!guards.includes('passphrase')) {
        const message = "This vault has no passphrase: it opens with this computer's key store."
        throw new LatchkeyError('invalid_request', message, { field: 'passphrase' })
      }
      let right = false
      await throttle.run(async () => {
        right = await tryPassphrase(passphrase)
        return right
      })
      if (right) return opened('owner', 'The vault was unlocked with the passphrase.')
      announce()
      const message = 'The passphrase does not open this vault. Check it and try again.'
      throw new LatchkeyError('invalid_request', message, { field: 'passphrase' })
    },

    async lock(reason) {
      // Not open yet: an attempt that is under way must not open it behind whoever locked it.
      if (vault.status().state !== 'unlocked') return vault.lock(reason)
      const note = () => {
        const summary = `The vault was locked: ${reason}`
        activity.add({ kind: 'vault', account_id: null, provider_id: null, actor: 'latchkey', summary, detail: {} })
      }
      try {
        await onLock()
      } finally {
        // Whatever of it fails: the vault is locked. Nothing is awaited from here on.
        try {
          parts.beforeLock?.()
        } finally {
          try {
            note()
          } finally {
            vault.lock(reason)
            announce()
          }
        }
      }
      return vault.status()
    },
  }
}
