import { afterEach, describe, expect, it } from 'vitest'
import { type AuthorizationServer, startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { newOAuth, newTrace, quiet, redirectUri, settingsFor, signIn } from './support.ts'

let server: AuthorizationServer
afterEach(() => server.close())

describe('a sign-in with an authorization code', () => {
  it('[F1] ends with tokens and the identity of the person who signed in', async () => {
    server = await startAuthorizationServer()
    const { tokens, identity } = await signIn(settingsFor(server), { person: { user: 'ada' } })
    expect(tokens).toMatchObject({
      tokenType: 'Bearer',
      expirySource: 'expires_in',
      scopes: ['openid', 'profile', 'email'],
    })
    expect(tokens.accessToken).toBeTruthy()
    expect(tokens.refreshToken).toBeTruthy()
    expect(tokens.idToken?.split('.')).toHaveLength(3)
    expect((tokens.expiresAt ?? 0) - tokens.obtainedAt).toBe(3_600_000)
    expect(identity).toEqual({
      subject: 'ada',
      issuer: server.issuer,
      name: 'ada of the tests',
      username: 'ada',
      email: 'ada@example.com',
    })
  })

  it.each(['none', 'client_secret_basic', 'client_secret_post'] as const)(
    '[C6] authenticates the client with %s',
    async (clientAuthentication) => {
      // A secret with characters that RFC 6749 2.3.1 wants encoded.
      server = await startAuthorizationServer({
        clientAuthentication,
        clientSecret: 'a b+c%d/:~-_.secret-of-the-client',
      })
      const { tokens } = await signIn(settingsFor(server))
      expect(tokens.accessToken).toBeTruthy()
    },
  )

  it('[F1] sends PKCE S256, state and nonce, and none of them twice', async () => {
    server = await startAuthorizationServer()
    const first = (await signIn(settingsFor(server))).pending
    const second = (await signIn(settingsFor(server))).pending
    const query = new URL(first.authorizationUrl).searchParams
    expect(query.get('code_challenge_method')).toBe('S256')
    expect(query.get('code_challenge')).toHaveLength(43)
    expect(Buffer.from(query.get('state') ?? '', 'base64url').length).toBeGreaterThanOrEqual(16)
    expect(query.get('nonce')).toBe(first.nonce)
    expect(first.authorizationUrl).not.toContain(first.codeVerifier)
    expect(first.state).not.toBe(second.state)
    expect(first.codeVerifier).not.toBe(second.codeVerifier)
    expect(first.nonce).not.toBe(second.nonce)
  })

  it('leaves PKCE out only where the definition says that the provider refuses it', async () => {
    server = await startAuthorizationServer()
    const { pending, tokens } = await signIn(settingsFor(server, { pkce: 'refused' }))
    expect(pending.codeVerifier).toBeNull()
    expect(pending.authorizationUrl).not.toContain('code_challenge')
    expect(tokens.accessToken).toBeTruthy()
  })

  it('[E5] sends no scope when there is none to ask for', async () => {
    server = await startAuthorizationServer()
    const pending = await newOAuth().beginAuthorization(settingsFor(server), { redirectUri, scopes: [], ...quiet })
    expect(new URL(pending.authorizationUrl).searchParams.has('scope')).toBe(false)
    expect(pending.nonce).toBeNull()
  })

  it('signs in without an identity where the scopes do not cover one', async () => {
    server = await startAuthorizationServer()
    const { trace, lines } = newTrace()
    const { identity, tokens, pending } = await signIn(settingsFor(server), { scopes: ['api'], trace })
    expect(pending.nonce).toBeNull()
    expect(tokens).toMatchObject({ idToken: null, scopes: ['api'] })
    expect(identity).toBeNull()
    expect(lines.at(-1)).toMatchObject({ ok: false, source: 'OpenID Connect Core 5.3' })
  })

  it('[C8] joins scopes the way the provider wants them and adds its own parameters', async () => {
    server = await startAuthorizationServer()
    const settings = settingsFor(server, {
      scope_separator: ',',
      authorization_parameters: { access_type: 'offline', state: 'fixed', redirect_uri: 'https://elsewhere.example' },
    })
    const pending = await newOAuth().beginAuthorization(settings, {
      redirectUri,
      scopes: ['repo', 'gist'],
      loginHint: 'ada@example.com',
      ...quiet,
    })
    const query = new URL(pending.authorizationUrl).searchParams
    expect(query.get('scope')).toBe('repo,gist')
    expect(query.get('access_type')).toBe('offline')
    expect(query.get('login_hint')).toBe('ada@example.com')
    expect(query.getAll('state')).toEqual([pending.state])
    expect(query.getAll('redirect_uri')).toEqual([redirectUri])
  })

  it.each([
    ['ada@example.com', null],
    [undefined, 'select_account'],
  ])('asks to choose an account only when none is named (%s)', async (loginHint, prompt) => {
    server = await startAuthorizationServer()
    const settings = settingsFor(server, { authorization_parameters: { prompt: 'select_account' } })
    const asked = { redirectUri, scopes: ['api'], ...(loginHint === undefined ? {} : { loginHint }), ...quiet }
    const { authorizationUrl } = await newOAuth().beginAuthorization(settings, asked)
    expect(new URL(authorizationUrl).searchParams.get('prompt')).toBe(prompt)
  })

  it('[G6] leaves a trace of every step with its source and without a secret', async () => {
    server = await startAuthorizationServer({ clientAuthentication: 'client_secret_basic' })
    const { trace, lines } = newTrace()
    const { pending, tokens, answer } = await signIn(settingsFor(server), { trace })
    expect(lines.every((line) => line.ok)).toBe(true)
    expect(lines.map((line) => line.source)).toEqual(
      expect.arrayContaining([
        'OpenID Connect Discovery 1.0 4',
        'RFC 7636 4.2',
        'RFC 9207 2.4',
        'OpenID Connect Core 3.1.3.7',
      ]),
    )
    const text = JSON.stringify(lines)
    const secrets = [
      pending.codeVerifier,
      pending.state,
      pending.nonce,
      answer.searchParams.get('code'),
      tokens.accessToken,
      tokens.refreshToken,
      tokens.idToken,
      server.clientSecret,
    ]
    for (const secret of secrets) expect(text).not.toContain(secret)
  })

  it('reads the expiry of a JWT access token by the clock of the server', async () => {
    server = await startAuthorizationServer({ accessTokenFormat: 'jwt', accessTokenLifetime: 120 })
    server.next({
      // An hour ahead of this machine, as the Date header shows.
      headers: { date: new Date(Date.now() + 3_600_000).toUTCString() },
      edit: ({ expires_in: _, ...answer }) => ({ ...answer, access_token: movedBy(answer.access_token, 3600) }),
    })
    const { tokens } = await signIn(settingsFor(server), { scopes: ['openid', 'api'] })
    expect(tokens.expirySource).toBe('jwt')
    expect(Math.abs((tokens.expiresAt ?? 0) - Date.now() - 120_000)).toBeLessThan(5000)
  })

  it('signs in although the clocks differ by more than an ID token allows', async () => {
    server = await startAuthorizationServer()
    server.next({
      headers: { date: new Date(Date.now() - 7_200_000).toUTCString() },
      edit: (answer) => ({ ...answer, id_token: movedBy(answer.id_token, -7200) }),
    })
    const { trace, lines } = newTrace()
    const { tokens } = await signIn(settingsFor(server), { trace })
    expect(tokens.idToken).toBeTruthy()
    expect(lines.map((line) => line.text).join('\n')).toContain('The clock of Test provider differs')
    expect(server.tokenRequests).toEqual(['authorization_code'])
  })
})

/** The same JWT with its times moved; its signature is no longer right, which nobody checks over TLS. */
function movedBy(token: unknown, seconds: number): string {
  const [header, payload, signature] = String(token).split('.')
  const claims = JSON.parse(Buffer.from(payload ?? '', 'base64url').toString())
  for (const name of ['exp', 'iat', 'nbf']) if (claims[name]) claims[name] += seconds
  return [header, Buffer.from(JSON.stringify(claims)).toString('base64url'), signature].join('.')
}
