import { describe, expect, it } from 'vitest'
import type { SignInWindows } from '../../../electron/redirects/ports.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { registration } from '../../unit/vault/support.ts'
import { world } from './world.ts'

describe('who the account belongs to', () => {
  it('[G8] brings the account of the same person up to date, with nothing added', async () => {
    const { connectAs, vault, accounts } = await world()
    const first = await connectAs('ada')
    const old = vault.tokens.get(first.account_id ?? '')
    const second = await connectAs('ada', { provider: 'test', alias: 'another-name' })
    expect(second.account_id).toBe(first.account_id)
    expect(accounts.list().map(({ alias }) => alias)).toEqual(['test:ada'])
    expect(vault.tokens.get(first.account_id ?? '')?.accessToken).not.toBe(old?.accessToken)
  })

  it('[A3] adds an account for another person, and for the same one at another registration', async () => {
    const { connectAs, vault, accounts, server } = await world()
    await connectAs('ada')
    await connectAs('grace')
    const record = vault.registrations.get('reg_test')
    if (record === null) throw new Error('The registration is gone.')
    vault.registrations.save({ ...record, id: 'reg_second' }, server.clientSecret)
    await connectAs('ada', { registration: 'reg_second' })
    expect(accounts.list().map(({ alias }) => alias)).toEqual(['test:ada', 'test:ada-2', 'test:grace'])
    expect(() => accounts.resolve('test:ADA@example.com')).toThrow(
      expect.objectContaining({ code: 'ambiguous_account' }),
    )
    expect(accounts.resolve('test:GRACE').alias).toBe('test:grace')
  })

  it('[C4] gives a new account the name that was chosen', async () => {
    const { connectAs, accounts } = await world()
    await connectAs('ada', { provider: 'test', alias: 'work' })
    expect(accounts.resolve('work').identity?.subject).toBe('ada')
    expect(accounts.resolve('test:ada').alias).toBe('work')
  })

  it('refuses an alias of another registration before anybody signs in', async () => {
    const { connectAs, start, vault, server } = await world()
    await connectAs('ada', { provider: 'test', alias: 'work' })
    vault.registrations.save(
      registration({ id: 'reg_second', providerId: 'test', clientId: server.clientId, clientAuthentication: 'none' }),
      undefined,
    )
    await expect(start({ registration: 'reg_second', alias: 'Work' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'alias' },
    })
  })

  it('[A5] reconnects an account as the same person', async () => {
    const { connectAs, start, signIn, accounts, activity } = await world()
    const first = await connectAs('ada')
    const flow = await start({ account: 'test:ada' })
    expect(flow.account_id).toBe(first.account_id)
    expect(new URL(flow.authorization_url ?? '').searchParams.get('login_hint')).toBe('ada@example.com')
    expect(await signIn(flow, { user: 'ada' })).toMatchObject({ state: 'completed', account_id: first.account_id })
    expect(accounts.list().length).toBe(1)
    expect(activity.list({ limit: 10 }).map(({ summary }) => summary)).toEqual([
      'Reconnected test:ada',
      'Connected test:ada',
    ])
  })

  it('notices somebody else before anything is overwritten, and adds them when told to', async () => {
    const { connectAs, start, signIn, vault, connect, accounts } = await world()
    const { account_id: ada } = await connectAs('ada')
    const before = [vault.accounts.get(ada ?? ''), vault.tokens.get(ada ?? '')]
    const asked = await signIn(await start({ account: 'test:ada' }), { user: 'grace' })
    expect(asked).toMatchObject({
      state: 'needs_decision',
      decision: { expected: 'test:ada', found: 'grace of the tests (grace)' },
      account_id: ada,
      ended_at: null,
    })
    expect(accounts.list().length).toBe(1)
    expect([vault.accounts.get(ada ?? ''), vault.tokens.get(ada ?? '')]).toEqual(before)
    const done = await connect.decide(asked.id, 'add_account')
    expect(done).toMatchObject({ state: 'completed' })
    expect(accounts.resolve('test:grace').id).toBe(done.account_id)
    expect([vault.accounts.get(ada ?? ''), vault.tokens.get(ada ?? '')]).toEqual(before)
    await expect(connect.decide(asked.id, 'discard')).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('keeps nothing of somebody else when told to, and ends their grant', async () => {
    const { connectAs, start, signIn, connect, accounts, server } = await world()
    await connectAs('ada')
    const revoked = requestsTo(server, '/token/revocation')
    const asked = await signIn(await start({ account: 'test:ada' }), { user: 'grace' })
    const done = await connect.decide(asked.id, 'discard')
    expect(done).toMatchObject({ state: 'cancelled' })
    expect(accounts.list().map(({ alias }) => alias)).toEqual(['test:ada'])
    await revoked
  })

  it('[G8] brings the known account of somebody else up to date instead of adding it twice', async () => {
    const { connectAs, start, signIn, connect, accounts } = await world()
    await connectAs('ada')
    const { account_id: grace } = await connectAs('grace')
    const asked = await signIn(await start({ account: 'test:ada' }), { user: 'grace' })
    expect((await connect.decide(asked.id, 'add_account')).account_id).toBe(grace)
    expect(accounts.list().length).toBe(2)
  })

  it('forgets the grant of somebody else when nobody decides', async () => {
    const { connectAs, start, signIn, flowWhen, accounts } = await world({ limits: { signIn: 60_000, decision: 20 } })
    await connectAs('ada')
    const asked = await signIn(await start({ account: 'test:ada' }), { user: 'grace' })
    const done = await flowWhen(asked.id, ({ ended_at }) => ended_at !== null)
    expect(done).toMatchObject({ state: 'failed', failure: { code: 'timed_out' } })
    expect(accounts.list().length).toBe(1)
  })

  it('has ten minutes to decide, by the wall clock too', async () => {
    const { connectAs, start, signIn, connect, clock } = await world()
    await connectAs('ada')
    const asked = await signIn(await start({ account: 'test:ada' }), { user: 'grace' })
    clock.advance(10 * 60_000)
    await expect(connect.decide(asked.id, 'add_account')).rejects.toMatchObject({ code: 'invalid_request' })
    expect(connect.get(asked.id).failure?.code).toBe('timed_out')
  })

  it('saves an account without identity under the name of its provider', async () => {
    const { start, signIn, accounts, server } = await world()
    server.answer('/me', (_request, response) => {
      response.writeHead(403, { 'www-authenticate': 'Bearer error="insufficient_scope"' }).end()
    })
    const flow = await start({ provider: 'test', scopes: ['api'] })
    expect(await signIn(flow)).toMatchObject({ state: 'completed' })
    expect(accounts.list()).toMatchObject([{ alias: 'test', identity: null }])
  })
})

describe('the grant that another one takes the place of', () => {
  const windowOf = (user: string): SignInWindows => ({
    open: ({ authorizationUrl, redirectUri }) => signInAsPerson(authorizationUrl, redirectUri, { user }),
  })

  it('is revoked when the sign-in had a session of its own', async () => {
    const { start, settled, server, vault, oauth, clientSettings } = await world({
      windows: windowOf('ada'),
      definition: { sign_in: { via: 'window' } },
    })
    const first = await settled((await start()).id)
    const old = vault.tokens.get(first.account_id ?? '')
    const revoked = requestsTo(server, '/token/revocation')
    const second = await settled((await start()).id)
    expect(second).toMatchObject({ state: 'completed', account_id: first.account_id })
    await revoked
    const fresh = vault.tokens.get(first.account_id ?? '')
    const settings = await clientSettings.forRegistration('reg_test')
    const signal = new AbortController().signal
    if (!old || !fresh) throw new Error('There are no tokens.')
    expect((await oauth.refresh(settings, fresh, { signal })).accessToken).toBeTruthy()
  })

  it('is left alone in the browser, where it may be the same grant', async () => {
    const { connectAs, revocations } = await world()
    const first = await connectAs('ada')
    const second = await connectAs('ada')
    expect(second.account_id).toBe(first.account_id)
    expect(second.steps.map(({ text }) => text)).toContainEqual(expect.stringContaining('Left the earlier grant'))
    expect(revocations).toEqual([])
  })
})

/** Resolves when the server is asked at `path`; answers 200 in its place. */
function requestsTo(server: Awaited<ReturnType<typeof world>>['server'], path: string): Promise<void> {
  return new Promise((resolve) => {
    server.answer(path, (_request, response) => {
      response.end()
      resolve()
    })
  })
}
