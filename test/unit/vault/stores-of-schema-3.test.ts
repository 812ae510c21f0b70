import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { AppRecord, AskRecord, PermissionRecord } from '../../../electron/vault/ports-apps.ts'
import { account, seed, unlocked } from './support.ts'

const caller = {
  transport: 'socket' as const,
  pid: 7,
  user: 'ada',
  process: 'node',
  executable: '/usr/bin/node',
  script: '/home/ada/mail.js',
  started_by: ['bash'],
}

const app = (changes: Partial<AppRecord> = {}): AppRecord => ({
  id: 'app_1',
  name: 'Mail',
  purpose: 'Reads mail.',
  keyHash: Buffer.alloc(32, 1),
  createdAt: 1,
  lastUsedAt: null,
  expiresAt: null,
  idleDays: 30,
  revokedAt: null,
  caller,
  ...changes,
})

const permission = (changes: Partial<PermissionRecord> = {}): PermissionRecord => ({
  id: 'perm_1',
  appId: 'app_1',
  accountId: 'acc_1',
  rights: ['see', 'request'],
  hosts: ['api.example.com'],
  methods: ['GET'],
  pathPrefix: '/v1/me',
  until: 99,
  createdAt: 1,
  updatedAt: 2,
  ...changes,
})

const ask = (changes: Partial<AskRecord> = {}): AskRecord => ({
  id: 'ask_1',
  kind: 'permission',
  code: 'WXYZ-2345',
  state: 'waiting',
  appId: 'app_1',
  name: 'Mail',
  purpose: 'Reads mail.',
  userAgent: 'mail/1',
  wants: [{ account: 'work', provider: null, rights: ['request'], hosts: [], methods: [], pathPrefix: null }],
  caller: null,
  secretHash: null,
  times: 1,
  createdAt: 1,
  lastAt: 1,
  expiresAt: 100,
  decidedAt: null,
  ...changes,
})

async function seeded() {
  const opened = await unlocked()
  seed(opened.vault)
  opened.vault.apps.save(app())
  return opened
}

describe('apps', () => {
  it('[F11] come back as they were saved, by id and by the hash of their key', async () => {
    const { vault } = await seeded()
    const second = app({ id: 'app_2', keyHash: Buffer.alloc(32, 2), createdAt: 2, caller: null, idleDays: null })
    vault.apps.save(second)
    expect(vault.apps.list()).toEqual([app(), second])
    expect(vault.apps.get('app_2')).toEqual(second)
    expect(vault.apps.byKeyHash(Buffer.alloc(32, 2))).toEqual(second)
    expect(vault.apps.byKeyHash(Buffer.alloc(32, 3))).toBeNull()
    expect(vault.apps.get('none')).toBeNull()
    vault.apps.save(app({ name: 'Renamed', expiresAt: 5 }))
    expect(vault.apps.get('app_1')).toEqual(app({ name: 'Renamed', expiresAt: 5 }))
  })

  it('one hash of a key belongs to one app', async () => {
    const { vault } = await seeded()
    expect(() => vault.apps.save(app({ id: 'app_2' }))).toThrow('UNIQUE')
  })

  it('the last use is written once a minute', async () => {
    const { vault } = await seeded()
    const at = 1_000_000
    for (const after of [0, 30_000, 59_999]) vault.apps.touchUsed('app_1', at + after)
    expect(vault.apps.get('app_1')?.lastUsedAt).toBe(at)
    vault.apps.touchUsed('app_1', at + 60_000)
    expect(vault.apps.get('app_1')?.lastUsedAt).toBe(at + 60_000)
  })

  it('[F11] revoking one keeps it without permissions and without waiting asks', async () => {
    const { vault } = await seeded()
    vault.apps.save(app({ id: 'app_2', keyHash: Buffer.alloc(32, 2) }))
    vault.apps.savePermission(permission())
    vault.apps.savePermission(permission({ id: 'perm_2', appId: 'app_2' }))
    vault.asks.save(ask())
    vault.asks.save(ask({ id: 'ask_2', code: 'AAAA-2222', state: 'denied', decidedAt: 5 }))
    vault.asks.save(ask({ id: 'ask_3', code: 'BBBB-2222', appId: 'app_2' }))
    vault.apps.revoke('app_1', 50)
    vault.apps.revoke('app_1', 60)
    expect(vault.apps.byKeyHash(Buffer.alloc(32, 1))).toEqual(app({ revokedAt: 50 }))
    expect(vault.apps.permissions().map(({ id }) => id)).toEqual(['perm_2'])
    expect(
      vault.asks
        .list()
        .map(({ id }) => id)
        .sort(),
    ).toEqual(['ask_2', 'ask_3'])
  })
})

