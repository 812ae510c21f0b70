import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import { createDataKey } from '../../../electron/vault/data-key.ts'
import { openDatabase } from '../../../electron/vault/database.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable } from '../../../electron/vault/ports.ts'
import { createResealing } from '../../../electron/vault/rotation.ts'
import { sealedColumns } from '../../../electron/vault/sealed-columns.ts'
import { fill, readAll, sealedState } from './filled.ts'
import { memoryGuard } from './guards.ts'
import { cheapGuard, freshFolder, locked, noLog, settableClock, unlocked } from './support.ts'

const all = sealedColumns.length * 3
const turn = () => new Promise<void>((resolve) => void setImmediate(resolve))

/** A vault with something in every sealed column and two ways in. */
async function filled() {
  const keyStore = memoryGuard()
  const opened = await unlocked({ guard: keyStore })
  await opened.vault.keys.add(cheapGuard())
  fill(opened.vault)
  return { ...opened, keyStore, guards: [keyStore, cheapGuard()], content: readAll(opened.vault) }
}

/** The file and its log as a kill at this moment would leave them. */
function snapshot(file: string): string {
  const copy = path.join(freshFolder(), 'vault.db')
  for (const end of ['', '-wal']) {
    if (fs.existsSync(`${file}${end}`)) fs.copyFileSync(`${file}${end}`, `${copy}${end}`)
  }
  return copy
}

