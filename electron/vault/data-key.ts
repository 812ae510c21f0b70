import { randomBytes, timingSafeEqual } from 'node:crypto'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { type Db, durably } from './database.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable } from './ports.ts'
import { createSealer, keyLength, type Place, type Sealer } from './sealing.ts'

/**
 * The data key of a vault: one random key, stored wrapped, once in each key slot (one slot for each kind of guard), and
 * held in memory while the vault is unlocked.
 */
export interface DataKey {
  /** Whether the vault has a data key at all. A vault without one is new. */
  exists(): boolean
  guards(): KeyGuard['kind'][]
  /** null while locked. */
  sealer(): Sealer | null
  /**
   * Makes the key and its first slot. Throws what the guard throws, and then leaves nothing behind. `wanted` is asked once
   * the guard has answered: false when the vault was locked meanwhile, and then it stays locked.
   */
  create(guard: KeyGuard, wanted: () => boolean): Promise<void>
  /** Opens the slot of this guard. Throws `KeyGuardUnavailable` or `KeyGuardRejected`. */
  open(guard: KeyGuard, wanted: () => boolean): Promise<void>
  /** Overwrites the key in memory with zeros. */
  forget(): void
}

interface SlotRow {
  key_version: number
  wrapped: Buffer
  params: string
}

const verifierPlace = (version: number): Place => ({ table: 'data_keys', row: String(version), column: 'verifier' })
const verifierText = 'latchkey'

/** A copy of our own in memory that nothing else shares (not from Node's pool), and zeros where it came from. */
function takeOver(found: Uint8Array): Buffer {
  const key = Buffer.allocUnsafeSlow(found.length)
  key.set(found)
  found.fill(0)
  return key
}

const lockedMeanwhile = () =>
  new KeyGuardUnavailable('The vault was locked while it was being opened.', 'Unlock it again.')

export function createDataKey(db: Db, clock: Clock, logger: Logger): DataKey {
  const newestVersion = db.prepare<[], number>('SELECT max(version) FROM data_keys').pluck()
  const verifierOf = db.prepare<[number], Buffer>('SELECT verifier FROM data_keys WHERE version = ?').pluck()
  const insertKey = db.prepare<[number, Buffer, number]>(
    'INSERT INTO data_keys (version, verifier, created_at) VALUES (?, ?, ?)',
  )
  const kinds = db.prepare<[], KeyGuard['kind']>('SELECT kind FROM key_slots ORDER BY created_at, kind').pluck()
  const slotOf = db.prepare<[string], SlotRow>('SELECT key_version, wrapped, params FROM key_slots WHERE kind = ?')
  const writeSlot = db.prepare<[string, number, Uint8Array, string, number, number]>(
    `INSERT INTO key_slots (kind, key_version, wrapped, params, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET key_version = excluded.key_version, wrapped = excluded.wrapped,
       params = excluded.params, updated_at = excluded.updated_at`,
  )

  let held: { key: Buffer; sealer: Sealer } | null = null

  const hold = (key: Buffer, version: number) => {
    held?.key.fill(0)
    held = { key, sealer: createSealer(key, version) }
  }

  const store = (kind: string, version: number, slot: { wrapped: Uint8Array; params: Record<string, unknown> }) => {
    const now = clock.now()
    writeSlot.run(kind, version, slot.wrapped, JSON.stringify(slot.params), now, now)
  }

  /** The new wrapping is a convenience of the guard: without it the old one still opens. */
  const wrapAgain = async (guard: KeyGuard, key: Buffer, version: number) => {
    try {
      const slot = await guard.wrap(key)
      durably(db, () => store(guard.kind, version, slot))
    } catch (error) {
      logger.warn('The data key could not be wrapped again.', { guard: guard.kind, error })
    }
  }

  const verify = (key: Buffer, version: number) => {
    const verifier = verifierOf.get(version)
    try {
      if (key.length !== keyLength || verifier === undefined) throw new Error('no such key')
      createSealer(key, version).open(verifierPlace(version), verifier)
    } catch {
      throw new KeyGuardRejected('The key that was found does not belong to this vault.')
    }
  }

  return {
    exists: () => typeof newestVersion.get() === 'number',
    guards: () => kinds.all(),
    sealer: () => held?.sealer ?? null,

    async create(guard, wanted) {
      const taken = () => {
        if (typeof newestVersion.get() !== 'number') return
        throw new LatchkeyError('invalid_request', 'This vault has been set up already. Unlock it instead.')
      }
      taken()
      const version = 1
      const key = takeOver(randomBytes(keyLength))
      try {
        const slot = await guard.wrap(key)
        // A guard that can only write would lose everything: what it wrapped has to open before anything relies on it.
        const { dataKey: again } = await guard.unwrap(slot.wrapped, slot.params)
        const same = again.length === key.length && timingSafeEqual(again, key)
        again.fill(0)
        if (!same)
          throw new KeyGuardUnavailable('The key store did not give back what it was given.', 'Use a passphrase.')
        if (!wanted()) throw lockedMeanwhile()
        const verifier = createSealer(key, version).seal(verifierPlace(version), verifierText)
        durably(db, () => {
          taken()
          insertKey.run(version, verifier, clock.now())
          store(guard.kind, version, slot)
        })
        hold(key, version)
      } catch (error) {
        key.fill(0)
        throw error
      }
    },

    async open(guard, wanted) {
      const slot = slotOf.get(guard.kind)
      if (slot === undefined) {
        throw new KeyGuardUnavailable(
          `This vault is not protected by ${guard.kind}.`,
          'Unlock it with what it was set up with.',
        )
      }
      const opened = await guard.unwrap(slot.wrapped, JSON.parse(slot.params) as Record<string, unknown>)
      const key = takeOver(opened.dataKey)
      try {
        verify(key, slot.key_version)
        if (opened.rewrap) await wrapAgain(guard, key, slot.key_version)
        if (!wanted()) throw lockedMeanwhile()
        hold(key, slot.key_version)
      } catch (error) {
        key.fill(0)
        throw error
      }
    },

    forget() {
      held?.key.fill(0)
      held = null
    },
  }
}
