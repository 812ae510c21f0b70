import { createHash } from 'node:crypto'
import type { Clock } from '../../platform/ports.ts'
import type { Db } from '../database.ts'
import type { RecordStore } from '../ports.ts'
import type { Sealer } from '../sealing.ts'

/** A key may be a token itself, so only its hash is stored. */
const hash = (key: string) => createHash('sha256').update(key).digest('hex')
const place = (kind: string, keyHash: string) => ({
  table: 'practice_records',
  row: JSON.stringify([kind, keyHash]),
  column: 'value',
})

/** Small sealed values by kind and key. What is past its time is not found, swept away or not. */
export function recordStore(db: Db, sealer: () => Sealer, clock: Clock): RecordStore {
  const read = db
    .prepare<[string, string, number], Buffer>(
      'SELECT value FROM practice_records WHERE kind = ? AND key_hash = ? AND (expires_at IS NULL OR expires_at > ?)',
    )
    .pluck()
  const write = db.prepare<[string, string, Buffer, number | null]>(
    `INSERT INTO practice_records (kind, key_hash, value, expires_at) VALUES (?, ?, ?, ?)
     ON CONFLICT (kind, key_hash) DO UPDATE SET value = excluded.value, expires_at = excluded.expires_at`,
  )
  const drop = db.prepare<[string, string]>('DELETE FROM practice_records WHERE kind = ? AND key_hash = ?')
  const sweep = db.prepare<[number]>('DELETE FROM practice_records WHERE expires_at <= ?')
  return {
    get(kind, key) {
      const keyHash = hash(key)
      const sealed = read.get(kind, keyHash, clock.now())
      return sealed === undefined ? null : sealer().open(place(kind, keyHash), sealed)
    },
    put(kind, key, value, expiresAt) {
      const keyHash = hash(key)
      const expiry = expiresAt === null ? null : Math.round(expiresAt)
      write.run(kind, keyHash, sealer().seal(place(kind, keyHash), value), expiry)
    },
    delete: (kind, key) => void drop.run(kind, hash(key)),
    sweep: (now) => void sweep.run(now),
  }
}