describe('[F13] rotating the data key', () => {
  it('every slot opens the new key, every value is sealed under it, and nothing of the old one is left', async () => {
    const { vault, file, keyStore, guards, content } = await filled()
    const before = sealedState(file)
    expect(before.versions).toEqual({ 1: all })
    await vault.keys.rotate(guards)
    expect(vault.keys.version()).toBe(2)
    expect(vault.keys.rotation()).toEqual({ running: true, done: 0, total: all })
    expect(readAll(vault)).toEqual(content)
    await vault.keys.settled()
    expect(vault.keys.rotation()).toEqual({ running: false, done: all, total: all })
    expect(readAll(vault)).toEqual(content)
    expect(sealedState(file)).toMatchObject({
      versions: { 2: all },
      keys: [{ version: 2, older: 0 }],
      slots: [
        { kind: 'passphrase', version: 2 },
        { kind: 'safe-storage', version: 2 },
      ],
    })
    const bytes = Buffer.concat([file, `${file}-wal`].map((it) => fs.readFileSync(it)))
    expect(before.values.filter((value) => bytes.includes(value))).toEqual([])
    for (const guard of [keyStore, cheapGuard()]) {
      vault.lock('test')
      expect((await vault.unlock(guard)).state).toBe('unlocked')
      expect(readAll(vault)).toEqual(content)
    }
  })

  it('a kill at any moment leaves a vault that opens both ways, reads everything, and goes on', async () => {
    const { vault, file, keyStore, guards, content } = await filled()
    vault.close()
    const db = openDatabase(file)
    const dataKey = createDataKey(db, settableClock(), noLog)
    await dataKey.open(keyStore, () => true)
    const moments = [snapshot(file)]
    await dataKey.rotate(guards, () => true)
    moments.push(snapshot(file))
    const resealing = createResealing({ db, dataKey, logger: noLog }, 1)
    resealing.start()
    let ended = false
    void resealing.settled().then(() => {
      ended = true
    })
    while (!ended) {
      await turn()
      moments.push(snapshot(file))
    }
    db.close()
    expect(moments.length).toBeGreaterThan(all)
    const left = moments.map((moment) => sealedState(moment).versions[1] ?? 0)
    expect(new Set(left).size).toBe(all + 1)
    for (const [n, moment] of moments.entries()) {
      const again = locked({ file: moment }).vault
      const guard = n % 2 === 0 ? cheapGuard() : keyStore
      expect((await again.unlock(guard)).state, `moment ${n}`).toBe('unlocked')
      expect(readAll(again)).toEqual(content)
      await again.keys.settled()
      expect(readAll(again)).toEqual(content)
      const version = n === 0 ? 1 : 2
      expect(sealedState(moment)).toMatchObject({ versions: { [version]: all }, keys: [{ version, older: 0 }] })
    }
  })

  it('a guard that fails at any step leaves everything as it was', async () => {
    const { vault, file, keyStore, guards, content } = await filled()
    const slots = () => {
      const db = new Database(file, { readonly: true })
      const rows = db.prepare('SELECT * FROM key_slots ORDER BY kind').all()
      db.close()
      return rows
    }
    const before = slots()
    const gone = async () => Promise.reject(new KeyGuardUnavailable('The keyring is locked.', 'Unlock it.'))
    /** Fails from its nth call on. */
    const failing = (calls: number): KeyGuard => {
      let left = calls
      const counted =
        <I extends unknown[], O>(work: (...input: I) => Promise<O>) =>
        (...input: I): Promise<O> =>
          left-- > 0 ? work(...input) : gone()
      return { ...keyStore, wrap: counted(keyStore.wrap), unwrap: counted(keyStore.unwrap) }
    }
    for (const calls of [0, 1, 2]) {
      await expect(vault.keys.rotate([cheapGuard(), failing(calls)])).rejects.toThrow('The keyring is locked.')
      await expect(vault.keys.rotate([failing(calls), cheapGuard()])).rejects.toThrow('The keyring is locked.')
    }
    await expect(vault.keys.rotate([keyStore, cheapGuard('wrong')])).rejects.toBeInstanceOf(KeyGuardRejected)
    await expect(vault.keys.rotate([keyStore])).rejects.toThrow('passphrase is missing')
    const other = { ...keyStore, unwrap: async () => ({ dataKey: randomBytes(32), rewrap: false }) }
    await expect(vault.keys.rotate([cheapGuard(), other])).rejects.toThrow('does not belong to this vault')
    await expect(vault.keys.check(other)).rejects.toThrow('does not belong to this vault')
    expect(slots()).toEqual(before)
    expect(vault.keys.version()).toBe(1)
    expect(readAll(vault)).toEqual(content)
    await vault.keys.rotate(guards)
    expect(vault.keys.version()).toBe(2)
  })

  it('a write that fails undoes its few values alone, and the next unlock goes on', async () => {
    const { vault, file, keyStore, guards, content } = await filled()
    const raw = new Database(file)
    raw.exec(`CREATE TRIGGER full BEFORE UPDATE ON webhook_deliveries BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
    await vault.keys.rotate(guards)
    await vault.keys.settled()
    expect(vault.keys.rotation().running).toBe(false)
    expect(vault.keys.rotation().done).toBeLessThan(all)
    expect(readAll(vault)).toEqual(content)
    expect(sealedState(file).keys).toEqual([
      { version: 1, older: 0 },
      { version: 2, older: 1 },
    ])
    raw.exec('DROP TRIGGER full')
    raw.close()
    vault.lock('test')
    await vault.unlock(keyStore)
    await vault.keys.settled()
    expect(sealedState(file)).toMatchObject({ versions: { 2: all }, keys: [{ version: 2, older: 0 }] })
    expect(readAll(vault)).toEqual(content)
  })

  it('a lock stops it between two transactions, and unlocking goes on', async () => {
    const { vault, file, guards, content } = await filled()
    await vault.keys.rotate(guards)
    await turn()
    const settled = vault.keys.settled()
    vault.lock('test')
    await settled
    expect(sealedState(file).versions[1]).toBeGreaterThan(0)
    await vault.unlock(cheapGuard())
    expect(readAll(vault)).toEqual(content)
    await vault.keys.settled()
    expect(sealedState(file).versions).toEqual({ 2: all })
  })

  it('another rotation while one is unfinished is fine', async () => {
    const { vault, file, guards, content } = await filled()
    const raw = new Database(file)
    raw.exec(`CREATE TRIGGER full BEFORE UPDATE ON webhook_deliveries BEGIN SELECT RAISE(ABORT, 'disk full'); END`)
    await vault.keys.rotate(guards)
    await vault.keys.settled()
    expect(Object.keys(sealedState(file).versions)).toEqual(['1', '2'])
    raw.exec('DROP TRIGGER full')
    raw.close()
    await vault.keys.rotate(guards)
    expect(readAll(vault)).toEqual(content)
    await vault.keys.settled()
    expect(sealedState(file)).toMatchObject({ versions: { 3: all }, keys: [{ version: 3, older: 0 }] })
    expect(readAll(vault)).toEqual(content)
  })

  it('a value that does not open is kept as it is, with the key that it may need', async () => {
    const { vault, file, keyStore, guards, content } = await filled()
    const raw = new Database(file)
    const read = raw.prepare("SELECT body FROM webhook_deliveries WHERE id = 'del_2'").pluck()
    const write = raw.prepare("UPDATE webhook_deliveries SET body = ? WHERE id = 'del_2'")
    const good = read.get() as Buffer
    const bad = Buffer.from(good)
    bad.writeUInt8(bad.readUInt8(35) ^ 1, 35)
    write.run(bad)
    for (const version of [2, 3]) {
      await vault.keys.rotate(guards)
      await vault.keys.settled()
      expect(read.get()).toEqual(bad)
      expect(vault.keys.rotation()).toEqual({ running: false, done: all - 1, total: all })
      expect(sealedState(file).versions).toEqual({ 1: 1, [version]: all - 1 })
    }
    // Put right by hand, from a backup: it opens, and now the keys before can go.
    write.run(good)
    raw.close()
    vault.lock('test')
    await vault.unlock(keyStore)
    await vault.keys.settled()
    expect(readAll(vault)).toEqual(content)
    expect(sealedState(file)).toMatchObject({ versions: { 3: all }, keys: [{ version: 3, older: 0 }] })
  })

  it('what is written meanwhile is sealed under the new key', async () => {
    const { vault, file, guards } = await filled()
    await vault.keys.rotate(guards)
    vault.records.put('code', 'new', 'written meanwhile', null)
    expect(sealedState(file).versions).toEqual({ 1: all, 2: 1 })
    await vault.keys.settled()
    expect(vault.records.get('code', 'new')).toBe('written meanwhile')
  })

  it('what was remembered is read again, and nothing is remembered over a lock', async () => {
    const { vault, keyStore, guards } = await filled()
    let reads = 0
    const remembered = vault.remember((id: string) => {
      reads++
      return vault.registrations.clientSecret(id)
    })
    expect([remembered('reg_1'), remembered('reg_1'), reads]).toEqual(['client-secret-1', 'client-secret-1', 1])
    await vault.keys.rotate(guards)
    expect([remembered('reg_1'), reads]).toEqual(['client-secret-1', 2])
    await vault.keys.settled()
    expect([remembered('reg_1'), reads]).toEqual(['client-secret-1', 3])
    vault.lock('test')
    expect(() => remembered('reg_1')).toThrow(expect.objectContaining({ code: 'locked' }))
    await vault.unlock(keyStore)
    expect([remembered('reg_1'), reads]).toEqual(['client-secret-1', 4])
  })

  it('a lock while it is being prepared wins, and the new key is wiped', async () => {
    const { vault, keyStore } = await filled()
    const started = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const seen: Uint8Array[] = []
    const slow: KeyGuard = {
      ...keyStore,
      wrap: async (key) => {
        seen.push(key)
        started.resolve()
        await released.promise
        return keyStore.wrap(key)
      },
    }
    const rotating = vault.keys.rotate([cheapGuard(), slow])
    await started.promise
    vault.lock('test')
    released.resolve()
    await expect(rotating).rejects.toBeInstanceOf(KeyGuardUnavailable)
    expect(seen[0]?.every((byte) => byte === 0)).toBe(true)
    await vault.unlock(keyStore)
    expect(vault.keys.version()).toBe(1)
  })
})

it.each(['while', 'after'])('a slot of an older key does not open the vault, %s it is rotated', async (when) => {
  const { vault, file, guards } = await filled()
  const copy = snapshot(file)
  await vault.keys.rotate(guards)
  if (when === 'after') await vault.keys.settled()
  vault.close()
  const raw = new Database(file)
  raw.exec(`ATTACH '${copy}' AS old`)
  raw.pragma('foreign_keys = OFF')
  raw.exec('REPLACE INTO key_slots SELECT * FROM old.key_slots')
  raw.close()
  const again = locked({ file }).vault
  expect(await again.unlock(cheapGuard())).toMatchObject({
    state: 'locked',
    reason: expect.stringContaining('does not belong'),
  })
})
