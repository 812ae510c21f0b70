import { describe, expect, it } from 'vitest'
import { newCode, readCode } from '../../../../electron/services/apps/code.ts'
import { backup, facts, origin, owner, refusal, world } from './support.ts'

const minute = 60_000

describe('[F11] pairing', () => {
  it('shows the same code on both sides, and hands the key over once', async () => {
    const { pairing, apps, pair, approve, seen } = await world()
    const asked = await pair({ wants: [{ account: 'practice:ada', rights: ['see', 'request'] }] })
    expect(asked).toMatchObject({ state: 'waiting', interval: 2, secret: expect.stringMatching(/^[\w-]{43}$/) })
    expect(asked.code).toMatch(/^[2-9B-DF-HJ-KM-NP-TV-Z]{4}-[2-9B-DF-HJ-KM-NP-TV-Z]{4}$/)
    const [ask] = apps.asks()
    expect(ask).toMatchObject({
      ...backup,
      kind: 'pair',
      code: asked.code,
      state: 'waiting',
      user_agent: 'backup/1.0',
      caller: facts(),
      wants: [{ account: 'practice:ada', account_id: 'acc_1', rights: ['see', 'request'] }],
    })
    const { id, secret = '' } = asked
    expect(pairing.look(id, secret)).not.toHaveProperty('key')

    await approve(asked.code, [{ rights: ['see', 'request'] }])
    // Nothing that could be used is there before it was collected.
    expect(apps.list()).toEqual([])
    const first = pairing.look(id, secret)
    expect(first).toMatchObject({ state: 'approved', key: expect.stringMatching(/^lkapp_[\w-]{43}$/) })
    expect(first.permissions).toMatchObject([{ account_id: 'acc_1', rights: ['see', 'request'] }])
    const again = pairing.look(id, secret)
    expect(again).toMatchObject({ state: 'approved', app_id: first.app_id })
    expect(again).not.toHaveProperty('key')
    expect(pairing.authenticate(first.key ?? '')).toEqual({ id: first.app_id, name: 'Backup' })
    expect(seen).toEqual([
      { type: 'ask', ask_id: id, state: 'waiting' },
      { type: 'ask', ask_id: id, state: 'approved' },
      { type: 'app', app_id: first.app_id, state: 'active' },
    ])
  })

  it('leaves no app when an approved one does not collect its key in time', async () => {
    const { pairing, apps, pair, approve, clock, vault, seen } = await world()
    const { id, code, secret = '' } = await pair()
    await approve(code, [{}])
    clock.advance(10 * minute)
    expect(pairing.look(id, secret)).toMatchObject({ state: 'expired' })
    pairing.sweep()
    expect(pairing.look(id, secret)).toMatchObject({ state: 'expired' })
    expect(apps.list()).toEqual([])
    expect(vault.apps.list()).toEqual([])
    expect(seen.at(-1)).toEqual({ type: 'ask', ask_id: id, state: 'expired' })
  })

  it('says no until its time is over, and hears no second question in the same breath', async () => {
    const { pairing, apps, pair, clock } = await world()
    const { id, code, secret = '' } = await pair()
    apps.deny(code.toLowerCase().replace('-', ' '), owner)
    expect(pairing.look(id, secret)).toMatchObject({ state: 'denied' })
    await expect(pair()).rejects.toMatchObject({ code: 'rate_limited', details: { retry_after: 600 } })
    clock.advance(10 * minute)
    expect(await pair()).toMatchObject({ state: 'waiting' })
  })

  it('ends by itself after ten minutes', async () => {
    const { pairing, apps, pair, clock, approve } = await world()
    const { id, code, secret = '' } = await pair()
    clock.advance(10 * minute - 1)
    expect(pairing.look(id, secret).state).toBe('waiting')
    clock.advance(1)
    expect(pairing.look(id, secret).state).toBe('expired')
    expect(apps.asks()).toEqual([])
    await expect(approve(code)).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'ask' } })
  })

  it('takes five at a time, and says when there is room again', async () => {
    const { pair, clock } = await world()
    for (let number = 1; number <= 5; number++) {
      await pair({ name: `Program ${number}` }, origin(facts({ pid: number })))
      clock.advance(1000)
    }
    const sixth = pair({ name: 'Program 6' }, origin(facts({ pid: 6 })))
    await expect(sixth).rejects.toMatchObject({ code: 'rate_limited', details: { retry_after: 595 } })
    clock.advance(595_000)
    expect(await pair({ name: 'Program 6' }, origin(facts({ pid: 6 })))).toMatchObject({ state: 'waiting' })
  })

  it('is one question when the same process asks it again; the secret before is worth nothing then', async () => {
    const { pairing, apps, pair, seen } = await world()
    const first = await pair()
    const second = await pair()
    expect(apps.asks()).toMatchObject([{ id: second.id, times: 2, code: first.code }])
    expect(refusal(() => pairing.look(first.id, first.secret ?? '')).code).toBe('not_found')
    expect(pairing.look(second.id, second.secret ?? '').state).toBe('waiting')
    expect(seen).toHaveLength(1)
    // Another process, or one of which nothing is known, asks for itself.
    await pair({}, origin(facts({ pid: 7 })))
    await pair({}, origin(null))
    await pair({}, origin(null))
    expect(apps.asks()).toHaveLength(4)
  })

  it('gives a second app of one name another one', async () => {
    const { apps, app } = await world()
    await app([], 'Backup')
    await app([], 'backup')
    await app([], 'BACKUP')
    expect(apps.list().map(({ name }) => name)).toEqual(['Backup', 'backup (2)', 'BACKUP (3)'])
  })

  it('takes the name, the ending and the permissions that the person says', async () => {
    const { apps, app, clock } = await world()
    const expires_at = new Date(clock.now() + 3_600_000).toISOString()
    const { id } = await app([{ rights: ['token'] }], 'Backup', { name: 'Night copy', expires_at, idle_days: 30 })
    expect(apps.get('night COPY')).toMatchObject({
      id,
      name: 'Night copy',
      purpose: backup.purpose,
      expires_at,
      idle_days: 30,
      caller: facts(),
      permissions: [{ account_id: 'acc_1', rights: ['token'] }],
    })
  })

  it.each([
    ['a name of nothing visible', { name: '\u200b\u202e' }, 'name'],
    ['a purpose of nothing visible', { purpose: '\u2066\u3164' }, 'purpose'],
    ['a host that is none', { wants: [{ rights: ['request'], hosts: ['https://x/'] }] }, 'wants.0.hosts'],
    ['a path with dots', { wants: [{ rights: ['request'], path_prefix: '/a/%2e%2e' }] }, 'wants.0.path_prefix'],
  ])('refuses %s', async (_, input, field) => {
    const { pair } = await world()
    await expect(pair(input)).rejects.toMatchObject({ code: 'invalid_request', details: { field } })
  })

  it('waits for the vault', async () => {
    const { pairing, pair, vault, app } = await world()
    const { key } = await app()
    vault.lock('for the test')
    await expect(pair()).rejects.toMatchObject({ code: 'locked' })
    expect(refusal(() => pairing.authenticate(key)).code).toBe('locked')
    expect(refusal(() => pairing.look('ask_1', 'x')).code).toBe('locked')
  })
})

