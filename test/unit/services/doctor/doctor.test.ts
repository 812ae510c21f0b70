import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createBadge } from '../../../../electron/services/badge.ts'
import { ok } from '../../../../electron/services/doctor/check.ts'
import { createDoctor } from '../../../../electron/services/doctor/doctor.ts'
import { type KeyGuard, KeyGuardUnavailable } from '../../../../electron/vault/ports.ts'
import { cheapGuard, noLog } from '../../vault/support.ts'
import { nobody, patient, provider } from './world.ts'

const keyStore = (failure?: KeyGuardUnavailable): KeyGuard => ({
  ...cheapGuard('of the key store'),
  kind: 'os-keyring',
  probe: async () => {
    if (failure) throw failure
  },
})
const locked = new KeyGuardUnavailable('The keyring is locked.', 'Unlock the keyring.')

describe('[G7] the doctor', () => {
  it('finds nothing in a healthy profile, and has a check for each thing that can be wrong', async () => {
    const { run } = await patient({ guards: [keyStore()] }, { acme: await provider() })
    const checks = await run()
    expect(checks.map((it) => [it.id, it.state])).toEqual([
      ['backend', 'ok'],
      ['keyring', 'ok'],
      ['vault', 'ok'],
      ['files', 'ok'],
      ['ports', 'ok'],
      ['clock', 'ok'],
      ['proxies', 'not_applicable'],
      ['providers', 'ok'],
      ['versions', 'ok'],
    ])
    for (const check of checks) expect(check.remedy, check.id).toBeNull()
  })

  it('changes nothing', async () => {
    const { run, home } = await patient({ guards: [keyStore()] }, { acme: await provider() })
    const look = () =>
      fs
        .readdirSync(home)
        .sort()
        .map((name) => {
          const { mode, size, mtimeMs } = fs.statSync(path.join(home, name))
          return { name, mode, size, mtimeMs }
        })
    const before = look()
    await run()
    expect(look()).toEqual(before)
  })

  it('names no secret', async () => {
    const { run, vault } = await patient({}, { acme: await provider() })
    vault.routes.save(
      'acme',
      {
        proxy: 'http://127.0.0.1:1',
        proxyUsername: 'canary-user',
        caBundle: null,
        certificate: null,
        privateNetwork: false,
      },
      { proxyPassword: 'canary-password', privateKey: null },
    )
    const text = JSON.stringify(await run())
    expect(text).toContain('http://127.0.0.1:1')
    expect(text).not.toContain('canary')
    expect(text).not.toContain('a client secret')
  })

  it('answers everything that it can while the vault is locked', async () => {
    const { run, vault } = await patient({}, { acme: await provider() })
    vault.lock('test')
    const states = Object.fromEntries((await run()).map((it) => [it.id, it.state]))
    expect(states).toMatchObject({
      vault: 'ok',
      files: 'ok',
      ports: 'ok',
      versions: 'ok',
      clock: 'not_applicable',
      providers: 'not_applicable',
    })
  })

  it('waits for no check longer than its limit, and keeps going when one fails', async () => {
    const run = createDoctor({
      checks: () => [
        { id: 'a', title: 'A', run: () => new Promise(() => {}) },
        { id: 'b', title: 'B', run: () => Promise.reject(new Error('/secret/path')) },
        { id: 'c', title: 'C', run: async () => ok('Fine.') },
      ],
      logger: noLog,
      limit: 20,
    })
    const checks = await run()
    expect(checks.map((it) => it.state)).toEqual(['warning', 'warning', 'ok'])
    expect(checks[0]?.message).toContain('too long')
    expect(JSON.stringify(checks)).not.toContain('/secret/path')
  })
})

describe('backend', () => {
  it('[G7] is the badge, and warns of the weak ones', async () => {
    const file = await patient({ badge: createBadge({ memoryOnly: false, passphraseInFile: true }) })
    expect(await file.check('backend')).toMatchObject({ state: 'warning', facts: { Level: 'Passphrase in a file' } })
    expect((await file.check('backend')).remedy).toContain('remove the file')
  })
})

