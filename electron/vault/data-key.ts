import { randomBytes } from 'node:crypto'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import { type Db, durably } from './database.ts'
import { keySlots, sameKey, takeOver, type Wrapped, wrapAndTry } from './key-slots.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable, type KeySlot } from './ports.ts'
import { createSealer, keyLength, openBytes, type Place, type Sealer, sealBytes } from './sealing.ts'

/** Asked before anything is stored or opened: false when the vault was locked meanwhile, and then it stays locked. */
export type Wanted = () => boolean

/**
 * The data key of a vault: one random key, stored wrapped, once in each key slot (one slot for each kind of guard), and
 * held in memory while the vault is unlocked. While it is being rotated, the keys before it are held as well.
 * Whatever a guard throws comes through, and then nothing has been changed.
 */
export interface DataKey {
  /** Whether the vault has a data key at all. A vault without one is new. */
  exists(): boolean
  slots(): KeySlot[]
  /** Of the newest key; 0 for a new vault. */
  version(): number
  /** null while locked. */
  sealer(): Sealer | null
  /** Makes the key and its first slot. Throws what the guard throws, and then leaves nothing behind. */
  create(guard: KeyGuard, wanted: Wanted): Promise<void>
  /** Opens the slot of this guard. Throws `KeyGuardUnavailable` or `KeyGuardRejected`. */
  open(guard: KeyGuard, wanted: Wanted): Promise<void>
  /** Whether the slot of this guard gives the key that is held. */
  check(guard: KeyGuard): Promise<void>
  add(guard: KeyGuard, wanted: Wanted): Promise<void>
  replace(guard: KeyGuard, by: KeyGuard, wanted: Wanted): Promise<void>
  remove(kind: KeyGuard['kind']): void
  /** A new version, in every slot. The key before is kept sealed under it until `retire`. */
  rotate(guards: readonly KeyGuard[], wanted: Wanted): Promise<void>
  /** Whether keys before the newest one are kept. */
  hasOlder(): boolean
  /** Ends them. Within the transaction that has made certain that nothing is sealed under one of them. */
  retire(): void
  /** After that transaction: wipes them from memory. */
  forgetOlder(): void
  /** Overwrites the keys in memory with zeros. */
  forget(): void
}

const verifierPlace = (version: number): Place => ({ table: 'data_keys', row: String(version), column: 'verifier' })
const previousPlace = (version: number): Place => ({ table: 'data_keys', row: String(version), column: 'previous' })
const verifierText = 'latchkey'

const lockedMeanwhile = () => new KeyGuardUnavailable('The vault was locked meanwhile.', 'Unlock it again.')
/** The guard gave a key, and it is not the one that the vault was sealed with. */
export class ForeignKey extends KeyGuardRejected {
  constructor() {
    super('The key that was found does not belong to this vault.')
  }
}
const foreignKey = () => new ForeignKey()
const isLocked = () => new LatchkeyError('locked', 'The vault is locked.')

