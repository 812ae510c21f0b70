import { describe, expect, it } from 'vitest'
import { providerView } from '../../../electron/providers/view.ts'
import { grantWorld } from './world.ts'

const password = 'correct horse battery staple'
const ada = { username: 'ada', password }

describe('user name and password', () => {
  it('[C11] [D7] signs in with them, keeps both as secrets, and warns in the trace', async () => {
    const { server, vault, connectBy, viewOf, accountOf, catalogue } = await grantWorld()
    server.passwords.set('ada', password)
    const flow = await connectBy('password', ada)
    expect(flow.state).toBe('completed')
    expect(flow.steps).toContainEqual(expect.objectContaining({ source: 'RFC 9700 2.4' }))
    expect(providerView(catalogue.get('test')).notices.join(' ')).toContain('RFC 9700')
    expect(viewOf(flow)).toMatchObject({ alias: 'test:ada', grant: 'password', identity: { subject: 'ada' } })
    expect(vault.accounts.credentials(accountOf(flow).id)).toEqual(ada)
    expect(JSON.stringify([flow, viewOf(flow), vault.activity.list({ limit: 50 })])).not.toContain(password)
  })

  it('[C11] signs in with them again when the access token has ended and there is no refresh token', async () => {
    const { server, connectBy, accountOf, tokens, expireTokens } = await grantWorld({
      registration: { scopes: ['openid', 'profile'] },
    })
    server.passwords.set('ada', password)
    const { id } = accountOf(await connectBy('password', ada))
    expireTokens()
    expect((await tokens.fresh(id)).refreshed).toBe(true)
    expect(server.tokenRequests).toEqual(['password', 'password'])
  })

  it('[C11] uses the refresh token while it lives, and the password when it does not', async () => {
    const { server, connectBy, accountOf, tokens, expireTokens, vault } = await grantWorld()
    server.passwords.set('ada', password)
    const { id } = accountOf(await connectBy('password', ada))
    expireTokens()
    await tokens.fresh(id)
    expect(server.tokenRequests).toEqual(['password', 'refresh_token'])
    expireTokens()
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    expect((await tokens.fresh(id)).refreshed).toBe(true)
    expect(server.tokenRequests).toEqual(['password', 'refresh_token', 'refresh_token', 'password'])
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
  })

  it('[C11] a changed password means that the person is needed, and connecting again mends it', async () => {
    const { server, connectBy, accountOf, viewOf, tokens, expireTokens } = await grantWorld({
      registration: { scopes: ['openid', 'profile'] },
    })
    server.passwords.set('ada', password)
    const flow = await connectBy('password', ada)
    const { id } = accountOf(flow)
    server.passwords.set('ada', 'another password')
    expireTokens()
    await expect(tokens.fresh(id)).rejects.toMatchObject({ code: 'reauth_required' })
    expect(viewOf(flow).status).toMatchObject({
      state: 'reauth_required',
      reason: expect.stringContaining('no longer accepts the user name and password'),
    })
    const again = await connectBy('password', { account: id, password: 'another password' })
    expect(again).toMatchObject({ state: 'completed', account_id: id })
    expect((await tokens.fresh(id, { force: true })).refreshed).toBe(true)
  })

  it('says that a wrong password is wrong, without repeating it', async () => {
    const { server, vault, connectBy } = await grantWorld()
    server.passwords.set('ada', password)
    server.next({
      status: 400,
      body: { error: 'invalid_grant', error_description: 'no such password: hunter-two' },
    })
    const flow = await connectBy('password', { username: 'ada', password: 'hunter-two' })
    expect(flow).toMatchObject({
      state: 'failed',
      failure: { code: 'access_denied', message: expect.stringContaining('did not accept the user name and password') },
    })
    expect(JSON.stringify([flow, vault.activity.list({ limit: 50 })])).not.toContain('hunter-two')
    expect(vault.accounts.list()).toEqual([])
  })

  it('[C11] takes user name and password for this grant alone, and asks for what is missing', async () => {
    const { start, server } = await grantWorld()
    const refused = (input: Record<string, unknown>) => start({ provider: 'test', ...input })
    await expect(refused({ grant: 'authorization_code', ...ada })).rejects.toMatchObject({
      details: { field: 'username' },
    })
    await expect(refused({ grant: 'client_credentials', password })).rejects.toMatchObject({
      details: { field: 'password' },
    })
    await expect(refused({ grant: 'password', password })).rejects.toMatchObject({ details: { field: 'username' } })
    await expect(refused({ grant: 'password', username: 'ada' })).rejects.toMatchObject({
      details: { field: 'password' },
    })
    expect(server.tokenRequests).toEqual([])
  })
})
