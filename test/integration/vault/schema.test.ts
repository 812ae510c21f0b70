import fs from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { durably, openDatabase } from '../../../electron/vault/database.ts'
import { type Migration, migrate } from '../../../electron/vault/migrate.ts'
import { migrations } from '../../../electron/vault/migrations/index.ts'
import { cheapGuard, freshFolder, locked, registration, unlocked } from '../../unit/vault/support.ts'

const latest = migrations.at(-1)?.version ?? 0
const next: Migration = { version: latest + 1, sql: "INSERT INTO settings (key, value) VALUES ('migrated', 'true')" }

/** A vault with something in it, closed. */
async function filled(): Promise<string> {
  const { vault, file } = await unlocked()
  vault.registrations.save(registration(), 'client-secret-1')
  vault.close()
  return file
}

function raw<T>(file: string, work: (db: Database.Database) => T): T {
  const db = new Database(file)
  try {
    return work(db)
  } finally {
    db.close()
  }
}

const copies = (file: string) => fs.readdirSync(path.join(path.dirname(file), 'backups')).sort()

describe('migrations', () => {
  it('are numbered from 1 without gaps', () => {
    expect(migrations.map((it) => it.version)).toEqual(migrations.map((_, index) => index + 1))
  })

  it('every table is strict', async () => {
    const strict = raw(await filled(), (db) => db.pragma('table_list') as { name: string; strict: number }[])
    const tables = strict.filter((it) => !it.name.startsWith('sqlite_'))
    expect(tables.length).toBeGreaterThan(8)
    expect(tables.filter((it) => it.strict !== 1)).toEqual([])
  })

  it('an existing vault is copied first; the copy opens as it was', async () => {
    const file = await filled()
    const db = openDatabase(file)
    migrate(db, file, [...migrations, next], Date.UTC(2026, 0, 2, 3, 4, 5, 6))
    expect(db.prepare("SELECT value FROM settings WHERE key = 'migrated'").pluck().get()).toBe('true')
    expect(db.pragma('user_version', { simple: true })).toBe(latest + 1)
    expect(db.pragma('foreign_keys', { simple: true })).toBe(1)
    db.close()
    const [name] = copies(file)
    expect(name).toBe(`vault-20260102T030405006Z-schema${latest}.db`)
    const copy = path.join(path.dirname(file), 'backups', name ?? '')
    const { vault } = locked({ file: copy })
    await vault.unlock(cheapGuard())
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
    expect(vault.settings.get('migrated')).toBeUndefined()
  })

  it('the last three copies are kept, for the owner alone', async () => {
    const before = process.umask(0)
    try {
      const file = await filled()
      fs.mkdirSync(path.join(path.dirname(file), 'backups'), { mode: 0o700 })
      fs.writeFileSync(path.join(path.dirname(file), 'backups', 'notes.txt'), 'mine')
      for (let n = 1; n <= 5; n++) {
        const steps = Array.from({ length: n }, (_, index) => ({ version: latest + 1 + index, sql: 'SELECT 1' }))
        const db = openDatabase(file)
        migrate(db, file, [...migrations, ...steps], Date.UTC(2026, 0, n))
        db.close()
      }
      expect(copies(file)).toEqual([
        'notes.txt',
        ...[3, 4, 5].map((n) => `vault-2026010${n}T000000000Z-schema${latest + n - 1}.db`),
      ])
      for (const name of copies(file).slice(1)) {
        expect(fs.statSync(path.join(path.dirname(file), 'backups', name)).mode & 0o777).toBe(0o600)
      }
    } finally {
      process.umask(before)
    }
  })

  it('a step that fails undoes all of them, and leaves the vault and the copies as they were', async () => {
    const file = await filled()
    const steps = [...migrations, next, { version: latest + 2, sql: 'SELECT * FROM nowhere' }]
    const db = openDatabase(file)
    expect(() => migrate(db, file, steps, 1)).toThrow('nowhere')
    const orphaning = { version: latest + 1, sql: "INSERT INTO refresh_markers VALUES ('nobody', 1)" }
    expect(() => migrate(db, file, [...migrations, orphaning], 1)).toThrow('without their parent')
    db.close()
    expect(copies(file)).toEqual([])
    const { vault } = locked({ file })
    await vault.unlock(cheapGuard())
    expect(vault.settings.get('migrated')).toBeUndefined()
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
  })

  it('a new vault needs no copy', async () => {
    expect(fs.readdirSync(path.dirname(await filled()))).toEqual(['vault.db'])
  })
})

describe('what is not opened, and not changed', () => {
  it('a vault of a newer Latchkey: both versions are named', async () => {
    const file = await filled()
    raw(file, (db) => db.pragma(`user_version = ${latest + 7}`))
    const before = fs.readFileSync(file)
    expect(() => locked({ file })).toThrow(
      expect.objectContaining({
        code: 'internal',
        message: expect.stringContaining(`it has schema ${latest + 7}, this version knows schemas up to ${latest}`),
      }),
    )
    expect(fs.readFileSync(file).equals(before)).toBe(true)
    expect(fs.readdirSync(path.dirname(file))).toEqual(['vault.db'])
  })

  it('some other SQLite database, and a file that is none', () => {
    const folder = freshFolder()
    const other = path.join(folder, 'other.db')
    raw(other, (db) => db.exec('CREATE TABLE notes (text)'))
    const text = path.join(folder, 'text.db')
    fs.writeFileSync(text, 'Dear diary, this is a long text and no database at all. '.repeat(100))
    for (const file of [other, text]) {
      const before = fs.readFileSync(file)
      expect(() => locked({ file })).toThrow(expect.objectContaining({ code: 'internal' }))
      expect(() => locked({ file })).toThrow('is not a Latchkey vault, or it is damaged. It was left as it is.')
      expect(fs.readFileSync(file).equals(before)).toBe(true)
    }
  })
})

describe('durability', () => {
  it('is full inside durable work only, also after a failure, and in nested work', () => {
    const db = openDatabase(path.join(freshFolder(), 'vault.db'))
    const level = () => db.pragma('synchronous', { simple: true })
    const [normal, full] = [1, 2]
    expect(level()).toBe(normal)
    expect(durably(db, () => [level(), durably(db, level), level()])).toEqual([full, full, full])
    expect(level()).toBe(normal)
    const failing = () =>
      durably(db, () => {
        throw new Error('failed')
      })
    expect(failing).toThrow('failed')
    expect(level()).toBe(normal)
    expect(db.pragma('journal_mode', { simple: true })).toBe('wal')
    db.close()
  })
})