export function createDataKey(db: Db, clock: Clock, logger: Logger): DataKey {
  const slots = keySlots(db, clock)
  const newest = db.prepare<[], number | null>('SELECT max(version) FROM data_keys').pluck()
  const verifierOf = db.prepare<[number], Buffer>('SELECT verifier FROM data_keys WHERE version = ?').pluck()
  const previousOnes = db.prepare<[], { version: number; previous: Buffer }>(
    'SELECT version, previous FROM data_keys WHERE previous IS NOT NULL ORDER BY version DESC',
  )
  const insertKey = db.prepare<[number, Buffer, number, Buffer | null]>(
    'INSERT INTO data_keys (version, verifier, created_at, previous) VALUES (?, ?, ?, ?)',
  )
  const dropPrevious = db.prepare('UPDATE data_keys SET previous = NULL WHERE previous IS NOT NULL')
  const dropOlder = db.prepare('DELETE FROM data_keys WHERE version < (SELECT max(version) FROM data_keys)')

  /** By version; the newest is what new values are sealed under. */
  let held: { keys: Map<number, Buffer>; version: number; sealer: Sealer } | null = null
  const version = () => newest.get() ?? 0

  const sealerOf = (keys: Map<number, Buffer>, at: number): Sealer => {
    const key = keys.get(at)
    if (key === undefined) throw new Error('There is no such key.')
    return createSealer(key, at, keys)
  }
  const wipe = (keys: Iterable<Buffer>) => {
    for (const key of keys) key.fill(0)
  }
  const hold = (keys: Map<number, Buffer>, at: number) => {
    const kept = new Set(keys.values())
    if (held !== null) wipe([...held.keys.values()].filter((key) => !kept.has(key)))
    held = { keys, version: at, sealer: sealerOf(keys, at) }
  }

  /** A copy of the held key, for work that takes a while: the held one may be wiped meanwhile. */
  const withKey = async <T>(work: (key: Buffer, version: number) => Promise<T>): Promise<T> => {
    const found = held?.keys.get(held.version)
    if (held === null || found === undefined) throw isLocked()
    const at = held.version
    const copy = Buffer.allocUnsafeSlow(keyLength)
    copy.set(found)
    try {
      return await work(copy, at)
    } finally {
      copy.fill(0)
    }
  }

  const storedSlot = (kind: KeyGuard['kind']) => {
    const slot = slots.get(kind)
    if (slot !== null) return slot
    throw new KeyGuardUnavailable(`This vault is not protected by ${kind}.`, 'Unlock it with what it was set up with.')
  }

  /** Throws unless the guard opens its slot and finds this key there. Gives the slot's parameters. */
  const expectOpens = async (guard: KeyGuard, key: Buffer) => {
    const { wrapped, params } = storedSlot(guard.kind)
    const { dataKey } = await guard.unwrap(wrapped, params)
    const same = sameKey(dataKey, key)
    dataKey.fill(0)
    if (!same) throw foreignKey()
    return params
  }

  /** The new wrapping is a convenience of the guard: without it the old one still opens. */
  const wrapAgain = async (guard: KeyGuard, key: Buffer, at: number, before: Record<string, unknown>) => {
    try {
      const slot = await wrapAndTry(guard, key, before)
      durably(db, () => slots.store(guard.kind, at, slot))
    } catch (error) {
      logger.warn('The data key could not be wrapped again.', { guard: guard.kind, error })
    }
  }

  const verify = (key: Buffer, at: number) => {
    const verifier = verifierOf.get(at)
    try {
      if (at !== version() || key.length !== keyLength || verifier === undefined) throw new Error('no such key')
      createSealer(key, at).open(verifierPlace(at), verifier)
    } catch {
      throw foreignKey()
    }
  }

  /** Adds the keys before this one that are still kept. One that does not open stays where it is. */
  const addOlder = (keys: Map<number, Buffer>) => {
    for (const row of previousOnes.all()) {
      try {
        const key = openBytes(keys, previousPlace(row.version), row.previous)
        keys.set(row.version - 1, takeOver(key))
      } catch (error) {
        logger.error('An older data key cannot be opened. What is sealed under it is kept.', { error })
      }
    }
  }

  return {
    exists: () => version() > 0,
    slots: () => slots.list(),
    version,
    sealer: () => held?.sealer ?? null,

    async create(guard, wanted) {
      const taken = () => {
        if (version() === 0) return
        throw new LatchkeyError('invalid_request', 'This vault has been set up already. Unlock it instead.')
      }
      taken()
      const first = 1
      const key = takeOver(randomBytes(keyLength))
      try {
        const slot = await wrapAndTry(guard, key)
        if (!wanted()) throw lockedMeanwhile()
        const verifier = sealBytes(key, first, verifierPlace(first), verifierText)
        durably(db, () => {
          taken()
          insertKey.run(first, verifier, clock.now(), null)
          slots.store(guard.kind, first, slot)
        })
        hold(new Map([[first, key]]), first)
      } catch (error) {
        key.fill(0)
        throw error
      }
    },

    async open(guard, wanted) {
      const slot = storedSlot(guard.kind)
      const opened = await guard.unwrap(slot.wrapped, slot.params)
      const key = takeOver(opened.dataKey)
      const keys = new Map([[slot.keyVersion, key]])
      try {
        verify(key, slot.keyVersion)
        if (opened.rewrap) await wrapAgain(guard, key, slot.keyVersion, slot.params)
        addOlder(keys)
        if (!wanted()) throw lockedMeanwhile()
        hold(keys, slot.keyVersion)
      } catch (error) {
        wipe(keys.values())
        throw error
      }
    },

    check: (guard) => withKey(async (key) => void (await expectOpens(guard, key))),

    add: (guard, wanted) =>
      withKey(async (key, at) => {
        if (slots.get(guard.kind) !== null) {
          throw new LatchkeyError('invalid_request', 'The vault is protected in this way already.', { field: 'kind' })
        }
        const slot = await wrapAndTry(guard, key)
        if (!wanted()) throw lockedMeanwhile()
        durably(db, () => slots.store(guard.kind, at, slot))
      }),

    replace: (guard, by, wanted) =>
      withKey(async (key, at) => {
        const before = await expectOpens(guard, key)
        const slot = await wrapAndTry(by, key, before)
        if (!wanted()) throw lockedMeanwhile()
        durably(db, () => slots.store(by.kind, at, slot))
      }),

    remove(kind) {
      if (slots.get(kind) === null) {
        throw new LatchkeyError('not_found', 'The vault is not protected in this way.', { field: 'kind' })
      }
      if (slots.kinds().length === 1) {
        const message = 'This is the only way into the vault. Add another one first.'
        throw new LatchkeyError('invalid_request', message, { field: 'kind' })
      }
      durably(db, () => slots.remove(kind))
    },

    rotate: (guards, wanted) =>
      withKey(async (key, at) => {
        const missing = slots.kinds().filter((kind) => !guards.some((guard) => guard.kind === kind))
        if (missing.length > 0) {
          const message = `The new key has to be protected in every way that the old one is: ${missing.join(', ')} is missing.`
          throw new LatchkeyError('invalid_request', message)
        }
        const next = at + 1
        const newKey = takeOver(randomBytes(keyLength))
        try {
          const wrapped: [KeyGuard['kind'], Wrapped][] = []
          for (const guard of guards) {
            const before = await expectOpens(guard, key)
            wrapped.push([guard.kind, await wrapAndTry(guard, newKey, before)])
          }
          if (!wanted() || held === null) throw lockedMeanwhile()
          const verifier = sealBytes(newKey, next, verifierPlace(next), verifierText)
          const previous = sealBytes(newKey, next, previousPlace(next), key)
          durably(db, () => {
            insertKey.run(next, verifier, clock.now(), previous)
            for (const [kind, slot] of wrapped) slots.store(kind, next, slot)
          })
          hold(new Map([...held.keys, [next, newKey]]), next)
        } catch (error) {
          newKey.fill(0)
          throw error
        }
      }),

    hasOlder: () => previousOnes.get() !== undefined,

    retire() {
      dropPrevious.run()
      dropOlder.run()
    },

    forgetOlder() {
      const key = held?.keys.get(held.version)
      if (held === null || key === undefined) return
      hold(new Map([[held.version, key]]), held.version)
    },

    forget() {
      if (held !== null) wipe(held.keys.values())
      held = null
    },
  }
}
