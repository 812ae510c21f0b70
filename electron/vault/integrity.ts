import fs from 'node:fs'
import Database from 'better-sqlite3'
import { migrations } from './migrations/index.ts'

export interface Integrity {
  /** What SQLite finds wrong, in its own words; empty when nothing is. */
  damage: string[]
  schema: number
  bytes: number
}

/** What this code expects `PRAGMA user_version` to be. */
export const newestSchema = migrations.at(-1)?.version ?? 0

/** Checking the indexes too takes a second for so many bytes. Bigger vaults are checked without them. */
const thorough = 50_000_000
const mostLines = 20

/**
 * Looks at every page of the vault's file through a connection of its own that cannot write (sqlite.org/pragma.html,
 * integrity_check, quick_check, foreign_key_check). Throws when the file cannot be opened or read.
 */
export function checkIntegrity(file: string): Integrity {
  const { size: bytes } = fs.statSync(file)
  const db = new Database(file, { readonly: true, fileMustExist: true, timeout: 2_000 })
  try {
    const schema = db.pragma('user_version', { simple: true }) as number
    return { damage: damageOf(db, bytes > thorough ? 'quick_check' : 'integrity_check'), schema, bytes }
  } finally {
    db.close()
  }
}

function damageOf(db: Database.Database, check: string): string[] {
  try {
    const found = db.pragma(`${check}(${mostLines})`) as Record<string, string>[]
    const said = found.map((row) => Object.values(row)[0] ?? '').filter((it) => it !== 'ok')
    const orphans = (db.pragma('foreign_key_check') as unknown[]).length
    return orphans === 0 ? said : [...said, `${orphans} rows without their parent`]
  } catch (error) {
    // Damage in the schema's own pages ends the check itself.
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_CORRUPT')) return [error.message]
    throw error
  }
}

export function sqliteVersion(): string {
  const db = new Database(':memory:')
  try {
    return db.prepare<[], string>('SELECT sqlite_version()').pluck().get() ?? 'unknown'
  } finally {
    db.close()
  }
}
