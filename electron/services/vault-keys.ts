import type { GuardKind, Slot } from '../../shared/contract-vault.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { passphraseGuard, type ScryptCost } from '../vault/passphrase-guard.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable, type Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import { actorOf } from './actor.ts'
import type { PassphraseThrottle } from './passphrase-throttle.ts'
import type { Caller } from './ports.ts'
import type { VaultKeys } from './ports-vault.ts'

export interface VaultKeysParts {
  vault: Pick<Vault, 'keys' | 'status'>
  /** Those of this host that need no person. */
  guards: readonly KeyGuard[]
  activity: Pick<ActivityLog, 'add'>
  /** The one that the unlock form uses. */
  throttle: PassphraseThrottle
  /** Of new passphrase slots. */
  scryptCost?: ScryptCost | undefined
}

/** What each way in is called where a person reads it. */
const names: Record<GuardKind, string> = {
  'safe-storage': 'the key store of this computer (desktop app)',
  'os-keyring': 'the keyring of this computer',
  passphrase: 'the passphrase',
}

/** Why a slot that needs no person cannot be opened now; null when it can. */
type Finding = string | null

/** Milliseconds. */
const findingsLast = 300_000
const steady = () => performance.now()

const iso = (time: number) => new Date(time).toISOString()

/** The same failure as an answer to a caller. Errors that are no guard's come through as they are. */
function told(error: unknown, field?: string): unknown {
  const named = field === undefined ? {} : { field }
  if (error instanceof KeyGuardUnavailable) {
    return new LatchkeyError('invalid_request', error.reason, { ...named, action: { text: error.remedy } }, error)
  }
  if (error instanceof KeyGuardRejected) return new LatchkeyError('invalid_request', error.message, named, error)
  return error
}