describe('[F11] a key', () => {
  it('is written down as its hash alone', async () => {
    const { app, vault } = await world()
    const { key } = await app()
    expect(JSON.stringify([vault.apps.list(), vault.asks.list(), vault.activity.list({ limit: 99 })])).not.toContain(
      key.slice('lkapp_'.length),
    )
  })

  it('notes that it was used', async () => {
    const { pairing, apps, app, clock } = await world()
    const { key } = await app()
    expect(apps.list()[0]?.last_used_at).toBeNull()
    clock.advance(1000)
    pairing.authenticate(key)
    expect(apps.list()[0]?.last_used_at).toBe(new Date(clock.now()).toISOString())
  })

  it('of an app that has ended is told what became of it, and works again when the person says so', async () => {
    const { pairing, apps, app, clock, seen, vault } = await world()
    const { key, id } = await app([{}], 'Backup', { idle_days: 7 })
    clock.advance(7 * 86_400_000)
    const error = refusal(() => pairing.authenticate(key))
    expect(error).toMatchObject({ code: 'unauthenticated', message: expect.stringContaining('not used for 7 days') })
    pairing.sweep()
    pairing.sweep()
    expect(seen.filter(({ type }) => type === 'app').slice(1)).toEqual([{ type: 'app', app_id: id, state: 'expired' }])
    expect(vault.activity.list({ kind: 'app', limit: 1 })[0]).toMatchObject({ app_id: id, actor: 'latchkey' })
    expect(apps.get(id)).toMatchObject({ state: 'expired', permissions: [{ account_id: 'acc_1' }] })
    apps.change({ app: id, idle_days: null }, owner)
    expect(pairing.authenticate(key)).toMatchObject({ id })
  })
})

describe('a code', () => {
  it('has no characters that look alike, and is read however it is typed', () => {
    for (let times = 0; times < 500; times++) {
      const code = newCode()
      expect(code).toMatch(/^[^01AEIOULaeioul]{4}-[^01AEIOUL]{4}$/)
      expect(readCode(` ${code.toLowerCase().replace('-', ' ')} `)).toBe(code)
    }
    expect(readCode('ask_0123456789abcdef')).toBe('ask_0123456789abcdef')
  })
})
