import { describe, expect, it, onTestFinished } from 'vitest'
import { person, startSecondServer } from '../../doubles/second-server.ts'
import { type Client, world } from '../protocol/world.ts'

const authentications = ['client_secret_basic', 'client_secret_post'] as const

/** Latchkey with one client at a server that nobody here wrote. */
async function bench(changes: Partial<Client> = {}) {
  const server = await startSecondServer(['http://127.0.0.1/callback/second'])
  onTestFinished(() => server.close())
  const { clientId, clientSecret } = server
  const client = { definition: server.definition(), clientId, clientSecret, scopes: ['api'], ...changes }
  return { server, ...(await world([client])) }
}

describe('a server of another make (@node-oauth/oauth2-server)', () => {
  it.each(authentications)(
    '[D7] [D10] [F1] connects by code with PKCE, signs and refreshes (%s)',
    async (clientAuthentication) => {
      const { server, start, signIn, send, tokens, vault } = await bench({ clientAuthentication })
      const asked = await start()
      expect(new URL(asked.authorization_url ?? '').searchParams.get('code_challenge_method')).toBe('S256')
      const flow = await signIn(asked, { user: person.username, password: person.password })
      expect(flow).toMatchObject({ state: 'completed', failure: null })
      const id = flow.account_id ?? ''
      expect(vault.accounts.get(id)?.identity).toMatchObject({ subject: 'ada' })
      expect(vault.tokens.get(id)?.scopes).toEqual(['api'])
      expect((await send(id, { url: `${server.origin}/me` })).status).toBe(200)

      const before = vault.tokens.get(id)
      expect((await tokens.fresh(id, { force: true })).refreshed).toBe(true)
      const after = vault.tokens.get(id)
      expect(after?.accessToken).not.toBe(before?.accessToken)
      expect(after?.refreshToken).not.toBe(before?.refreshToken)
      expect((await send(id, { url: `${server.origin}/me` })).status).toBe(200)
      expect(server.tokenRequests).toEqual(['authorization_code', 'refresh_token'])
    },
  )

  it('[D7] [C10] connects by client credentials, and again when they end', async () => {
    const { server, start, settled, send, tokens } = await bench()
    const flow = await settled((await start({ provider: 'second', grant: 'client_credentials' })).id)
    expect(flow).toMatchObject({ state: 'completed', failure: null })
    const id = flow.account_id ?? ''
    expect((await send(id, { url: `${server.origin}/me` })).status).toBe(200)
    expect((await tokens.fresh(id, { force: true })).refreshed).toBe(true)
    expect((await send(id, { url: `${server.origin}/me` })).status).toBe(200)
    expect(server.tokenRequests).toEqual(['client_credentials', 'client_credentials'])
  })

  it('[D7] [C11] connects by user name and password, and refreshes', async () => {
    const { server, start, settled, send, tokens } = await bench()
    const flow = await settled((await start({ provider: 'second', grant: 'password', ...person })).id)
    expect(flow).toMatchObject({ state: 'completed', failure: null })
    const id = flow.account_id ?? ''
    expect((await tokens.fresh(id, { force: true })).refreshed).toBe(true)
    expect((await send(id, { url: `${server.origin}/me` })).status).toBe(200)
    expect(server.tokenRequests).toEqual(['password', 'refresh_token'])
  })

  it('[F8] says that the person is needed once the server has forgotten the grant', async () => {
    const { server, id, tokens, vault } = await connected()
    server.endAll()
    await expect(tokens.fresh(id, { force: true })).rejects.toMatchObject({ code: 'reauth_required' })
    expect(vault.accounts.get(id)?.trouble).toMatchObject({ reason: expect.stringContaining('invalid_grant') })
  })

  it('says in words what the server refuses: the person, the scope, the secret, the password', async () => {
    const one = await bench()
    const declined = await one.signIn(await one.start(), { user: 'ada', password: person.password, consents: false })
    expect(declined.failure).toMatchObject({ code: 'access_denied' })

    const two = await bench({ scopes: ['everything'] })
    const scope = await two.signIn(await two.start(), { user: 'ada', password: person.password })
    expect(scope.failure?.message).toContain('invalid_scope')

    const three = await bench({ clientSecret: 'another secret' })
    const secret = await three.signIn(await three.start(), { user: 'ada', password: person.password })
    expect(secret.failure).toMatchObject({ code: 'invalid_client' })
    expect(JSON.stringify(secret)).not.toContain('another secret')

    const four = await bench()
    const wrong = { provider: 'second', grant: 'password', username: 'ada', password: 'hunter-two' }
    const password = await four.settled((await four.start(wrong)).id)
    expect(password.failure).toMatchObject({ code: 'access_denied' })
    expect(JSON.stringify(password)).not.toContain('hunter-two')
  })
})

async function connected() {
  const it = await bench()
  const flow = await it.signIn(await it.start(), { user: person.username, password: person.password })
  return { ...it, id: flow.account_id ?? '' }
}
