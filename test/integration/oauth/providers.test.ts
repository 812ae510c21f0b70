import { afterEach, describe, expect, it } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { type AuthorizationServer, startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { endpointsOf, newOAuth, newTrace, quiet, redirectUri, settingsFor, signIn } from './support.ts'

let server: AuthorizationServer
afterEach(() => server.close())

describe('discovery', () => {
  it.each(['oidc', 'oauth2'] as const)('[F2] finds the endpoints by %s metadata', async (discovery) => {
    server = await startAuthorizationServer()
    const { identity } = await signIn(settingsFor(server, { discovery }))
    expect(identity?.subject).toBe('ada')
  })

  it('[F2] is asked for once an hour, however many ask', async () => {
    server = await startAuthorizationServer()
    let now = Date.now()
    const oauth = createOAuth({ network: createNetwork({}), clock: { now: () => now } })
    const begin = () => oauth.beginAuthorization(settingsFor(server), { redirectUri, scopes: [], ...quiet })
    await Promise.all(Array.from({ length: 20 }, begin))
    now += 59 * 60_000
    await begin()
    expect(server.discoveries()).toBe(1)
    now += 2 * 60_000
    await begin()
    expect(server.discoveries()).toBe(2)
  })

  it('[F2] that failed is asked for again', async () => {
    server = await startAuthorizationServer()
    const oauth = newOAuth()
    const begin = (issuer: string) =>
      oauth.beginAuthorization(settingsFor(server, { issuer }), { redirectUri, scopes: [], ...quiet })
    await expect(begin(`${server.issuer}/nothing-here`)).rejects.toMatchObject({ failure: 'provider_error' })
    await expect(begin(`${server.issuer}/nothing-here`)).rejects.toMatchObject({ failure: 'provider_error' })
    expect((await begin(server.issuer)).authorizationUrl).toContain('/auth?')
  })

  it('[F2] is not spoiled for the others by one who gives up', async () => {
    server = await startAuthorizationServer()
    const oauth = newOAuth()
    const controller = new AbortController()
    const begin = (signal: AbortSignal) =>
      oauth.beginAuthorization(settingsFor(server), { redirectUri, scopes: [], signal, trace: () => {} })
    const first = begin(controller.signal)
    const second = begin(quiet.signal)
    controller.abort()
    await expect(first).rejects.toMatchObject({ failure: 'cancelled' })
    expect((await second).authorizationUrl).toContain('/auth?')
  })

  it('fills in variables and names the one that is missing', async () => {
    server = await startAuthorizationServer()
    const settings = { ...settingsFor(server, { issuer: '{issuer}' }), variables: { issuer: server.issuer } }
    expect((await signIn(settings)).identity?.subject).toBe('ada')

    const port = new URL(server.issuer).port
    const templated = settingsFor(server, {
      discovery: undefined,
      endpoints: {
        authorization: `http://127.0.0.1:${port}/{tenant}/auth`,
        token: `http://127.0.0.1:${port}/{tenant}/token`,
      },
    })
    const begin = newOAuth().beginAuthorization(templated, { redirectUri, scopes: [], ...quiet })
    const error = await begin.catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(LatchkeyError)
    expect(error).toMatchObject({ code: 'invalid_request', details: { field: 'variables.tenant' } })
  })
})

describe('a provider whose endpoints are written down', () => {
  it('signs in, with the issuer that the definition names', async () => {
    server = await startAuthorizationServer()
    const { identity, pending, tokens } = await signIn(settingsFor(server, endpointsOf(server.issuer)))
    expect(server.discoveries()).toBe(0)
    expect(pending.nonce).toBeTruthy()
    expect(tokens.idToken).toBeTruthy()
    expect(identity?.issuer).toBe(server.issuer)
  })

  it('without an issuer is plain OAuth 2.0: identity from userinfo, numeric subject, no ID token', async () => {
    server = await startAuthorizationServer()
    server.answer('/me', (request, response) => {
      // As api.github.com/user answers: no `sub`, a numeric id.
      expect(request.headers.authorization).toMatch(/^Bearer /)
      expect(request.headers['user-agent']).toBeTruthy()
      response.setHeader('content-type', 'application/json; charset=utf-8')
      response.end(JSON.stringify({ id: 583231, login: 'ada', name: null, plan: { mail: 'ada@example.com' } }))
    })
    const { identity, tokens, pending } = await signIn(
      settingsFor(server, {
        ...endpointsOf(server.issuer),
        issuer: undefined,
        identity: {
          sources: ['userinfo'],
          subject: ['node_id', 'id'],
          name: ['name'],
          username: ['login'],
          email: ['email', 'plan.mail'],
        },
      }),
    )
    expect(pending.nonce).toBeNull()
    expect(tokens.idToken).toBeNull()
    expect(identity).toEqual({ subject: '583231', issuer: null, name: null, username: 'ada', email: 'ada@example.com' })
  })

  it.each([
    ['expires_in as text', { expires_in: '1800' }, { expirySource: 'expires_in', life: 1_800_000 }],
    ['a form-encoded answer', 'form', { expirySource: 'expires_in', life: 3_600_000 }],
    ['null members', { expires_in: null, refresh_token: null, scope: null }, { expirySource: 'unknown', life: null }],
    ['scopes with commas', { scope: 'repo,gist', token_type: 'bearer' }, { scopes: ['repo', 'gist'] }],
    ['no token type', { token_type: undefined }, { tokenType: 'Bearer' }],
  ] as const)('tolerates %s', async (_, change, expected) => {
    server = await startAuthorizationServer()
    if (change === 'form') {
      server.next({
        status: 200,
        headers: { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
        body: 'access_token=a&expires_in=3600&scope=repo%2Cgist&token_type=bearer',
      })
    } else {
      server.next({ edit: (answer) => ({ ...answer, ...change }) })
    }
    const { tokens } = await signIn(settingsFor(server, { ...endpointsOf(server.issuer), issuer: undefined }), {
      scopes: ['api'],
    })
    const { life, ...rest } = { life: undefined, ...expected }
    expect(tokens).toMatchObject(rest)
    if (life !== undefined) expect(tokens.expiresAt === null ? null : tokens.expiresAt - tokens.obtainedAt).toBe(life)
  })

  it('[E6] uses the fallback expiry only where the server sends none', async () => {
    server = await startAuthorizationServer()
    const settings = { ...settingsFor(server), fallbackExpiry: 900 }
    expect((await signIn(settings)).tokens.expirySource).toBe('expires_in')
    server.next({ edit: ({ expires_in: _, ...answer }) => answer })
    const { tokens } = await signIn(settings)
    expect(tokens.expirySource).toBe('fallback')
    expect((tokens.expiresAt ?? 0) - tokens.obtainedAt).toBe(900_000)
  })

  it('keeps a sign-in whose userinfo is down when the ID token tells who it is', async () => {
    server = await startAuthorizationServer()
    server.answer('/me', (_, response) => void response.writeHead(503).end())
    const { trace, lines } = newTrace()
    const { identity } = await signIn(settingsFor(server), { trace })
    expect(identity).toMatchObject({ subject: 'ada', name: null })
    expect(lines.filter((line) => !line.ok)).toHaveLength(1)
  })

  it('does not keep one whose userinfo is down when nothing else tells who it is', async () => {
    server = await startAuthorizationServer()
    server.answer('/me', (_, response) => void response.writeHead(503).end())
    const settings = settingsFor(server, { identity: { sources: ['userinfo'], subject: ['sub'] } })
    await expect(signIn(settings)).rejects.toMatchObject({ failure: 'provider_unreachable' })
  })
})
