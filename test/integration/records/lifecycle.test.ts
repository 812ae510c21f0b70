import { describe, expect, it } from 'vitest'
import { requestInputSchema } from '../../../shared/contract.ts'
import { world } from './world.ts'

const disabled = { code: 'account_disabled' }

describe('an account', () => {
  it('[E14] is disabled: its tokens are kept, and nothing can use them or sign in to it', async () => {
    const { call, connectAs, vault, server, accessTokens, requests, tokens, start, view, caller, seen } = await world()
    await connectAs('ada')
    const before = vault.tokens.get(view('test:ada').id)
    const account = await call('accounts.disable', { account: 'test:ada' })
    expect(account).toMatchObject({ enabled: false, status: { state: 'disabled' } })
    expect(account.status.remedy).toContain('Enable')
    expect(vault.tokens.get(account.id)).toEqual(before)
    expect(seen).toContainEqual({ type: 'account', account_id: account.id, state: 'disabled' })
    const tokenRequests = server.tokenRequests.length

    await expect(accessTokens.get('test:ada', {}, caller)).rejects.toMatchObject(disabled)
    await expect(tokens.fresh(account.id, { force: true })).rejects.toMatchObject(disabled)
    const { hasClientSecret: _, ...record } = vault.registrations.get('reg_test') ?? expect.fail()
    vault.registrations.save({ ...record, extraHosts: [new URL(server.issuer).host] }, undefined)
    const request = requestInputSchema.parse({ url: `${server.issuer}/me` })
    await expect(requests.send('test:ada', request, caller)).rejects.toMatchObject(disabled)
    expect(() => tokens.expire(account.id)).toThrow(expect.objectContaining(disabled))
    await expect(start({ account: 'test:ada' })).rejects.toMatchObject(disabled)
    expect(server.tokenRequests.length).toBe(tokenRequests)
    expect(vault.tokens.get(account.id)).toEqual(before)
  })

  it('[E15] is enabled again just as it was, trouble included', async () => {
    const { call, connectAs, vault, accessTokens, view, caller } = await world()
    await connectAs('ada')
    const trouble = { kind: 'unreachable', reason: 'Down.', since: 1, retryAt: null, failures: 2 } as const
    vault.accounts.setTrouble(view('test:ada').id, trouble)
    const before = [
      vault.accounts.get(view('test:ada').id),
      vault.tokens.get(view('test:ada').id),
      view('test:ada').status,
    ]
    await call('accounts.disable', { account: 'test:ada' })
    const { id } = await call('accounts.enable', { account: 'test:ada' })
    expect([vault.accounts.get(id), vault.tokens.get(id), view('test:ada').status]).toEqual(before)
    expect((await accessTokens.get('test:ada', {}, caller)).access_token).toBe(vault.tokens.get(id)?.accessToken)
  })

  it('[E14] that is disabled is not touched by a sign-in that turns out to be of the same person', async () => {
    const { call, connectAs, vault, view } = await world()
    await connectAs('ada')
    const { id } = await call('accounts.disable', { account: 'test:ada' })
    const before = vault.tokens.get(id)
    const flow = await connectAs('ada')
    expect(flow).toMatchObject({ state: 'cancelled', failure: { code: 'cancelled' } })
    expect(flow.failure?.message).toContain('test:ada')
    expect(vault.tokens.get(id)).toEqual(before)
    expect(vault.accounts.list()).toHaveLength(1)
    expect(view('test:ada').enabled).toBe(false)
  })

  it('[E14] a refresh under way when it is disabled is kept, and nobody gets it', async () => {
    const { call, connectAs, vault, server, tokens, view } = await world()
    await connectAs('ada')
    const { id } = view('test:ada')
    const gate = server.hold('answer')
    const fresh = tokens.fresh(id, { force: true })
    const refused = expect(fresh).rejects.toMatchObject(disabled)
    await gate.arrived
    await call('accounts.disable', { account: 'test:ada' })
    gate.release()
    await refused
    const rotated = vault.tokens.get(id)
    await call('accounts.enable', { account: 'test:ada' })
    await tokens.fresh(id, { force: true })
    expect(rotated?.refreshToken).not.toBe(vault.tokens.get(id)?.refreshToken)
    expect(server.refreshes()).toBe(2)
  })

  it.each(['disable', 'reset', 'revoke', 'remove'] as const)(
    '[E14] %s ends a sign-in to it that is under way, and says why',
    async (action) => {
      const { call, connectAs, connect, start, activity } = await world()
      await connectAs('ada')
      const flow = await start({ account: 'test:ada' })
      await call(`accounts.${action}`, { account: 'test:ada' })
      const ended = connect.get(flow.id)
      expect(ended).toMatchObject({ state: 'cancelled', failure: { code: 'cancelled' } })
      expect(ended.failure?.message).toContain('test:ada')
      expect(activity.list({ limit: 9 }).map(({ kind }) => kind)).toContain('sign_in_failed')
    },
  )

  it('[F6] is revoked at the provider, then reset: the next use asks for a sign-in', async () => {
    const { call, connectAs, vault, oauth, clientSettings, accessTokens, view, caller, activity } = await world()
    await connectAs('ada')
    const { id } = view('test:ada')
    const tokens = vault.tokens.get(id)
    const settings = await clientSettings.forAccount(id)
    const account = await call('accounts.revoke', { account: 'test:ada' })
    expect(account).toMatchObject({ token: null, status: { state: 'reauth_required' } })
    expect(account.status.reason).toContain('ended at Test provider')
    if (!tokens) throw new Error('There were no tokens.')
    const refresh = oauth.refresh(settings, tokens, { signal: new AbortController().signal })
    await expect(refresh).rejects.toMatchObject({ kind: 'fatal' })
    await expect(accessTokens.get('test:ada', {}, caller)).rejects.toMatchObject({ code: 'reauth_required' })
    expect(activity.list({ limit: 9 }).map(({ kind }) => kind)).toContain('revoked')
    expect(await call('accounts.revoke', { account: 'test:ada' })).toMatchObject({ token: null })
  })

  it('[F6] keeps its tokens when the provider cannot be reached, so that it can still be told', async () => {
    const { call, connectAs, vault, server, view } = await world()
    await connectAs('ada')
    const { id } = view('test:ada')
    server.answer('/token/revocation', (_, response) => response.writeHead(503).end())
    const refused = call('accounts.revoke', { account: 'test:ada' })
    await expect(refused).rejects.toMatchObject({ code: 'provider_error', details: { account: id } })
    await expect(refused).rejects.toThrow(/kept/)
    expect(vault.tokens.get(id)).not.toBeNull()
    expect(view('test:ada').status.state).toBe('active')
  })

  it('[F6] says so when the provider has no way to end a grant', async () => {
    const { call, connectAs, vault, view } = await world({ server: { revocation: false } })
    await connectAs('ada')
    const refused = call('accounts.revoke', { account: 'test:ada' })
    await expect(refused).rejects.toMatchObject({ code: 'provider_error' })
    await expect(refused).rejects.toThrow(/no way for programs to end a grant/)
    expect(vault.tokens.get(view('test:ada').id)).not.toBeNull()
    expect(await call('accounts.effects', { account: 'test:ada', action: 'revoke' })).toMatchObject({
      provider_told: 'no',
      tokens_forgotten: 0,
    })
  })

  it('[F6] no refresh begins while its grant is being ended', async () => {
    const { call, connectAs, server, tokens, view } = await world()
    await connectAs('ada')
    const { id } = view('test:ada')
    let arrived = () => {}
    const atProvider = new Promise<void>((resolve) => {
      arrived = resolve
    })
    let answer = () => {}
    server.answer('/token/revocation', (_, response) => {
      answer = () => response.writeHead(200).end()
      arrived()
    })
    const revoked = call('accounts.revoke', { account: 'test:ada' })
    await atProvider
    await expect(tokens.fresh(id, { force: true })).rejects.toMatchObject({ code: 'reauth_required' })
    answer()
    expect(await revoked).toMatchObject({ token: null })
    expect(server.refreshes()).toBe(0)
  })

  it('[F6] is revoked once, however often it is asked for at a time', async () => {
    const { call, connectAs, revocations, view } = await world()
    await connectAs('ada')
    const revoke = () => call('accounts.revoke', { account: 'test:ada' })
    await Promise.all([revoke(), revoke(), revoke()])
    expect(revocations).toHaveLength(1)
    expect(view('test:ada').status.reason).toContain('ended at Test provider')
  })

  it('[E12] what each action will touch is said before, and nothing is touched by asking', async () => {
    const { call, connectAs, start, vault, view, activity } = await world()
    await connectAs('ada')
    const flow = await start({ account: 'test:ada' })
    const before = [vault.tokens.get(view('test:ada').id), activity.list({ limit: 100 })]
    const remove = await call('accounts.effects', { account: 'test:ada', action: 'remove' })
    expect(remove).toMatchObject({
      accounts: [{ alias: 'test:ada', has_tokens: true }],
      registration: null,
      tokens_forgotten: 1,
      sign_ins_cancelled: 1,
      activity_entries: 1,
      provider_told: 'yes',
      undo: false,
    })
    expect(remove.sentences.join(' ')).toContain('This cannot be undone.')
    const disable = await call('accounts.effects', { account: 'test:ada', action: 'disable' })
    expect(disable).toMatchObject({ tokens_forgotten: 0, undo: true, sign_ins_cancelled: 1 })
    const enable = await call('accounts.effects', { account: 'test:ada', action: 'enable' })
    expect(enable).toMatchObject({ tokens_forgotten: 0, sign_ins_cancelled: 0, undo: true })
    const reset = await call('accounts.effects', { account: 'test:ada', action: 'reset' })
    expect(reset).toMatchObject({ tokens_forgotten: 1, provider_told: 'no', undo: false })
    expect(flow.state).toBe('waiting_for_person')
    expect([vault.tokens.get(view('test:ada').id), activity.list({ limit: 100 })]).toEqual(before)
  })

  it('[E12] nobody knows whether the provider can be told while it is down', async () => {
    const { call, connectAs, server } = await world()
    await connectAs('ada')
    await server.close()
    const effects = await call('accounts.effects', { account: 'test:ada', action: 'remove' })
    expect(effects.provider_told).toBe('unknown')
  })
})
