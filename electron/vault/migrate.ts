import { LatchkeyError } from '../../shared/errors.ts'
import { dropOldBackups, makeBackup, removeBackup } from './backups.ts'
import { applicationId, type Db, durably } from './database.ts'

/** One step of the schema. Immutable once released; `version` counts from 1 without gaps. */
export interface Migration {
  version: number
  sql: string
}

/**
 * Brings the schema up to date in one transaction: all pending steps or none. An existing vault is copied first; the last
 * three such copies are kept. `file`: null for a database that is a copy itself. Throws `LatchkeyError('internal')` and
 * changes nothing when the schema is newer than this code.
 */
export function migrate(db: Db, file: string | null, migrations: readonly Migration[], now: number): void {
  const current = db.pragma('user_version', { simple: true }) as number
  const latest = migrations.at(-1)?.version ?? 0
  if (current > latest) {
    throw new LatchkeyError(
      'internal',
      `This vault was written by a newer Latchkey: it has schema ${current}, this version knows schemas up to ${latest}. Nothing was changed. Update Latchkey to open it.`,
    )
  }
  if (current === latest) return
  const copy = current > 0 && file !== null ? { file, backup: makeBackup(db, file, now, 'migration') } : null
  // A step may rebuild a table, which foreign keys would answer by deleting rows (sqlite.org/lang_altertable.html 7).
  db.pragma('foreign_keys = OFF')
  try {
    durably(db, () => {
      db.pragma(`application_id = ${applicationId}`)
      for (const step of migrations.filter((it) => it.version > current)) {
        db.exec(step.sql)
        db.pragma(`user_version = ${step.version}`)
      }
      const broken = db.pragma('foreign_key_check') as unknown[]
      if (broken.length > 0) throw new Error(`Schema ${latest} would leave ${broken.length} rows without their parent.`)
    })
  } catch (error) {
    // The vault is as it was, so the copy tells nothing more; kept, it would push out an older one at each new try.
    if (copy !== null) removeBackup(copy.file, copy.backup)
    throw error
  } finally {
    db.pragma('foreign_keys = ON')
  }
  if (copy !== null) dropOldBackups(copy.file, copy.backup, 'migration')
}
