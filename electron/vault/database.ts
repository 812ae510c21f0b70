import Database from 'better-sqlite3'
import { LatchkeyError } from '../../shared/errors.ts'
import { privateFile } from '../platform/private-files.ts'

export type Db = Database.Database

/** "LtKy", in the header of the file (sqlite.org/fileformat2.html 1.3): tells a vault from any other SQLite file. */
export const applicationId = 0x4c744b79

/** The file is not ours, or damaged. It is left exactly as it was found. */
function notAVault(file: string, cause?: unknown): LatchkeyError {
  return new LatchkeyError(
    'internal',
    `${file} is not a Latchkey vault, or it is damaged. It was left as it is. Move it away to start anew, or put a copy from the backups folder in its place.`,
    {},
    cause,
  )
}

/** Nothing is written before it is certain that the file is new or ours. */
function checkOwnership(db: Db, file: string): void {
  const id = db.pragma('application_id', { simple: true })
  if (id === applicationId) return
  const objects = db.prepare<[], number>('SELECT count(*) FROM sqlite_schema').pluck().get()
  if (id !== 0 || objects !== 0) throw notAVault(file)
}

/** What SQLite calls a database without a file (sqlite.org/inmemorydb.html). */
export const inMemory = ':memory:'

/**
 * Opens the vault's file, 0600 in a 0700 folder. The write-ahead log and its index get the file's own mode from SQLite.
 * Throws `LatchkeyError('internal')` when the file is not a vault.
 */
export function openDatabase(file: string): Db {
  if (file !== inMemory) privateFile(file)
  const db = new Database(file)
  try {
    checkOwnership(db, file)
    db.pragma('journal_mode = WAL')
    db.pragma('synchronous = NORMAL')
    db.pragma('foreign_keys = ON')
    // Deleted tokens are overwritten instead of left in free pages, encrypted as they are.
    db.pragma('secure_delete = ON')
    db.pragma('trusted_schema = OFF')
    db.pragma('temp_store = MEMORY')
    // fsync alone does not reach the disk on macOS.
    db.pragma('fullfsync = ON')
    return db
  } catch (error) {
    db.close()
    const code = error instanceof Database.SqliteError ? error.code : ''
    throw code === 'SQLITE_NOTADB' || code.startsWith('SQLITE_CORRUPT') ? notAVault(file, error) : error
  }
}

/**
 * Runs `work` in one transaction that is on the disk when it returns (`synchronous=FULL`). In write-ahead mode NORMAL may
 * lose the last commits to a power cut, which is fine for a log and fatal for a rotated refresh token. SQLite refuses to
 * change the level inside a transaction, so an outer one has to be durable itself.
 */
export function durably<T>(db: Db, work: () => T): T {
  const run = db.transaction(work)
  if (db.inTransaction) return run()
  db.pragma('synchronous = FULL')
  try {
    return run.immediate()
  } finally {
    db.pragma('synchronous = NORMAL')
  }
}

/** Whether SQLite refused a write because of this kind of constraint. */
export function isConstraint(error: unknown, kind: 'UNIQUE' | 'FOREIGNKEY'): boolean {
  return error instanceof Database.SqliteError && error.code === `SQLITE_CONSTRAINT_${kind}`
}
