import { describe, expect, it } from 'vitest'
import { createAccessTokenService } from '../../../electron/services/access-token.ts'
import { grantWorld } from './world.ts'

describe('client credentials', () => {
  it('[C10] [D7] needs client ID and secret alone, and belongs to the client itself', async () => {
    const { connectBy, viewOf, server } = await grantWorld({ registration: { scopes: [] } })
    const flow = await connectBy('client_credentials')
    expect(flow).toMatchObject({ state: 'completed', authorization_url: null, redirect_uri: null, device: null })
    expect(server.tokenRequests).toEqual(['client_credentials'])
    expect(viewOf(flow)).toMatchObject({
      alias: 'test:Test',
      grant: 'client_credentials',
      identity: { subject: server.clientId, issuer: server.issuer },
      status: { state: 'active' },
      token: { has_refresh_token: false },
    })
  })

  it('[E20] obtains the token again on expiry, with nobody asked and once for any number of callers', async () => {
    const { connectBy, accountOf, viewOf, server, tokens, expireTokens } = await grantWorld({
      registration: { scopes: [] },
    })
    const flow = await connectBy('client_credentials')
    const { id } = accountOf(flow)
    const before = (await tokens.fresh(id)).tokens.accessToken
    expireTokens()
    expect(viewOf(flow).status.state).toBe('expired')
    const all = await Promise.all(Array.from({ length: 20 }, () => tokens.fresh(id)))
    expect(new Set(all.map((it) => it.tokens.accessToken)).size).toBe(1)
    expect(all[0]?.tokens.accessToken).not.toBe(before)
    expect(server.tokenRequests).toEqual(['client_credentials', 'client_credentials'])
    expect(viewOf(flow).status.state).toBe('active')
  })

  it('[E18] serves an unattended caller as long as a token can be had, and says clearly when not', async () => {
    const { vault, gate, audit, clock, connectBy, accountOf, viewOf, server, tokens, expireTokens } = await grantWorld({
      registration: { scopes: [] },
    })
    const flow = await connectBy('client_credentials')
    const { alias } = accountOf(flow)
    const accessTokens = createAccessTokenService({ vault, gate, tokens, audit, clock })
    const ask = () => accessTokens.get(alias, {}, { kind: 'cli' })

    // Nearly over, and the provider is down: what is left is handed out.
    clock.advance(3550 * 1000)
    server.next({ status: 503 })
    expect((await ask()).expires_in).toBeLessThan(60)
    // Over, and the provider is still down.
    expireTokens()
    clock.advance(60_000)
    server.next({ status: 503 })
    await expect(ask()).rejects.toMatchObject({
      code: 'provider_unreachable',
      details: { retry_after: expect.any(Number) },
    })
    expect(viewOf(flow).status).toMatchObject({ state: 'unreachable' })
    // Up again.
    clock.advance(60_000)
    expect((await ask()).expires_in).toBeGreaterThan(3000)
    // And then the provider ends it.
    expireTokens()
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    await expect(ask()).rejects.toMatchObject({
      code: 'reauth_required',
      details: { action: { command: expect.stringContaining('latchkey connect --account') } },
    })
    expect(viewOf(flow).status).toMatchObject({ state: 'reauth_required' })
    const asked = server.tokenRequests.length
    await expect(ask()).rejects.toMatchObject({ code: 'reauth_required' })
    expect(server.tokenRequests).toHaveLength(asked)
  })

  it('[E11] [D7] asks for a sign-in when a code grant without refresh token ends', async () => {
    const { connectAs, server, tokens, accountOf, viewOf, expireTokens } = await grantWorld({
      server: { refreshTokens: false },
    })
    const flow = await connectAs('ada')
    const { id } = accountOf(flow)
    expireTokens()
    await expect(tokens.fresh(id)).rejects.toMatchObject({ code: 'reauth_required', details: { account: id } })
    expect(viewOf(flow).status).toMatchObject({ state: 'reauth_required', remedy: 'Sign in again.' })
    expect(server.tokenRequests).toEqual(['authorization_code'])
  })

  it('says that the client is not accepted, and keeps nothing', async () => {
    const { vault, connectBy } = await grantWorld({ registration: { scopes: [] } })
    const registration = vault.registrations.get('reg_test')
    if (registration) vault.registrations.save(registration, 'another secret')
    const flow = await connectBy('client_credentials')
    expect(flow).toMatchObject({ state: 'failed', failure: { code: 'invalid_client' } })
    expect(JSON.stringify(flow)).not.toContain('another secret')
    expect(vault.accounts.list()).toEqual([])
  })

  it('a grant that the provider does not offer is refused before anything is sent', async () => {
    const { start, server } = await grantWorld({ definition: { grants: ['authorization_code'] } })
    await expect(start({ provider: 'test', grant: 'client_credentials' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'grant' },
    })
    expect(server.tokenRequests).toEqual([])
  })
})

describe('a token that is bound to a key', () => {
  it('[F5] is obtained with a key of the account alone, and again with the same one', async () => {
    const { connectBy, accountOf, vault, tokens, expireTokens } = await grantWorld({
      registration: { scopes: [], options: { dpop: true } },
    })
    const { id } = accountOf(await connectBy('client_credentials'))
    const { dpopKey } = vault.accounts.credentials(id)
    expect(JSON.parse(dpopKey ?? '')).toMatchObject({ kty: 'EC', d: expect.any(String) })
    expireTokens()
    expect(await tokens.fresh(id)).toMatchObject({ refreshed: true, tokens: { tokenType: 'DPoP' } })
    expect(vault.accounts.credentials(id).dpopKey).toBe(dpopKey)
  })
})
