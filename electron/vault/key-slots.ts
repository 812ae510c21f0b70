import { timingSafeEqual } from 'node:crypto'
import type { Clock } from '../platform/ports.ts'
import type { Db } from './database.ts'
import { type KeyGuard, KeyGuardUnavailable, type KeySlot } from './ports.ts'
import { keyLength } from './sealing.ts'

/** What a slot holds. */
export interface StoredSlot {
  keyVersion: number
  wrapped: Buffer
  params: Record<string, unknown>
}

/** The data key as a guard wrapped it. */
export type Wrapped = Awaited<ReturnType<KeyGuard['wrap']>>

/** The table of the key slots: the data key, wrapped once for each kind of guard. */
export interface KeySlots {
  list(): KeySlot[]
  kinds(): KeyGuard['kind'][]
  get(kind: KeyGuard['kind']): StoredSlot | null
  store(kind: KeyGuard['kind'], keyVersion: number, slot: Wrapped): void
  remove(kind: KeyGuard['kind']): void
}

interface SlotRow {
  key_version: number
  wrapped: Buffer
  params: string
}

/** Where they cannot be read any more, the guard gets none, and says so. */
function paramsOf(text: string): Record<string, unknown> {
  try {
    const params: unknown = JSON.parse(text)
    return typeof params === 'object' && params !== null ? (params as Record<string, unknown>) : {}
  } catch {
    return {}
  }
}

export function keySlots(db: Db, clock: Clock): KeySlots {
  const list = db.prepare<[], KeySlot>(
    'SELECT kind, created_at AS createdAt, updated_at AS updatedAt FROM key_slots ORDER BY created_at, kind',
  )
  const kinds = db.prepare<[], KeyGuard['kind']>('SELECT kind FROM key_slots ORDER BY created_at, kind').pluck()
  const one = db.prepare<[string], SlotRow>('SELECT key_version, wrapped, params FROM key_slots WHERE kind = ?')
  const write = db.prepare<[string, number, Uint8Array, string, number, number]>(
    `INSERT INTO key_slots (kind, key_version, wrapped, params, created_at, updated_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (kind) DO UPDATE SET key_version = excluded.key_version, wrapped = excluded.wrapped,
       params = excluded.params, updated_at = excluded.updated_at`,
  )
  const drop = db.prepare<[string]>('DELETE FROM key_slots WHERE kind = ?')
  return {
    list: () => list.all(),
    kinds: () => kinds.all(),
    get(kind) {
      const row = one.get(kind)
      if (row === undefined) return null
      return {
        keyVersion: row.key_version,
        wrapped: row.wrapped,
        params: paramsOf(row.params),
      }
    },
    store(kind, keyVersion, { wrapped, params }) {
      const now = clock.now()
      write.run(kind, keyVersion, wrapped, JSON.stringify(params), now, now)
    },
    remove: (kind) => void drop.run(kind),
  }
}

/** A copy of our own in memory that nothing else shares (not from Node's pool), and zeros where it came from. */
export function takeOver(found: Uint8Array): Buffer {
  const key = Buffer.allocUnsafeSlow(found.length)
  key.set(found)
  found.fill(0)
  return key
}

export function sameKey(one: Uint8Array, other: Uint8Array): boolean {
  return one.length === other.length && one.length === keyLength && timingSafeEqual(one, other)
}

/**
 * Wraps the key, and unwraps it again: a guard that can only write would lose everything, so what it wrapped has to open
 * before anything relies on it. Throws what the guard throws.
 */
export async function wrapAndTry(guard: KeyGuard, key: Buffer, before?: Record<string, unknown>): Promise<Wrapped> {
  const slot = await guard.wrap(key, before)
  const { dataKey: again } = await guard.unwrap(slot.wrapped, slot.params)
  const same = sameKey(again, key)
  again.fill(0)
  if (same) return slot
  throw new KeyGuardUnavailable('The key store did not give back what it was given.', 'Use a passphrase.')
}
