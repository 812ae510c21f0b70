import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { afterEach, describe, expect, it } from 'vitest'
import { FlowError } from '../../../electron/oauth/ports.ts'
import { type AuthorizationServer, startAuthorizationServer } from '../../doubles/authorization-server.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { endpointsOf, newOAuth, newTrace, quiet, redirectUri, settingsFor, signIn } from './support.ts'

let server: AuthorizationServer
afterEach(() => server.close())

/** What a sign-in fails with, and how often the token endpoint was asked. */
async function failureOf(work: Promise<unknown>): Promise<FlowError> {
  const error = await work.then(
    () => new Error('It worked.'),
    (thrown: unknown) => thrown,
  )
  if (error instanceof FlowError) return error
  throw error
}

const withParameter = (name: string, value: string | null) => (answer: URL) => {
  const url = new URL(answer)
  if (value === null) url.searchParams.delete(name)
  else url.searchParams.set(name, value)
  return url
}

describe('an answer that must not be believed', () => {
  it.each([
    ['another state', withParameter('state', 'x'.repeat(43)), 'state_mismatch'],
    ['no state', withParameter('state', null), 'state_mismatch'],
    ['the name of another issuer', withParameter('iss', 'https://evil.example'), 'issuer_mismatch'],
    ['no iss although the server promises one', withParameter('iss', null), 'issuer_mismatch'],
    ['two codes', (answer: URL) => new URL(`${answer.href}&code=another`), 'duplicate_parameter'],
    ['two states', (answer: URL) => new URL(`${answer.href}&state=another`), 'duplicate_parameter'],
    ['any other parameter twice', (answer: URL) => new URL(`${answer.href}&a=1&a=2`), 'duplicate_parameter'],
    ['neither code nor error', withParameter('code', null), 'invalid_answer'],
    [
      'another path',
      (answer: URL) => new URL(answer.href.replace('/callback/test', '/callback/other')),
      'invalid_answer',
    ],
    ['another port', (answer: URL) => new URL(answer.href.replace('49152', '49153')), 'invalid_answer'],
  ])('[F1] with %s is refused before the code is sent anywhere', async (_, tamper, failure) => {
    server = await startAuthorizationServer()
    const error = await failureOf(signIn(settingsFor(server), { tamper }))
    expect(error.failure).toBe(failure)
    expect(error.message).toBeTruthy()
    expect(error.remedy).toBeTruthy()
    expect(server.tokenRequests).toEqual([])
  })

  it('[F1] with an ID token for another sign-in is refused', async () => {
    server = await startAuthorizationServer()
    const oauth = newOAuth()
    const settings = settingsFor(server)
    const begin = () => oauth.beginAuthorization(settings, { redirectUri, scopes: ['openid'], ...quiet })
    const pending = { ...(await begin()), nonce: (await begin()).nonce }
    const answer = await signInAsPerson(pending.authorizationUrl, redirectUri)
    const error = await failureOf(oauth.finishAuthorization(settings, pending, answer, quiet))
    expect(error).toMatchObject({ failure: 'invalid_answer', message: expect.stringContaining('nonce') })
  })

  it('[F1] from a server that identifies itself as another one is refused', async () => {
    server = await startAuthorizationServer()
    server.answer('/.well-known/openid-configuration', (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ issuer: 'https://evil.example', token_endpoint: `${server.issuer}/token` }))
    })
    const error = await failureOf(signIn(settingsFor(server)))
    expect(error.failure).toBe('issuer_mismatch')
  })

  it('[F1] with userinfo about somebody else is refused', async () => {
    server = await startAuthorizationServer()
    server.answer('/me', (_, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ sub: 'mallory', name: 'Ada' }))
    })
    const error = await failureOf(signIn(settingsFor(server)))
    expect(error).toMatchObject({ failure: 'invalid_answer', message: expect.stringContaining('sub') })
  })
})

