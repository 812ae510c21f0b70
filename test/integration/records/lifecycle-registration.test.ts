import { describe, expect, it } from 'vitest'
import { registration } from '../../unit/vault/support.ts'
import { world } from './world.ts'

const disabled = { code: 'account_disabled' }

describe('a registration', () => {
  it('[E14] is disabled with all its accounts, and refuses new sign-ins', async () => {
    const { call, connectAs, start, connect, accessTokens, view, caller, vault } = await world()
    await connectAs('ada')
    await connectAs('grace')
    const flow = await start()
    const before = vault.tokens.get(view('test:ada').id)
    expect(await call('registrations.disable', { id: 'reg_test' })).toMatchObject({ enabled: false, accounts: 2 })
    expect(connect.get(flow.id)).toMatchObject({ state: 'cancelled' })
    for (const who of ['test:ada', 'test:grace']) {
      expect(view(who)).toMatchObject({ enabled: true, status: { state: 'disabled' } })
      expect(view(who).status.reason).toContain('“Test”')
      await expect(accessTokens.get(who, {}, caller)).rejects.toMatchObject(disabled)
    }
    await expect(start()).rejects.toMatchObject(disabled)
    await expect(start({ registration: 'reg_test' })).rejects.toMatchObject(disabled)
    await expect(start({ account: 'test:ada' })).rejects.toMatchObject(disabled)
    expect(vault.tokens.get(view('test:ada').id)).toEqual(before)
  })

  it('[E15] is enabled again; an account that was disabled itself stays so', async () => {
    const { call, connectAs, accessTokens, view, caller } = await world()
    await connectAs('ada')
    await connectAs('grace')
    await call('accounts.disable', { account: 'test:grace' })
    await call('registrations.disable', { id: 'reg_test' })
    expect(await call('registrations.enable', { id: 'reg_test' })).toMatchObject({ enabled: true })
    expect(view('test:ada').status.state).toBe('active')
    expect(view('test:grace').status.state).toBe('disabled')
    expect((await accessTokens.get('test:ada', {}, caller)).access_token).toBeTruthy()
  })

  it('[E14] stays disabled, since when it was, while it is edited', async () => {
    const { call, connectAs, view, clock } = await world()
    await connectAs('ada')
    await call('registrations.disable', { id: 'reg_test' })
    const { since } = view('test:ada').status
    clock.advance(60_000)
    const { client_id, client_authentication } = (await call('registrations.list', {}))[0] ?? expect.fail()
    const input = { id: 'reg_test', provider_id: 'test', name: 'Renamed', client_id, scopes: [] }
    const saved = await call('registrations.save', { ...input, client_authentication: client_authentication as 'none' })
    expect(saved).toMatchObject({ name: 'Renamed', enabled: false })
    await call('registrations.disable', { id: 'reg_test' })
    expect(view('test:ada').status).toMatchObject({ state: 'disabled', since })
  })

  it('[A3] another registration of the provider is used while one is disabled', async () => {
    const { call, start, connect, vault, server } = await world()
    const second = registration({ id: 'reg_2', providerId: 'test', name: 'Second', clientId: server.clientId })
    vault.registrations.save({ ...second, clientAuthentication: 'none', variables: {} }, null)
    await expect(start()).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'registration' } })
    await call('registrations.disable', { id: 'reg_test' })
    const flow = await start()
    expect(flow.registration_id).toBe('reg_2')
    await connect.cancel(flow.id)
  })

  it('[E13] is reset: all its tokens go and nothing else, and the next use asks for a sign-in', async () => {
    const { call, connectAs, vault, view, server, accessTokens, caller, revocations } = await world()
    const other = registration({ id: 'reg_2', providerId: 'test', name: 'Second', clientId: server.clientId })
    vault.registrations.save({ ...other, clientAuthentication: 'none', variables: {} }, null)
    await connectAs('ada', { registration: 'reg_test' })
    await connectAs('grace', { registration: 'reg_test' })
    await connectAs('lin', { registration: 'reg_2' })
    const before = vault.registrations.get('reg_test')
    await call('registrations.reset', { id: 'reg_test' })
    expect(vault.registrations.get('reg_test')).toEqual(before)
    for (const who of ['test:ada', 'test:grace']) {
      expect(view(who)).toMatchObject({ token: null, status: { state: 'reauth_required' }, enabled: true })
      expect(view(who).identity).not.toBeNull()
      await expect(accessTokens.get(who, {}, caller)).rejects.toMatchObject({ code: 'reauth_required' })
    }
    expect(view('test:lin').status.state).toBe('active')
    expect(revocations).toEqual([])
  })

  it('[F6] is revoked account by account; one whose provider does not do it keeps its tokens', async () => {
    const { call, connectAs, view, server } = await world()
    await connectAs('ada')
    await connectAs('grace')
    const { accounts } = await call('registrations.revoke', { id: 'reg_test' })
    expect(accounts.map(({ told }) => told)).toEqual([true, true])
    expect(view('test:ada').token).toBeNull()
    await connectAs('lin')
    server.answer('/token/revocation', (_, response) => response.writeHead(500).end())
    const again = await call('registrations.revoke', { id: 'reg_test' })
    expect(again.accounts).toMatchObject([{ alias: 'test:lin', told: false, reason: expect.any(String) }])
    expect(view('test:lin').token).not.toBeNull()
  })

  it('[E12] is removed with its accounts, tokens and sign-ins, after saying what will go', async () => {
    const { call, connectAs, start, connect, vault } = await world()
    await connectAs('ada')
    await connectAs('grace')
    const flow = await start()
    const effects = await call('registrations.effects', { id: 'reg_test', action: 'remove' })
    expect(effects).toMatchObject({
      registration: { id: 'reg_test', name: 'Test' },
      tokens_forgotten: 2,
      sign_ins_cancelled: 1,
      provider_told: 'yes',
      undo: false,
    })
    expect(effects.accounts.map(({ alias }) => alias)).toEqual(['test:ada', 'test:grace'])
    await call('registrations.remove', { id: 'reg_test' })
    expect(connect.get(flow.id).state).toBe('cancelled')
    expect([vault.registrations.list(), vault.accounts.list(), [...vault.tokens.allFacts()]]).toEqual([[], [], []])
  })

  it('[E16] new ones, and the accounts that they bring, are enabled', async () => {
    const { call, connectAs, view } = await world()
    const input = {
      provider_id: 'test',
      name: 'New',
      client_id: 'x',
      client_authentication: 'none' as const,
      scopes: [],
    }
    expect(await call('registrations.save', input)).toMatchObject({ enabled: true })
    await connectAs('ada', { registration: 'reg_test' })
    expect(view('test:ada').enabled).toBe(true)
  })
})