describe('keyring', () => {
  it('is a problem only where the vault needs it', async () => {
    const spare = await patient({ guards: [keyStore(locked)] })
    expect(await spare.check('keyring')).toMatchObject({ state: 'not_applicable' })
    await spare.vault.keys.add(keyStore())
    expect(await spare.check('keyring')).toMatchObject({
      state: 'problem',
      message: expect.stringContaining('The keyring is locked.'),
      remedy: 'Unlock the keyring.',
    })
  })

  it('says so when only another host can open the vault', async () => {
    const { vault, check } = await patient()
    await vault.keys.add({ ...keyStore(), kind: 'safe-storage' })
    expect(await check('keyring')).toMatchObject({ state: 'not_applicable' })
    await vault.keys.remove('passphrase')
    expect(await check('keyring')).toMatchObject({ state: 'problem', remedy: expect.stringContaining('desktop app') })
  })
})

describe('vault', () => {
  it('finds a damaged file', async () => {
    const { paths, check } = await patient()
    const db = new Database(paths.vault)
    db.pragma('wal_checkpoint(TRUNCATE)')
    db.close()
    const size = fs.statSync(paths.vault).size
    const file = fs.openSync(paths.vault, 'r+')
    // Whole pages of an index or table, but not the first one, which says what the file is.
    fs.writeSync(file, Buffer.alloc(4096 * 4, 0xff), 0, 4096 * 4, size - 4096 * 4)
    fs.closeSync(file)
    expect(await check('vault')).toMatchObject({ state: 'problem', remedy: expect.stringContaining('backup') })
  })

  it('finds what was moved or changed inside it, and names whose it is', async () => {
    const { paths, check } = await patient({}, { acme: await provider() })
    expect(await check('vault')).toMatchObject({ state: 'ok' })
    const db = new Database(paths.vault)
    db.exec("UPDATE registrations SET client_secret = zeroblob(64) WHERE id = 'reg_acme'")
    db.close()
    expect(await check('vault')).toMatchObject({ state: 'problem', message: expect.stringContaining('acme') })
  })

  it('has nothing to look at when it is in memory', async () => {
    const { check } = await patient({ memoryOnly: true })
    expect(await check('vault')).toMatchObject({ state: 'not_applicable' })
  })
})

describe.skipIf(process.platform === 'win32')('files', () => {
  it('finds what others can read, wherever it is, and says the command that takes it away', async () => {
    const { home, check } = await patient()
    const deep = path.join(home, 'backups', "it's.db")
    fs.mkdirSync(path.dirname(deep), { mode: 0o700 })
    fs.writeFileSync(deep, '')
    fs.chmodSync(deep, 0o640)
    expect(await check('files')).toMatchObject({
      state: 'problem',
      message: expect.stringContaining(deep),
      remedy: expect.stringContaining(`chmod go-rwx '${home}/backups/it'\\''s.db'`),
    })
    fs.rmSync(deep)
    fs.chmodSync(home, 0o755)
    expect(await check('files')).toMatchObject({ state: 'problem', remedy: expect.stringContaining('chmod 700') })
  })

  it('leaves to Electron and Node the modes of what they keep behind the folder’s own', async () => {
    const { home, check } = await patient()
    for (const name of ['electron', 'cache']) {
      fs.mkdirSync(path.join(home, name))
      fs.writeFileSync(path.join(home, name, 'file'), '', { mode: 0o644 })
    }
    fs.mkdirSync(path.join(home, 'profiles', 'work'), { recursive: true, mode: 0o700 })
    fs.writeFileSync(path.join(home, 'profiles', 'work', 'vault.db'), '', { mode: 0o644 })
    expect(await check('files')).toMatchObject({ state: 'ok' })
  })

  it('finds what belongs to somebody else', async (context) => {
    if (process.getuid?.() !== 0) return context.skip('only root can give a file away')
    const { home, check } = await patient()
    fs.writeFileSync(path.join(home, 'foreign'), '', { mode: 0o600 })
    fs.chownSync(path.join(home, 'foreign'), 12_345, 12_345)
    expect(await check('files')).toMatchObject({ state: 'problem', message: expect.stringContaining('another user') })
  })
})