describe('permissions', () => {
  it('[F11] come back as they were saved, those of one app too', async () => {
    const { vault } = await seeded()
    vault.apps.save(app({ id: 'app_2', keyHash: Buffer.alloc(32, 2) }))
    const open = permission({ id: 'perm_2', appId: 'app_2', accountId: null, until: null, pathPrefix: null, hosts: [] })
    vault.apps.savePermission(permission())
    vault.apps.savePermission(open)
    expect(vault.apps.permissions()).toEqual([permission(), open])
    expect(vault.apps.permissions('app_2')).toEqual([open])
    expect(vault.apps.permission('perm_1')).toEqual(permission())
    vault.apps.savePermission(permission({ rights: ['token'], until: null }))
    expect(vault.apps.permission('perm_1')).toEqual(permission({ rights: ['token'], until: null }))
    vault.apps.removePermission('perm_1')
    expect(vault.apps.permission('perm_1')).toBeNull()
  })

  it('go with their account, and need one that is there', async () => {
    const { vault } = await seeded()
    vault.apps.savePermission(permission())
    vault.accounts.remove('acc_1')
    expect(vault.apps.permissions()).toEqual([])
    expect(() => vault.apps.savePermission(permission())).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

describe('asks', () => {
  it('[F11] come back as they were saved, the newest first, by id and by code', async () => {
    const { vault } = await seeded()
    const pairing = ask({
      id: 'ask_2',
      kind: 'pair',
      code: 'AAAA-2222',
      appId: null,
      caller,
      secretHash: Buffer.alloc(32, 9),
      createdAt: 2,
    })
    vault.asks.save(ask())
    vault.asks.save(pairing)
    expect(vault.asks.list()).toEqual([pairing, ask()])
    expect(vault.asks.get('ask_2')).toEqual(pairing)
    expect(vault.asks.get('WXYZ-2345')).toEqual(ask())
    expect(vault.asks.get('none')).toBeNull()
    vault.asks.save(ask({ times: 2, lastAt: 3, state: 'approved', decidedAt: 3 }))
    expect(vault.asks.get('ask_1')).toEqual(ask({ times: 2, lastAt: 3, state: 'approved', decidedAt: 3 }))
  })

  it('are swept when they were decided, or had run out, before a time', async () => {
    const { vault } = await seeded()
    vault.asks.save(ask({ id: 'out', code: '1', expiresAt: 49 }))
    vault.asks.save(ask({ id: 'waits', code: '2', expiresAt: 50 }))
    vault.asks.save(ask({ id: 'decided', code: '3', expiresAt: 100, decidedAt: 10 }))
    vault.asks.sweep(50)
    expect(vault.asks.list().map(({ id }) => id)).toEqual(['waits'])
  })
})

describe('bindings', () => {
  it('[E19] one account a host; they go with the account', async () => {
    const { vault } = await seeded()
    vault.accounts.save(account({ id: 'acc_2', alias: 'two' }))
    vault.bindings.save({ host: 'b.example', accountId: 'acc_1', createdAt: 1 })
    vault.bindings.save({ host: 'a.example', accountId: 'acc_1', createdAt: 2 })
    vault.bindings.save({ host: 'b.example', accountId: 'acc_2', createdAt: 3 })
    expect(vault.bindings.list()).toEqual([
      { host: 'a.example', accountId: 'acc_1', createdAt: 2 },
      { host: 'b.example', accountId: 'acc_2', createdAt: 3 },
    ])
    vault.accounts.remove('acc_2')
    expect(vault.bindings.get('b.example')).toBeNull()
    vault.bindings.remove('a.example')
    expect(vault.bindings.list()).toEqual([])
    expect(() => vault.bindings.save({ host: 'x', accountId: 'acc_2', createdAt: 1 })).toThrow(
      expect.objectContaining({ code: 'not_found' }),
    )
  })
})

it('[F11] the keys of apps are not in the file: their hashes are', async () => {
  const { vault, file } = await seeded()
  vault.close()
  expect(fs.readFileSync(file).includes(Buffer.alloc(32, 1))).toBe(true)
})

it('[F11] all of it is locked with the vault', async () => {
  const { vault } = await seeded()
  vault.lock('test')
  for (const read of [
    () => vault.apps.list(),
    () => vault.asks.list(),
    () => vault.bindings.list(),
    () => vault.apps.touchUsed('app_1', 1),
    () => vault.activity.usage('acc_1', 0),
    () => vault.activity.addAll([]),
  ]) {
    expect(read).toThrow(expect.objectContaining({ code: 'locked' }))
  }
})
