import { describe, expect, it } from 'vitest'
import { owner, refusal, settled, world } from './support.ts'

const day = 86_400_000

describe('[G3] the person', () => {
  it('sees apps by name, with what each may do', async () => {
    const { apps, app } = await world()
    await app([{ rights: ['token', 'see', 'see'] }], 'Zebra')
    await app([], 'ant')
    expect(apps.list()).toMatchObject([
      { name: 'ant', state: 'active', permissions: [] },
      { name: 'Zebra', permissions: [{ account_id: 'acc_1', rights: ['see', 'token'] }] },
    ])
    expect(apps.get('ZEBRA').name).toBe('Zebra')
    expect(refusal(() => apps.get('nobody')).code).toBe('not_found')
  })

  it('adds, replaces and withdraws permissions, each with a note', async () => {
    const { apps, app, granted, vault, gate, seen } = await world()
    const { id, caller } = await app()
    const [token] = granted([{ rights: ['token'] }])
    if (token === undefined) throw new Error('no permission')
    const added = await apps.addPermission({ app: 'Backup', ...token }, owner)
    const [permission] = added.permissions
    expect(gate.account('acc_1', caller, 'token').id).toBe('acc_1')

    await apps.changePermission({ id: permission?.id ?? '', ...token, account: 'work', rights: ['see'] }, owner)
    expect(apps.get(id).permissions).toMatchObject([{ id: permission?.id, account_id: 'acc_2', rights: ['see'] }])
    expect(refusal(() => gate.account('acc_1', caller, 'token')).code).toBe('forbidden')

    apps.withdrawPermission(permission?.id ?? '', owner)
    expect(apps.get(id).permissions).toEqual([])
    expect(refusal(() => gate.account('acc_2', caller, 'see')).code).toBe('forbidden')
    expect(refusal(() => apps.withdrawPermission(permission?.id ?? '', owner)).code).toBe('not_found')

    const notes = vault.activity.list({ appId: id, limit: 20 })
    expect(notes.every(({ kind, app_name: name }) => kind === 'app' && name === 'Backup')).toBe(true)
    expect(notes.filter(({ actor }) => actor === 'cli').map(({ summary }) => summary)).toEqual([
      'Backup may no longer: see with work',
      'A permission of Backup was changed: see with work',
      'Backup may: token with practice:ada',
    ])
    expect(seen.filter(({ type }) => type === 'app')).toHaveLength(4)
  })

  it('grants the same again without a second permission for it', async () => {
    const { apps, app, approve, gate } = await world()
    const { id, caller } = await app([{ rights: ['see'] }])
    refusal(() => gate.account('acc_1', caller, 'token'))
    await approve(apps.asks()[0]?.code ?? '', [{ rights: ['token'] }, { rights: ['request'], methods: ['GET'] }])
    expect(apps.get(id).permissions).toMatchObject([
      { rights: ['see', 'token'], methods: [] },
      { rights: ['request'], methods: ['GET'] },
    ])
  })

  it.each([
    ['a host beyond the account’s destination policy', { rights: ['request'], hosts: ['evil.test'] }, 'hosts'],
    ['hosts below one that the policy has alone', { rights: ['request'], hosts: ['*.api.example.com'] }, 'hosts'],
    ['all hosts below a name of which it has one', { rights: ['request'], hosts: ['*.example.com'] }, 'hosts'],
    ['another port', { rights: ['request'], hosts: ['api.example.com:8443'] }, 'hosts'],
    ['what is no host', { rights: ['request'], hosts: ['api.example.com/x'] }, 'hosts'],
    ['a path that cannot be compared', { rights: ['request'], path_prefix: '/a;b' }, 'path_prefix'],
    ['an account that is not there', { account: 'nobody' }, 'account'],
    ['no account, without the right to connect one', { account: null }, 'rights'],
    ['a time that is over', { until: '2020-01-01T00:00:00Z' }, 'until'],
  ] as const)('cannot grant %s', async (_, permission, field) => {
    const { pair, approve, apps, pairing } = await world()
    const { code, id, secret = '' } = await pair()
    const refused = approve(code, [{}, permission as never])
    await expect(refused).rejects.toMatchObject({ details: { field: `permissions.1.${field}` } })
    // Nothing of it was granted, and it can be decided still.
    expect(apps.ask(id).state).toBe('waiting')
    expect(pairing.look(id, secret)).not.toHaveProperty('key')
  })

  it('can grant hosts that the policy covers', async () => {
    const { app, apps } = await world()
    const hosts = ['API.example.com', '*.example.org', 'a.example.org', '*.b.example.org']
    const { id } = await app([{ rights: ['request'], hosts, path_prefix: '/v1/' }])
    expect(apps.get(id).permissions).toMatchObject([
      { hosts: ['api.example.com', '*.example.org', 'a.example.org', '*.b.example.org'], path_prefix: '/v1' },
    ])
  })

  it('keeps no narrowing where there are no requests to narrow', async () => {
    const { app, apps } = await world()
    const { id } = await app([{ rights: ['token'], hosts: ['evil.test'], methods: ['GET'], path_prefix: '/x' }])
    expect(apps.get(id).permissions).toMatchObject([{ rights: ['token'], hosts: [], methods: [], path_prefix: null }])
  })

  it('decides once', async () => {
    const { pair, approve, apps } = await world()
    const { code } = await pair()
    await approve(code)
    expect(refusal(() => apps.deny(code, owner))).toMatchObject({ code: 'invalid_request', details: { field: 'ask' } })
    await expect(approve(code)).rejects.toMatchObject({ code: 'invalid_request' })
    // Twice at once: one of them counts.
    const second = await pair({ name: 'Other' })
    const both = [1, 2].map(() => approve(second.code, [{ rights: ['request'], hosts: ['api.example.com'] }]))
    const ends = await Promise.allSettled(both)
    expect(ends.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected'])
  })

  it('renames and ends an app, but gives it no other’s name', async () => {
    const { apps, app, clock } = await world()
    const { id } = await app([], 'One')
    await app([], 'Two')
    const expires_at = new Date(clock.now() + day).toISOString()
    expect(apps.change({ app: id, name: 'Uno', expires_at }, owner)).toMatchObject({ name: 'Uno', expires_at })
    expect(refusal(() => apps.change({ app: id, name: 'tWO' }, owner)).details.field).toBe('name')
    expect(refusal(() => apps.change({ app: id, name: '\u202e' }, owner)).details.field).toBe('name')
    expect(refusal(() => apps.change({ app: id, expires_at: '2020-01-01T00:00:00Z' }, owner)).details.field).toBe(
      'expires_at',
    )
  })

  it('takes everything back at once', async () => {
    const { apps, app, gate, pairing, onEnded, seen, vault } = await world()
    const { id, key, caller } = await app([{ rights: ['token'] }])
    refusal(() => gate.account('work', caller, 'token'))
    await settled()
    const ended: string[] = []
    onEnded(id, () => ended.push('one'))
    const stop = onEnded(id, () => ended.push('other'))
    stop()
    apps.revoke('backup', owner)
    expect(ended).toEqual(['one'])
    expect(refusal(() => pairing.authenticate(key))).toMatchObject({
      code: 'unauthenticated',
      message: expect.stringContaining('taken back'),
    })
    expect(refusal(() => gate.account('acc_1', caller, 'token')).code).toBe('unauthenticated')
    expect(apps.list()).toEqual([])
    expect(apps.asks().filter(({ state }) => state === 'waiting')).toEqual([])
    expect(vault.apps.permissions()).toEqual([])
    expect(seen.slice(-2)).toMatchObject([
      { type: 'ask', state: 'expired' },
      { type: 'app', app_id: id, state: 'revoked' },
    ])
  })
})

describe('[E17] an account that an app has connected', () => {
  it('gets what the permission without an account says, but not the right to connect', async () => {
    const { apps, app, gate } = await world()
    const { id, caller } = await app([{ account: null, rights: ['connect', 'see', 'request'], methods: ['GET'] }])
    apps.connected(id, 'acc_2')
    expect(apps.get(id).permissions).toMatchObject([
      { account_id: null },
      { account_id: 'acc_2', rights: ['see', 'request'], methods: ['GET'] },
    ])
    expect(gate.account('work', caller, 'request').id).toBe('acc_2')
    expect(refusal(() => gate.account('work', caller, 'connect')).code).toBe('forbidden')
  })

  it('gets nothing when nothing was granted for it, or when the app has gone', async () => {
    const { apps, app, vault } = await world()
    const { id } = await app([{ account: null, rights: ['connect'] }])
    apps.connected(id, 'acc_2')
    expect(apps.get(id).permissions).toHaveLength(1)
    apps.revoke(id, owner)
    apps.connected(id, 'acc_2')
    expect(vault.apps.permissions(id)).toEqual([])
  })
})

describe('[G3] an account that is removed', () => {
  it('takes its permissions along', async () => {
    const { apps, app, vault, events, gate } = await world()
    const { id, caller } = await app([{ rights: ['see'] }])
    expect(gate.visible(caller)?.has('acc_1')).toBe(true)
    vault.accounts.remove('acc_1')
    events.emit({ type: 'account', account_id: 'acc_1', state: 'removed' })
    await settled()
    expect(apps.get(id).permissions).toEqual([])
  })
})
