import fs from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createBackups } from '../../../electron/services/backups.ts'
import { createTransferHandlers } from '../../../electron/services/handlers-transfer.ts'
import { createVaultService } from '../../../electron/services/vault.ts'
import { migrations } from '../../../electron/vault/migrations/index.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import { cheap, cheapGuard, noLog, settableClock, tokens } from '../../unit/vault/support.ts'
import { fill, holdings, ids, owner, profile } from './transfer-world.ts'

const latest = migrations.length

async function world() {
  const it = await profile()
  fill(it)
  const locks: string[] = []
  const vaultService = createVaultService({
    ...it,
    automaticGuard: null,
    onLock: async () => void locks.push('onLock'),
    onUnlock: () => {},
    scryptCost: cheap,
  })
  const backups = createBackups({ ...it, vaultService })
  const handlers = createTransferHandlers({ vaultExport: it.service, backups })
  const folder = path.join(path.dirname(it.file), 'backups')
  return {
    ...it,
    locks,
    backups,
    folder,
    backUp: async () => handlers['vault.back_up']({}, owner),
    restore: (name: string) => handlers['vault.restore']({ name }, owner),
    /** Changes a backup behind Latchkey's back. */
    change(name: string, work: (db: Database.Database) => unknown) {
      const db = new Database(path.join(folder, name))
      work(db)
      db.close()
    },
    files: () => fs.readdirSync(path.dirname(it.file)).sort(),
  }
}

const note = {
  at: 1,
  kind: 'vault',
  account_id: null,
  provider_id: null,
  app_id: null,
  app_name: null,
  right: null,
  actor: 'owner',
  summary: 'Restored',
  detail: {},
} as const

describe('a backup', () => {
  it('[F15] is a vault of its own, for the owner alone, that opens with the same passphrase', async () => {
    const { backUp, folder, vault, backups } = await world()
    const backup = await backUp()
    expect(backup).toEqual({
      name: `vault-20261121T100000000Z-schema${latest}-asked.db`,
      at: '2026-11-21T10:00:00.000Z',
      schema: latest,
      bytes: fs.statSync(path.join(folder, backup.name)).size,
    })
    expect(backups.list()).toEqual([backup])
    expect(fs.readdirSync(folder)).toEqual([backup.name])
    expect(fs.statSync(path.join(folder, backup.name)).mode & 0o777).toBe(0o600)
    const copy = openVault({ file: path.join(folder, backup.name), clock: settableClock(), logger: noLog })
    await copy.unlock(cheapGuard())
    expect(holdings(copy)).toEqual(holdings(vault))
    copy.close()
  })

  it('has a name of its own, however quickly one follows another; the last ten are kept', async () => {
    const { backUp, backups, folder, clock } = await world()
    fs.mkdirSync(folder, { mode: 0o700 })
    fs.writeFileSync(path.join(folder, 'notes.txt'), 'mine')
    const migration = `vault-20200101T000000000Z-schema1.db`
    fs.writeFileSync(path.join(folder, migration), '')
    const made = []
    for (let n = 0; n < 10; n++) made.push((await backUp()).name)
    expect(new Set(made).size).toBe(10)
    clock.advance(1000)
    made.push((await backUp()).name)
    expect(backups.list().map(({ name }) => name)).toEqual([...made.slice(1).reverse(), migration])
    expect(fs.readdirSync(folder)).toContain('notes.txt')
    clock.advance(-86_400_000)
    const { name } = await backUp()
    expect(backups.list().map((it) => it.name)).toEqual([...made.slice(2).reverse(), name, migration])
  })

  it('that is not whole is not listed, nor is anything else that lies there', async () => {
    const { backUp, backups, folder } = await world()
    const { name } = await backUp()
    const other = name.replace('2026', '2025')
    fs.writeFileSync(path.join(folder, `${other}.partial`), '')
    fs.mkdirSync(path.join(folder, other))
    fs.symlinkSync('/etc/passwd', path.join(folder, name.replace('2026', '2024')))
    fs.writeFileSync(path.join(folder, 'vault-20269999T100000000Z-schema1.db'), '')
    expect(backups.list().map((it) => it.name)).toEqual([name])
  })
})