/** The ways into the vault and its data key: shown, added, changed, removed, rotated. */
export function createVaultKeys(parts: VaultKeysParts): VaultKeys {
  const { vault, guards, throttle } = parts
  const { keys } = vault
  const kinds = () => keys.slots().map(({ kind }) => kind)
  const withPassphrase = (passphrase: string) => passphraseGuard(passphrase, parts.scryptCost)

  /**
   * What was found out about the slots, for a while and until one of them changes: a keyring that is locked asks the
   * person each time it is tried, and looking at the settings must not do that again and again.
   */
  let findings: { of: string; until: number; known: Map<GuardKind, Promise<Finding>> } | null = null

  const note = (caller: Caller, summary: string, detail: Record<string, string> = {}) =>
    parts.activity.add({ kind: 'vault', account_id: null, provider_id: null, ...actorOf(caller), summary, detail })

  const tryOut = async (kind: GuardKind): Promise<Finding> => {
    const guard = guards.find((it) => it.kind === kind)
    if (guard === undefined) {
      return kind === 'safe-storage'
        ? 'Only the Latchkey desktop app can open this one. It is kept for it.'
        : 'This host cannot open this one.'
    }
    try {
      await keys.check(guard)
      return null
    } catch (error) {
      if (error instanceof KeyGuardUnavailable) return `${error.reason} ${error.remedy}`
      if (!(error instanceof KeyGuardRejected)) throw error
      return `${error.message} Remove it and add it again.`
    }
  }

  const finding = (kind: GuardKind): Promise<Finding> => {
    const of = JSON.stringify([keys.version(), keys.slots()])
    const now = steady()
    if (findings?.of !== of || findings.until < now) findings = { of, until: now + findingsLast, known: new Map() }
    const { known } = findings
    const found = known.get(kind) ?? tryOut(kind)
    known.set(kind, found)
    // A failure of Latchkey's own, or a lock meanwhile, says nothing about the slot.
    found.catch(() => known.delete(kind))
    return found
  }

  const canAdd = async (kind: GuardKind): Promise<boolean> => {
    if (kinds().includes(kind)) return false
    if (kind === 'passphrase') return true
    const guard = guards.find((it) => it.kind === kind)
    if (guard === undefined) return false
    return (
      guard.probe === undefined ||
      guard.probe().then(
        () => true,
        () => false,
      )
    )
  }

  /** Runs `work` with a guard of this passphrase; counts the try. Throws `invalid_request` when it is wrong. */
  const trying = async (passphrase: string, field: string, work: (guard: KeyGuard) => Promise<void>) => {
    if (!kinds().includes('passphrase')) {
      throw new LatchkeyError('invalid_request', 'This vault has no passphrase.', {
        field,
        action: { text: 'Add a passphrase to it first.' },
      })
    }
    const guard = withPassphrase(passphrase)
    let wrong = false
    let failure: unknown
    await throttle.run(async () => {
      try {
        // On its own first: only what this says is a try at the passphrase.
        await keys.check(guard)
      } catch (error) {
        wrong = error instanceof KeyGuardRejected
        if (!wrong) failure = error
        return !wrong
      }
      await work(guard).catch((error: unknown) => {
        failure = error
      })
      return true
    })
    if (wrong) throw new LatchkeyError('invalid_request', 'The passphrase does not open this vault.', { field })
    if (failure !== undefined) throw told(failure)
  }

  /** One of those that would be left has to open the vault, or removing this one would lose it. */
  const expectAnotherWay = async (kind: GuardKind) => {
    const left = kinds().filter((it) => it !== kind)
    if (left.length === 0 || left.includes('passphrase')) return
    const found = await Promise.all(left.map(tryOut))
    if (found.includes(null)) return
    throw new LatchkeyError(
      'invalid_request',
      `Without ${names[kind]} nothing would open this vault here. ${found[0] ?? ''}`,
      { field: 'kind', action: { text: 'Add a passphrase first.' } },
    )
  }

  return {
    async details() {
      const slots = await Promise.all(
        keys.slots().map(async ({ kind, createdAt, updatedAt }): Promise<Slot> => {
          const found = kind === 'passphrase' ? null : await finding(kind)
          const usable = kind === 'passphrase' ? null : found === null
          return { kind, created_at: iso(createdAt), updated_at: iso(updatedAt), usable, note: found }
        }),
      )
      const addable: GuardKind[] = []
      for (const kind of ['safe-storage', 'os-keyring', 'passphrase'] as const) {
        if (await canAdd(kind)) addable.push(kind)
      }
      return { slots, addable, key_version: keys.version(), rotation: keys.rotation() }
    },

    async check(passphrase) {
      await trying(passphrase, 'passphrase', async () => undefined)
    },

    async addGuard(kind, passphrase, caller) {
      if (kind === 'passphrase' && passphrase === undefined) {
        throw new LatchkeyError('invalid_request', 'Choose a passphrase.', { field: 'passphrase' })
      }
      const guard = passphrase !== undefined && kind === 'passphrase' ? withPassphrase(passphrase) : null
      const found = guard ?? guards.find((it) => it.kind === kind)
      if (found === undefined) {
        const message = `This host cannot use ${names[kind]}.`
        throw new LatchkeyError('invalid_request', message, { field: 'kind' })
      }
      await keys.add(found).catch((error: unknown) => {
        throw told(error, 'kind')
      })
      note(caller, 'Another way to open the vault was added.', { guard: kind })
    },

    async changePassphrase(current, passphrase, caller) {
      await trying(current, 'current', (guard) => keys.replace(guard, withPassphrase(passphrase)))
      note(caller, 'The passphrase was changed.')
    },

    async removeGuard(kind, caller) {
      await expectAnotherWay(kind)
      await keys.remove(kind)
      note(caller, 'A way to open the vault was removed.', { guard: kind })
    },

    async rotate(passphrase, caller) {
      const ways = kinds()
      const atHand = ways.flatMap((kind) => guards.filter((guard) => guard.kind === kind))
      for (const kind of ways) {
        if (kind === 'passphrase' || atHand.some((guard) => guard.kind === kind)) continue
        throw new LatchkeyError('invalid_request', `The new key cannot be protected by ${names[kind]} from here.`, {
          action: { text: 'Do this in the Latchkey desktop app, or remove that way to open the vault first.' },
        })
      }
      // Each on its own first, so that the one that cannot be reached is named.
      for (const guard of atHand) {
        await keys.check(guard).catch((error: unknown) => {
          if (!(error instanceof KeyGuardUnavailable || error instanceof KeyGuardRejected)) throw error
          const message = `The new key cannot be protected by ${names[guard.kind]} now. ${error.message}`
          throw new LatchkeyError('invalid_request', message, {
            action: { text: 'Put that right, or remove that way to open the vault first.' },
          })
        })
      }
      if (!ways.includes('passphrase')) {
        await keys.rotate(atHand).catch((error: unknown) => {
          throw told(error)
        })
      } else {
        if (passphrase === undefined) {
          throw new LatchkeyError('invalid_request', 'Enter the passphrase: it has to protect the new key as well.', {
            field: 'passphrase',
          })
        }
        await trying(passphrase, 'passphrase', (guard) => keys.rotate([...atHand, guard]))
      }
      note(caller, 'The vault has a new data key.', { version: String(keys.version()) })
    },
  }
}
