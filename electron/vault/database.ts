import fs from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { LatchkeyError } from '../../shared/errors.ts'
import { privateFile } from '../platform/private-files.ts'

export type Db = Database.Database

/** "LtKy", in the header of the file (sqlite.org/fileformat2.html 1.3): tells a vault from any other SQLite file. */
export const applicationId = 0x4c744b79

/** The file is not ours, or damaged. It is left exactly as it was found. */
export function notAVault(file: string, cause?: unknown): LatchkeyError {
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

/** Bytes. No SQLite file that holds anything is shorter (sqlite.org/fileformat2.html 1.2). */
const smallestPage = 512

const sizeOf = (file: string) => fs.statSync(file, { throwIfNoEntry: false })?.size ?? 0

/**
 * SQLite finds no fault with a last page that is cut short, and reads zeros for what is missing. While there is a
 * write-ahead log, the rest of the file may still be in it.
 */
function checkLength(db: Db, file: string): void {
  const bytes = (pragma: string) => db.pragma(pragma, { simple: true }) as number
  if (file !== inMemory && sizeOf(file) < bytes('page_count') * bytes('page_size')) throw notAVault(file)
}

/**
 * A file without a byte, or with a few, may be a new vault to SQLite. Where there are backups of one it was cut off by
 * something, and must not be set up anew as if nothing had been in it.
 */
function checkNotEmptied(file: string): void {
  const size = fs.existsSync(file) ? sizeOf(file) : smallestPage
  if (size >= smallestPage) return
  if (size > 0) throw notAVault(file)
  const backups = path.join(path.dirname(file), 'backups')
  if (fs.existsSync(backups) && fs.readdirSync(backups).some((name) => name.endsWith('.db'))) throw notAVault(file)
}

/** What SQLite calls a database without a file (sqlite.org/inmemorydb.html). */
export const inMemory = ':memory:'

/**
 * Opens the vault's file, 0600 in a 0700 folder. The write-ahead log and its index get the file's own mode from SQLite.
 * Throws `LatchkeyError('internal')` when the file is not a vault.
 */
export function openDatabase(file: string): Db {
  if (file !== inMemory) {
    checkNotEmptied(file)
    privateFile(file)
  }
  const logged = sizeOf(`${file}-wal`) > 0
  const db = new Database(file)
  try {
    checkOwnership(db, file)
    if (!logged) checkLength(db, file)
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
    // SQLITE_ERROR: the header asks for what no SQLite can do.
    const damaged = code === 'SQLITE_NOTADB' || code === 'SQLITE_ERROR' || code.startsWith('SQLITE_CORRUPT')
    throw damaged ? notAVault(file, error) : error
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