describe('restoring', () => {
  it('[F15] puts everything back as it was, at once, and keeps what was there', async () => {
    const { vault, clock, backUp, restore, backups, emitted, locks, activity, files, catalogue } = await world()
    const before = holdings(vault)
    const { name } = await backUp()
    clock.advance(60_000)
    vault.accounts.remove(ids.ada)
    vault.registrations.remove(ids.acme)
    vault.providers.remove('acme')
    catalogue.changed()
    expect(catalogue.list().map(({ id }) => id)).not.toContain('acme')
    vault.tokens.put(ids.grace, tokens({ accessToken: 'later' }))
    const later = holdings(vault)

    const { kept_as: keptAs } = await restore(name)
    expect(locks).toEqual(['onLock'])
    expect(vault.status()).toMatchObject({ state: 'locked', guards: ['passphrase'] })
    expect(vault.status().reason).toBe('The vault was put back as it was at 2026-11-21T10:00:00.000Z.')
    expect(emitted.at(-1)).toEqual({ type: 'vault', state: 'locked' })
    expect(() => vault.accounts.list()).toThrow(expect.objectContaining({ code: 'locked' }))
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
    expect(holdings(vault)).toEqual(before)
    expect(catalogue.get('acme').name).toBe('Acme')
    expect(activity.list({ limit: 1 })[0]).toMatchObject({ kind: 'vault', actor: 'owner', detail: { name } })
    expect(files().filter((it) => it.includes('restore'))).toEqual([])

    // And back again.
    expect(backups.list().map((it) => it.name)).toEqual([keptAs, name])
    await restore(keptAs)
    await vault.unlock(cheapGuard())
    expect(holdings(vault)).toEqual(later)
  })

  it('[F15] opens with what protected the vault then, and with nothing else', async () => {
    const { vault, backUp, restore } = await world()
    const { name } = await backUp()
    await vault.keys.replace(cheapGuard(), cheapGuard('another passphrase'))
    await vault.keys.add({ ...cheapGuard(), kind: 'os-keyring' })
    expect(vault.status().guards).toHaveLength(2)
    await restore(name)
    expect(vault.status().guards).toEqual(['passphrase'])
    expect((await vault.unlock(cheapGuard('another passphrase'))).state).toBe('locked')
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
  })

  it('is on the disk when it answers: the file opens as the backup without this process', async () => {
    const { vault, file, backUp, restore } = await world()
    const { name } = await backUp()
    vault.accounts.remove(ids.ada)
    await restore(name)
    // Without the log that stands beside it.
    const copy = path.join(path.dirname(file), 'elsewhere.db')
    fs.copyFileSync(file, copy)
    const other = openVault({ file: copy, clock: settableClock(), logger: noLog })
    await other.unlock(cheapGuard())
    expect(other.tokens.get(ids.ada)?.accessToken).toBe('ada-access')
    other.close()
  })

  it('goes on writing to the vault that was put back, over restarts', async () => {
    const { vault, file, backUp, restore } = await world()
    await restore((await backUp()).name)
    await vault.unlock(cheapGuard())
    vault.tokens.put(ids.grace, tokens({ accessToken: 'after' }))
    vault.close()
    const again = openVault({ file, clock: settableClock(), logger: noLog })
    await again.unlock(cheapGuard())
    expect(again.tokens.get(ids.grace)?.accessToken).toBe('after')
    again.close()
  })

  it('[F15] brings a backup of an older schema up to date on the way', async () => {
    const { vault, file, folder, restore, backups } = await world()
    const old = path.join(import.meta.dirname, '../../fixtures/vault-schema-1.db')
    fs.mkdirSync(folder, { mode: 0o700 })
    const name = 'vault-20260101T000000000Z-schema1.db'
    fs.copyFileSync(old, path.join(folder, name))
    await restore(name)
    const db = new Database(file, { readonly: true })
    expect(db.pragma('user_version', { simple: true })).toBe(latest)
    db.close()
    expect(backups.list).toThrow(expect.objectContaining({ code: 'locked' }))
    expect(fs.readFileSync(path.join(folder, name)).equals(fs.readFileSync(old))).toBe(true)
    expect(fs.readdirSync(folder)).toHaveLength(2)
    expect(vault.status().state).toBe('locked')
  })
})

