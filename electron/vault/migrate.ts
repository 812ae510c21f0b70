import fs from 'node:fs'
import path from 'node:path'
import { LatchkeyError } from '../../shared/errors.ts'
import { privateFile } from '../platform/private-files.ts'
import { applicationId, type Db, durably } from './database.ts'

/** One step of the schema. Immutable once released; `version` counts from 1 without gaps. */
export interface Migration {
  version: number
  sql: string
}

const kept = 3
const copyName = /^vault-\d{8}T\d{9}Z-schema\d+\.db$/

/**
 * A consistent copy of the open database in `backups/` beside it, synced to the disk. The time stands first in its name:
 * names sort by age. Returns its path.
 */
function backUp(db: Db, file: string, schema: number, now: number): string {
  const time = new Date(now).toISOString().replace(/[-:.]/g, '')
  const copy = path.join(path.dirname(file), 'backups', `vault-${time}-schema${schema}.db`)
  fs.rmSync(copy, { force: true })
  // Made first, empty, because VACUUM INTO would create it with the umask's mode.
  privateFile(copy)
  db.prepare('VACUUM INTO ?').run(copy)
  const descriptor = fs.openSync(copy, 'r+')
  try {
    fs.fsyncSync(descriptor)
  } finally {
    fs.closeSync(descriptor)
  }
  return copy
}

function dropOldCopies(folder: string): void {
  const copies = fs
    .readdirSync(folder)
    .filter((name) => copyName.test(name))
    .sort()
  for (const name of copies.slice(0, -kept)) fs.rmSync(path.join(folder, name))
}

/**
 * Brings the schema up to date in one transaction: all pending steps or none. An existing vault is copied first; the last
 * three copies are kept. Throws `LatchkeyError('internal')` and changes nothing when the schema is newer than this code.
 */
export function migrate(db: Db, file: string, migrations: readonly Migration[], now: number): void {
  const current = db.pragma('user_version', { simple: true }) as number
  const latest = migrations.at(-1)?.version ?? 0
  if (current > latest) {
    throw new LatchkeyError(
      'internal',
      `This vault was written by a newer Latchkey: it has schema ${current}, this version knows schemas up to ${latest}. Nothing was changed. Update Latchkey to open it.`,
    )
  }
  if (current === latest) return
  const copy = current > 0 ? backUp(db, file, current, now) : null
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
    if (copy !== null) fs.rmSync(copy, { force: true })
    throw error
  } finally {
    db.pragma('foreign_keys = ON')
  }
  if (copy !== null) dropOldCopies(path.dirname(copy))
}
