import { describe, expect, it } from 'vitest'
import { facts, owner, refusal, settled, world } from './support.ts'

const hour = 3_600_000
const url = (text: string) => new URL(text)

describe('[G3] the gate', () => {
  it('lets whoever acts for the person through, and tells them what is not there', async () => {
    const { gate } = await world()
    expect(gate.account('practice:ada', owner, 'token').id).toBe('acc_1')
    expect(refusal(() => gate.account('nobody', owner, 'see')).code).toBe('not_found')
    expect(gate.visible(owner)).toBeNull()
    gate.connect({ provider: 'practice' }, owner)
  })

  it('lets an app do what it may, by every name of the account', async () => {
    const { gate, app } = await world()
    const { caller } = await app([{ rights: ['request'], methods: ['GET'] }])
    for (const name of ['acc_1', 'practice:ada', 'practice:ADA@example.com']) {
      expect(gate.account(name, caller, 'request').id).toBe('acc_1')
    }
    const record = gate.account('acc_1', caller, 'request')
    gate.request(record, caller, { method: 'GET', url: url('https://api.example.com/') })
    expect(gate.allows(record, caller, { method: 'POST', url: url('https://api.example.com/') })).toBe(false)
    expect([...(gate.visible(caller) ?? [])]).toEqual([])
    expect(refusal(() => gate.account('acc_1', caller, 'see')).code).toBe('forbidden')
  })

  it('shows an app the accounts that it may see', async () => {
    const { gate, app } = await world()
    const { caller } = await app([{ rights: ['see'] }, { account: 'work', rights: ['token'] }])
    expect([...(gate.visible(caller) ?? [])]).toEqual(['acc_1'])
  })

  it('finds the one account of a person that the app may use, and names only those of several', async () => {
    const { gate, app, vault, granted, apps } = await world()
    const twin = vault.accounts.get('acc_1')
    if (twin === null) throw new Error('no account')
    vault.accounts.save({ ...twin, id: 'acc_3', alias: 'ada again' })
    vault.accounts.save({ ...twin, id: 'acc_4', alias: 'ada once more' })
    const { caller, id } = await app([{ account: 'acc_3', rights: ['token'] }])
    // An alias stands before a person's name, so the twin is named by its address.
    expect(gate.account('practice:ada@example.com', caller, 'token').id).toBe('acc_3')
    const [more] = granted([{ account: 'acc_4', rights: ['token'] }])
    if (more) await apps.addPermission({ app: id, ...more }, owner)
    const error = refusal(() => gate.account('practice:ada@example.com', caller, 'token'))
    expect(error.code).toBe('ambiguous_account')
    expect(error.details.candidates).toEqual(['acc_3 (ada again)', 'acc_4 (ada once more)'])
  })

  it('does not judge by a permission whose time is over', async () => {
    const { gate, app, clock } = await world()
    const { caller } = await app([{ rights: ['see', 'token'], until: new Date(clock.now() + hour).toISOString() }])
    gate.account('acc_1', caller, 'token')
    clock.advance(hour)
    expect(refusal(() => gate.account('acc_1', caller, 'token')).code).toBe('forbidden')
    expect([...(gate.visible(caller) ?? [])]).toEqual([])
  })

  it('[E17] wants the right to start sign-ins, and another for the token that would be exchanged', async () => {
    const { gate, app, apps, granted } = await world()
    const { caller, id } = await app([{ rights: ['connect'] }])
    const start = { provider: 'github' }
    const error = refusal(() => gate.connect(start, caller))
    expect(error.code).toBe('forbidden')
    expect(apps.asks()).toMatchObject([{ wants: [{ account: null, provider: 'github', rights: ['connect'] }] }, {}])
    gate.connect({ account: 'practice:ada' }, caller)
    expect(refusal(() => gate.connect({ account: 'work' }, caller)).code).toBe('forbidden')
    const [own] = granted([{ account: null, rights: ['connect', 'see'] }])
    if (own) await apps.addPermission({ app: id, ...own }, owner)
    gate.connect(start, caller)
    expect(refusal(() => gate.connect({ ...start, subject_account: 'practice:ada' }, caller)).code).toBe('forbidden')
  })

  it('[E19] takes a host that is bound to nothing and one that is bound to another’s account for the same', async () => {
    const { gate, app, apps, bindings } = await world()
    const { caller } = await app([{ rights: ['request'] }])
    await bindings.save('api.example.com', 'practice:ada', owner)
    await bindings.save('*.example.org', 'work', owner)
    const to = (text: string) => {
      const request = { method: 'GET', url: url(text) }
      return gate.bound(bindings.find(request.url), caller, request)
    }
    expect(to('https://api.example.com/me')?.id).toBe('acc_1')
    const bound = refusal(() => to('https://a.example.org/me'))
    const unbound = refusal(() => to('https://nowhere.test/me'))
    expect(wording(bound)).toEqual(wording(unbound))
    expect(apps.asks().slice(0, 2)).toMatchObject([
      { wants: [{ account: null, hosts: ['nowhere.test'], account_id: null }] },
      { wants: [{ account: null, hosts: ['a.example.org'] }] },
    ])
  })
})