describe('what is not restored', () => {
  const refuses = (
    title: string,
    code: string,
    message: RegExp,
    prepare: (it: Awaited<ReturnType<typeof world>>, name: string) => unknown,
  ) =>
    it(`[F15] ${title}, and the vault stays open and as it was`, async () => {
      const it = await world()
      const { name } = await it.backUp()
      const given = prepare(it, name)
      const wanted = typeof given === 'string' ? given : name
      const before = holdings(it.vault)
      const failing = it.restore(wanted)
      await expect(failing).rejects.toMatchObject({ code, details: { field: 'name' } })
      await expect(failing).rejects.toThrow(message)
      expect(it.locks).toEqual([])
      expect(holdings(it.vault)).toEqual(before)
      expect(it.files()).toEqual(['backups', 'vault.db', 'vault.db-shm', 'vault.db-wal'])
      expect(it.backups.list().length).toBeGreaterThan(0)
    })

  refuses('one that is not there', 'not_found', /no such backup/, () => 'vault-20260101T000000000Z-schema1.db')
  refuses('another file', 'not_found', /no such backup/, () => '../vault.db')
  refuses(
    'one of a newer schema',
    'invalid_request',
    new RegExp(`schema ${latest + 1}, .* up to ${latest}`),
    (it, name) => it.change(name, (db) => db.pragma(`user_version = ${latest + 1}`)),
  )
  refuses('one that another program wrote', 'invalid_request', /no vault at all/, (it, name) =>
    it.change(name, (db) => db.pragma('application_id = 7')),
  )
  refuses('one that is damaged', 'invalid_request', /damaged/, ({ folder }, name) => {
    const file = path.join(folder, name)
    const content = fs.readFileSync(file)
    content.fill(0x55, 8192, 20_000)
    fs.writeFileSync(file, content)
  })
  refuses('one in which a page is not what it should be', 'invalid_request', /damaged/, ({ folder }, name) => {
    const file = path.join(folder, name)
    const db = new Database(file, { readonly: true })
    const page = db.prepare("SELECT rootpage FROM sqlite_schema WHERE name = 'webhook_endpoints'").pluck().get()
    db.close()
    const content = fs.readFileSync(file)
    content.fill(0x55, (Number(page) - 1) * 4096, Number(page) * 4096)
    fs.writeFileSync(file, content)
  })
  refuses('one that is empty', 'invalid_request', /damaged/, ({ folder }, name) => {
    fs.writeFileSync(path.join(folder, name), '')
  })
  refuses('one without a key', 'invalid_request', /has no key/, (it, name) =>
    it.change(name, (db) => db.exec('DELETE FROM key_slots')),
  )

  it('anything while the vault is locked', async () => {
    const { vault, backUp, restore } = await world()
    const { name } = await backUp()
    vault.lock('Locked.')
    await expect(restore(name)).rejects.toMatchObject({ code: 'locked' })
    await expect(backUp()).rejects.toMatchObject({ code: 'locked' })
  })

  it('a second one at the same time', async () => {
    const { vault, backUp, restore } = await world()
    const { name } = await backUp()
    const [one, other] = await Promise.allSettled([restore(name), restore(name)])
    expect(one.status).toBe('fulfilled')
    expect(other).toMatchObject({ status: 'rejected', reason: { code: 'rate_limited' } })
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
  })

  it('one over a vault that was opened again meanwhile', async () => {
    const { vault, backUp } = await world()
    const { name } = await backUp()
    vault.accounts.remove(ids.ada)
    const before = holdings(vault)
    const openAgain = async () => {
      vault.lock('Locked.')
      await vault.unlock(cheapGuard())
    }
    await expect(vault.restore(name, note, openAgain)).rejects.toThrow('unlocked again')
    expect(holdings(vault)).toEqual(before)
  })

  it('one while another program writes to the vault: it stays as it was, and a later try succeeds', async () => {
    const { vault, file, backUp, restore } = await world()
    const { name } = await backUp()
    vault.accounts.remove(ids.ada)
    const other = new Database(file)
    const lock = async () => {
      vault.lock('Locked.')
      other.exec('BEGIN IMMEDIATE')
    }
    await expect(vault.restore(name, note, lock)).rejects.toThrow('Another program is writing')
    other.exec('ROLLBACK')
    other.close()
    await vault.unlock(cheapGuard())
    expect(vault.accounts.get(ids.ada)).toBeNull()
    await restore(name)
    await vault.unlock(cheapGuard())
    expect(vault.accounts.get(ids.ada)).not.toBeNull()
  }, 30_000)

  it('one of a vault that is in memory alone, which has none', async () => {
    const vault = openVault({ file: ':memory:', clock: settableClock(), logger: noLog })
    await vault.create(cheapGuard())
    expect(vault.backups.list()).toEqual([])
    expect(() => vault.backups.make()).toThrow('in memory alone')
    vault.close()
  })
})
