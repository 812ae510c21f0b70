import type { Db } from '../database.ts'
import type { ProviderRecord, ProviderStore } from '../ports.ts'

/** Providers that the person made or changed. Nothing in them is secret. */
export function providerStore(db: Db): ProviderStore {
  const all = db.prepare<[], ProviderRecord>(
    `SELECT id, definition, created_at AS createdAt, updated_at AS updatedAt FROM providers ORDER BY created_at, id`,
  )
  const write = db.prepare<[ProviderRecord]>(
    `INSERT INTO providers (id, definition, created_at, updated_at) VALUES (@id, @definition, @createdAt, @updatedAt)
     ON CONFLICT (id) DO UPDATE SET definition = excluded.definition, updated_at = excluded.updated_at`,
  )
  const drop = db.prepare<[string]>('DELETE FROM providers WHERE id = ?')
  return {
    list: () => all.all(),
    save: (record) => void write.run(record),
    remove: (id) => void drop.run(id),
  }
}