describe('ports', () => {
  it('finds an endpoint file that is gone, of another process, or open to others', async () => {
    const { paths, check } = await patient()
    const text = fs.readFileSync(paths.endpoint, 'utf8')
    fs.chmodSync(paths.endpoint, 0o644)
    if (process.platform !== 'win32') {
      expect(await check('ports')).toMatchObject({ state: 'problem', remedy: expect.stringContaining('chmod 600') })
    }
    fs.chmodSync(paths.endpoint, 0o600)
    expect(await check('ports')).toMatchObject({ state: 'ok' })
    fs.writeFileSync(paths.endpoint, text.replace(String(process.pid), '1'))
    expect((await check('ports')).message).toContain('another Latchkey')
    fs.rmSync(paths.endpoint)
    expect((await check('ports')).message).toContain('missing')
  })

  it('says who has the usual port', async () => {
    const server = net.createServer().listen(47_321, '127.0.0.1')
    onTestFinished(() => void server.close())
    const free = await new Promise<boolean>((resolve) => {
      server.once('listening', () => resolve(true)).once('error', () => resolve(false))
    })
    const { paths, parts } = await patient()
    const api = { http: 'http://127.0.0.1:50000', socket: paths.socket }
    fs.writeFileSync(paths.endpoint, JSON.stringify({ version: 1, pid: process.pid, ...api }), { mode: 0o600 })
    const { portsCheck } = await import('../../../../electron/services/doctor/ports.ts')
    const found = await portsCheck({ ...parts, api: () => api }).run(new AbortController().signal)
    expect(found.state).toBe('warning')
    if (process.platform === 'linux' && free) expect(found.facts['Port 47321']).toContain(`process ${process.pid}`)
  })
})

describe('clock and providers', () => {
  it('finds a clock that is wrong by what most providers say', async () => {
    const right = await patient({}, { a: await provider(0), b: await provider(3_600_000), c: await provider(0) })
    expect(await right.check('clock')).toMatchObject({
      state: 'ok',
      facts: { a: 'right', b: expect.stringMatching(/^(3599|3600|3601) s behind$/) },
    })
    const wrong = await patient({}, { a: await provider(-600_000) })
    expect(await wrong.check('clock')).toMatchObject({
      state: 'problem',
      message: expect.stringMatching(/(599|600|601) s ahead/),
    })
  })

  it('says which provider cannot be reached, and asks none that has no account', async () => {
    const gone = await nobody()
    const some = await patient({}, { acme: await provider(), gone })
    expect(await some.check('providers')).toMatchObject({
      state: 'warning',
      message: 'Not every provider can be reached: gone.',
      facts: { acme: expect.stringContaining('answered in'), gone: expect.stringContaining('refused') },
    })
    const all = await patient({}, { gone })
    expect(await all.check('providers')).toMatchObject({ state: 'problem' })
    expect(await all.check('clock')).toMatchObject({ state: 'not_applicable' })
    expect(await (await patient()).check('providers')).toMatchObject({ state: 'not_applicable' })
  })
})

describe('proxies', () => {
  it('tries each one, without telling its password', async () => {
    const server = net.createServer().listen(0, '127.0.0.1')
    onTestFinished(() => void server.close())
    await new Promise((resolve) => server.once('listening', resolve))
    const { port } = server.address() as net.AddressInfo
    const good = await patient({ env: { HTTPS_PROXY: `http://me:canary@127.0.0.1:${port}`, no_proxy: 'intern' } })
    expect(await good.check('proxies')).toMatchObject({
      state: 'ok',
      facts: { HTTPS_PROXY: `http://127.0.0.1:${port}: takes connections`, 'Without a proxy': 'intern' },
    })
    const bad = await patient({ env: { HTTPS_PROXY: await nobody(), http_proxy: 'http://[' } })
    expect(await bad.check('proxies')).toMatchObject({
      state: 'problem',
      message: 'A proxy cannot be used: HTTPS_PROXY, HTTP_PROXY.',
      facts: { HTTP_PROXY: 'not a URL: cannot be read' },
    })
  })
})

it('versions: warns of a Node.js that is too old', async () => {
  const { versionsCheck } = await import('../../../../electron/services/doctor/versions.ts')
  const of = (node: string) =>
    versionsCheck({ version: '1', host: 'headless', versions: { ...process.versions, node } }).run(
      new AbortController().signal,
    )
  expect(await of('18.20.0')).toMatchObject({ state: 'warning' })
  expect(await of('20.18.0')).toMatchObject({ state: 'ok', facts: { SQLite: expect.stringMatching(/^3\./) } })
})
