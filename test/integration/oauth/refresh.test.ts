import { afterEach, describe, expect, it } from 'vitest'
import { RefreshError } from '../../../electron/oauth/ports.ts'
import { type AuthorizationServer, startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { endpointsOf, newOAuth, quiet, settingsFor, signIn } from './support.ts'

let server: AuthorizationServer
afterEach(() => server.close())

async function signedIn(options: Parameters<typeof startAuthorizationServer>[0] = {}) {
  server = await startAuthorizationServer(options)
  const settings = settingsFor(server)
  const { tokens, oauth } = await signIn(settings)
  return { tokens, settings, refresh: (from = tokens) => oauth.refresh(settings, from, quiet) }
}

async function failureOf(work: Promise<unknown>): Promise<RefreshError> {
  const error = await work.catch((thrown: unknown) => thrown)
  if (error instanceof RefreshError) return error
  throw error
}

describe('a refresh', () => {
  it('brings a new access token and the rotated refresh token', async () => {
    const { tokens, refresh } = await signedIn()
    const fresh = await refresh()
    expect(fresh.accessToken).not.toBe(tokens.accessToken)
    expect(fresh.refreshToken).not.toBe(tokens.refreshToken)
    expect(fresh.expirySource).toBe('expires_in')
    // The old one is used up (RFC 9700 4.14.2); the new one works until it is seen again.
    expect(await refresh(fresh)).toBeTruthy()
    expect(await failureOf(refresh(tokens))).toMatchObject({ kind: 'fatal', code: 'invalid_grant', sent: true })
  })

  it('keeps what the answer leaves out: refresh token, scope, ID token', async () => {
    const { tokens, refresh } = await signedIn({ rotation: false })
    server.next({ edit: ({ refresh_token: _, scope: __, id_token: ___, ...answer }) => answer })
    const fresh = await refresh()
    expect(fresh.accessToken).not.toBe(tokens.accessToken)
    expect(fresh).toMatchObject({
      refreshToken: tokens.refreshToken,
      scopes: tokens.scopes,
      idToken: tokens.idToken,
    })
  })

  it('keeps the rotated token although the ID token beside it is not good', async () => {
    const { tokens, refresh } = await signedIn()
    server.next({ edit: (answer) => ({ ...answer, id_token: 'not.a.jwt' }) })
    const fresh = await refresh()
    expect(fresh.refreshToken).not.toBe(tokens.refreshToken)
    expect(fresh.idToken).toBe(tokens.idToken)
    expect(await refresh(fresh)).toBeTruthy()
    expect(server.refreshes()).toBe(2)
  })

  it.each([
    [
      '503 with Retry-After',
      { status: 503, headers: { 'retry-after': '7' } },
      { kind: 'transient', code: '503', retryAfter: 7000 },
    ],
    ['429', { status: 429, body: { error: 'slow_down' } }, { kind: 'transient', code: 'slow_down' }],
    [
      'a page of HTML',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Sign in to the hotel' },
      { kind: 'transient', code: 'invalid_answer' },
    ],
    [
      'half an answer',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"access_to' },
      { kind: 'transient', code: 'invalid_answer' },
    ],
    ['a closed connection', { reset: 'request' as const }, { kind: 'transient', code: 'network', sent: true }],
    ['a lost answer', { reset: 'answer' as const }, { kind: 'transient', code: 'network', sent: true }],
    ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, { kind: 'fatal', code: 'invalid_grant' }],
    [
      '200 with bad_refresh_token, as GitHub',
      { status: 200, body: { error: 'bad_refresh_token' } },
      { kind: 'fatal', code: 'bad_refresh_token' },
    ],
    [
      'invalid_client with a challenge',
      { status: 401, headers: { 'www-authenticate': 'Basic' }, body: { error: 'invalid_client' } },
      { kind: 'refused', code: 'invalid_client' },
    ],
    [
      'a code that is no code',
      { status: 400, body: { error: '<script>alert(1)</script>' } },
      { kind: 'refused', code: 'unknown_error' },
    ],
  ])('[F8] that meets %s is judged', async (_, injection, expected) => {
    const { refresh } = await signedIn()
    server.next(injection)
    expect(await failureOf(refresh())).toMatchObject(expected)
  })

  it('[F8] that never left says so', async () => {
    const { tokens, settings } = await signedIn()
    await server.close()
    const written = settingsFor(server, endpointsOf(server.issuer))
    const notSent = { kind: 'transient', code: 'network', sent: false }
    expect(await failureOf(newOAuth().refresh(written, tokens, quiet))).toMatchObject(notSent)
    // Nothing known of the provider yet: not even the endpoints can be found out.
    expect(await failureOf(newOAuth().refresh(settings, tokens, quiet))).toMatchObject(notSent)
  })

  it('without a refresh token is fatal and not sent', async () => {
    const { refresh, tokens } = await signedIn()
    const error = await failureOf(refresh({ ...tokens, refreshToken: null }))
    expect(error).toMatchObject({ kind: 'fatal', sent: false })
    expect(server.refreshes()).toBe(0)
  })

  it('says nothing secret in its errors', async () => {
    const { refresh, tokens } = await signedIn()
    server.next({ status: 400, body: { error: 'invalid_grant', error_description: `bad ${tokens.refreshToken}` } })
    const error = await failureOf(refresh())
    const text = `${error.stack} ${JSON.stringify(error)} ${String(error.cause)}`
    expect(text).not.toContain(tokens.refreshToken)
  })
})

describe('a revocation', () => {
  it('[F6] ends the grant at the provider', async () => {
    const { tokens, settings, refresh } = await signedIn()
    expect(await newOAuth().revoke(settings, tokens, quiet)).toBe(true)
    expect(await failureOf(refresh())).toMatchObject({ kind: 'fatal' })
  })

  it('[F6] is false where the provider has no endpoint for it', async () => {
    const { tokens, settings } = await signedIn()
    const { definition } = settings
    const endpoints = { authorization: `${server.issuer}/auth`, token: `${server.issuer}/token` }
    const without = { ...settings, definition: { ...definition, discovery: undefined, endpoints } }
    expect(await newOAuth().revoke(without, tokens, quiet)).toBe(false)
  })

  it('[F6] tells when the provider refused or was not there', async () => {
    const { tokens, settings } = await signedIn()
    server.answer('/token/revocation', (_, response) => void response.writeHead(400).end())
    await expect(newOAuth().revoke(settings, tokens, quiet)).rejects.toMatchObject({ code: 'provider_error' })
    await server.close()
    await expect(newOAuth().revoke(settings, tokens, quiet)).rejects.toMatchObject({ code: 'provider_unreachable' })
  })
})