describe('a sign-in that does not end well', () => {
  it('is access_denied when the person declines', async () => {
    server = await startAuthorizationServer()
    const error = await failureOf(signIn(settingsFor(server), { person: { consents: false } }))
    expect(error).toMatchObject({ failure: 'access_denied', message: 'Access was declined at Test provider.' })
    expect(server.tokenRequests).toEqual([])
  })

  it('says what the provider says, without line breaks, secrets or endless text', async () => {
    server = await startAuthorizationServer()
    const settings = settingsFor(server)
    const oauth = newOAuth()
    const pending = await oauth.beginAuthorization(settings, { redirectUri, scopes: ['openid'], ...quiet })
    const answer = new URL(redirectUri)
    const leak = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJl'
    answer.search = new URLSearchParams({
      error: 'invalid_scope',
      error_description: `No\r\nsuch scope ${pending.codeVerifier} ${leak} ${'long '.repeat(200)}`,
      state: pending.state,
      iss: server.issuer,
    }).toString()
    const { trace, lines } = newTrace()
    const error = await failureOf(oauth.finishAuthorization(settings, pending, answer, { ...quiet, trace }))
    expect(error.failure).toBe('provider_error')
    expect(error.message).toContain('invalid_scope: No such scope')
    expect(error.message.length).toBeLessThan(450)
    expect(error.remedy).toContain('scopes')
    for (const text of [error.message, JSON.stringify(lines)]) {
      expect(text).not.toContain(pending.codeVerifier)
      expect(text).not.toContain(leak)
    }
    expect(lines.at(-1)?.ok).toBe(false)
  })

  it.each([
    [
      'a page of HTML',
      { status: 200, headers: { 'content-type': 'text/html' }, body: '<html>Welcome to WiFi</html>' },
      'invalid_answer',
    ],
    ['JSON without a token', { status: 200, body: { hello: 'world' } }, 'invalid_answer'],
    [
      'half an answer',
      { status: 200, headers: { 'content-type': 'application/json' }, body: '{"access_token":"ab' },
      'invalid_answer',
    ],
    [
      '200 with an error, as GitHub',
      {
        status: 200,
        body: { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' },
      },
      'provider_error',
    ],
    [
      '200 with a form-encoded error',
      {
        status: 200,
        headers: { 'content-type': 'application/x-www-form-urlencoded' },
        body: 'error=incorrect_client_credentials',
      },
      'invalid_client',
    ],
    [
      'invalid_client',
      { status: 401, headers: { 'www-authenticate': 'Basic realm="x"' }, body: { error: 'invalid_client' } },
      'invalid_client',
    ],
    ['invalid_grant', { status: 400, body: { error: 'invalid_grant' } }, 'provider_error'],
    ['403 and nothing else', { status: 403, body: '' }, 'provider_error'],
    ['503', { status: 503, body: 'down' }, 'provider_unreachable'],
    ['a redirect', { status: 302, headers: { location: 'https://elsewhere.example/' } }, 'provider_error'],
    ['a closed connection', { reset: 'request' as const }, 'provider_unreachable'],
  ])('says what is wrong when the token endpoint answers with %s', async (_, injection, failure) => {
    server = await startAuthorizationServer()
    server.next(injection)
    const error = await failureOf(signIn(settingsFor(server)))
    expect(error.failure).toBe(failure)
    // One code, one try (RFC 6749 4.1.2).
    expect(server.tokenRequests).toHaveLength(1)
  })

  it('is invalid_client with the wrong secret and without one', async () => {
    server = await startAuthorizationServer({ clientAuthentication: 'client_secret_basic' })
    const wrong = await failureOf(signIn({ ...settingsFor(server), clientSecret: 'not-the-secret' }))
    expect(wrong.failure).toBe('invalid_client')
    expect(wrong.message).not.toContain('not-the-secret')
    const none = await failureOf(signIn({ ...settingsFor(server), clientSecret: null }))
    expect(none).toMatchObject({ failure: 'invalid_client', remedy: expect.stringContaining('client secret') })
  })

  it('is provider_unreachable when nobody answers', async () => {
    server = await startAuthorizationServer()
    const gone = createServer().listen(0, '127.0.0.1')
    await new Promise((resolve) => gone.once('listening', resolve))
    const issuer = `http://127.0.0.1:${(gone.address() as AddressInfo).port}`
    await new Promise((resolve) => gone.close(resolve))
    const error = await failureOf(signIn(settingsFor(server, { issuer })))
    expect(error).toMatchObject({ failure: 'provider_unreachable', remedy: expect.stringContaining('connection') })
  })

  it('is cancelled as soon as its signal says so, even while the provider is silent', async () => {
    server = await startAuthorizationServer()
    const held = server.hold()
    const controller = new AbortController()
    const failing = failureOf(signIn(settingsFor(server), { signal: controller.signal }))
    await held.arrived
    controller.abort()
    expect((await failing).failure).toBe('cancelled')
    held.release()
  })
})

describe('addresses that nothing secret is sent to', () => {
  it('are plain http ones elsewhere: the sign-in page', async () => {
    server = await startAuthorizationServer()
    const { endpoints } = endpointsOf(server.issuer)
    const changes = {
      discovery: undefined,
      endpoints: { authorization: 'http://provider.example/auth', token: endpoints?.token ?? '' },
    }
    const begin = newOAuth().beginAuthorization(settingsFor(server, changes), { redirectUri, scopes: [], ...quiet })
    expect(await failureOf(begin)).toMatchObject({
      failure: 'provider_error',
      message: expect.stringContaining('not https'),
    })
  })

  it('are plain http ones elsewhere: the token endpoint', async () => {
    server = await startAuthorizationServer()
    const { endpoints } = endpointsOf(server.issuer)
    const changes = {
      discovery: undefined,
      endpoints: { authorization: endpoints?.authorization ?? '', token: 'http://provider.example/token' },
    }
    const error = await failureOf(signIn(settingsFor(server, changes)))
    expect(error).toMatchObject({ failure: 'provider_error', message: expect.stringContaining('not https') })
  })
})