describe('[E17] a first use beyond what was granted', () => {
  it('asks the person and says at once where to go', async () => {
    const { gate, app, apps, seen } = await world()
    const { caller, id } = await app()
    const before = seen.length
    const attempt = { method: 'GET', url: 'https://api.example.com/v1/me?q=1' }
    const error = refusal(() => gate.account('practice:ada', caller, 'request', attempt))
    const [ask] = apps.asks()
    expect(ask).toMatchObject({
      kind: 'permission',
      state: 'waiting',
      app_id: id,
      name: 'Backup',
      times: 1,
      wants: [
        {
          account: 'practice:ada',
          account_id: 'acc_1',
          rights: ['request'],
          hosts: ['api.example.com'],
          methods: ['GET'],
          path_prefix: '/v1/me',
        },
      ],
    })
    expect(error).toMatchObject({
      code: 'forbidden',
      details: {
        action: { url: `latchkey://asks/${ask?.code}`, command: `latchkey pair approve ${ask?.code}` },
      },
    })
    await settled()
    expect(apps.asks()[0]?.caller).toEqual(facts())
    expect(seen.slice(before)).toEqual([{ type: 'ask', ask_id: ask?.id, state: 'waiting' }])
  })

  it('is one question however often it is tried', async () => {
    const { gate, app, apps, seen, clock } = await world()
    const { caller } = await app()
    const before = seen.length
    for (let times = 0; times < 500; times++) {
      clock.advance(1000)
      refusal(() => gate.account('practice:ada', caller, 'token'))
    }
    await settled()
    expect(apps.asks().filter(({ kind }) => kind === 'permission')).toMatchObject([
      { times: 500, last_at: new Date(clock.now()).toISOString() },
    ])
    expect(seen.slice(before)).toHaveLength(1)
  })

  it('grows with what is tried, and tells of it once a minute at most', async () => {
    const { gate, app, apps, seen, clock } = await world()
    const { caller } = await app([{ rights: ['see'] }])
    const record = gate.account('acc_1', caller, 'see')
    const before = seen.length
    const paths = ['/v1/mail/1', '/v1/mail/2', '/v2']
    for (const path of paths) {
      const request = { method: 'GET', url: url(`https://api.example.com${path}`) }
      refusal(() => gate.request(record, caller, request))
    }
    refusal(() => gate.request(record, caller, { method: 'POST', url: url('https://x.example.org/v1/mail') }))
    refusal(() => gate.account('practice:ada', caller, 'token'))
    await settled()
    expect(apps.asks()[0]?.wants).toMatchObject([
      {
        account_id: 'acc_1',
        rights: ['request', 'token'],
        hosts: ['api.example.com', 'x.example.org'],
        methods: ['GET', 'POST'],
        path_prefix: null,
      },
    ])
    expect(seen.slice(before)).toHaveLength(1)
    clock.advance(60_000)
    refusal(() => gate.account('acc_1', caller, 'manage'))
    await settled()
    expect(seen.slice(before)).toHaveLength(2)
  })

  it('is not asked again for a day after a no, unless it is about more', async () => {
    const { gate, app, apps, clock } = await world()
    const { caller } = await app()
    refusal(() => gate.account('practice:ada', caller, 'token'))
    apps.deny(apps.asks()[0]?.code ?? '', owner)
    const again = refusal(() => gate.account('PRACTICE:ADA', caller, 'token'))
    expect(again).toMatchObject({ code: 'forbidden', message: expect.stringContaining('said no') })
    expect(apps.asks().filter(({ state }) => state === 'waiting')).toEqual([])
    refusal(() => gate.account('practice:ada', caller, 'manage'))
    expect(apps.asks().filter(({ state }) => state === 'waiting')).toMatchObject([{ wants: [{ rights: ['manage'] }] }])
    clock.advance(24 * hour)
    expect(refusal(() => gate.account('practice:ada', caller, 'token')).message).not.toContain('said no')
  })

  it('is put aside after a week', async () => {
    const { gate, app, apps, pairing, clock, seen } = await world()
    const { caller } = await app()
    refusal(() => gate.account('practice:ada', caller, 'token'))
    const [first] = apps.asks()
    clock.advance(7 * 24 * hour)
    pairing.sweep()
    expect(seen.at(-1)).toEqual({ type: 'ask', ask_id: first?.id, state: 'expired' })
    refusal(() => gate.account('practice:ada', caller, 'token'))
    expect(apps.asks().filter(({ state }) => state === 'waiting')).toMatchObject([{ times: 1 }])
  })

  it('names the provider that the person has no account at', async () => {
    const { gate, app, apps } = await world()
    const { caller } = await app()
    refusal(() => gate.account('github', caller, 'token'))
    refusal(() => gate.account('google:ada', caller, 'token'))
    expect(apps.asks().map(({ wants }) => wants[0]?.provider)).toEqual(['google', 'github', undefined])
  })

  it('keeps no part of a path that looks like a secret', async () => {
    const { gate, app, apps } = await world()
    const { caller } = await app()
    const secret = 'xoxb-4fJ9s8Kd7Qw2Zx6Lm3Np5Rt1'
    refusal(() =>
      gate.account('acc_1', caller, 'request', { method: 'GET', url: `https://api.example.com/hooks/${secret}/x` }),
    )
    expect(apps.asks()[0]?.wants[0]?.path_prefix).toBe('/hooks')
  })

  it('goes on once the person agrees, with what the person chose', async () => {
    const { gate, app, apps, approve, seen } = await world()
    const { caller, id } = await app()
    const want = () => gate.account('practice:ada', caller, 'request', { method: 'GET', url: '/me' })
    refusal(want)
    const [ask] = apps.asks()
    expect(await approve(ask?.id ?? '', [{ rights: ['request'], hosts: ['api.example.com'] }])).toMatchObject({
      state: 'approved',
    })
    expect(want().id).toBe('acc_1')
    expect(seen.slice(-2)).toEqual([
      { type: 'app', app_id: id, state: 'active' },
      { type: 'ask', ask_id: ask?.id, state: 'approved' },
    ])
  })
})

const wording = ({ code, message, details }: ReturnType<typeof refusal>) =>
  JSON.stringify({ code, message, details }).replace(/[2-9B-Z]{4}-[2-9B-Z]{4}/g, 'CODE')
