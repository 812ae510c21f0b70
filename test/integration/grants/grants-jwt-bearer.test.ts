import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createDispatch } from '../../../electron/services/dispatch.ts'
import { createGrantHandlers } from '../../../electron/services/handlers-grants.ts'
import type { Handlers } from '../../../electron/services/ports.ts'
import { createRegistrationService } from '../../../electron/services/registrations.ts'
import { registerServiceAccount } from '../../../electron/services/service-account.ts'
import { serviceAccountInputSchema } from '../../../shared/contract-grants.ts'
import { grantTypes, verifyAssertion } from '../../doubles/grants.ts'
import { grantWorld } from './world.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = (key: typeof rsa.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const robot = 'robot@project.iam.gserviceaccount.example'

/** A registration of the double with a private key of its own. */
async function withKey(key = rsa, options: Record<string, unknown> = {}) {
  const it = await grantWorld({ registration: { scopes: ['openid', 'api'], options } })
  it.vault.registrations.setCredentials('reg_test', { privateKey: pem(key.privateKey) })
  it.server.assertionKeys.set(it.server.clientId, key.publicKey)
  return it
}

describe('the JWT bearer grant', () => {
  it.each([
    ['RS256', rsa],
    ['ES256', ec],
  ])(
    '[F4] sends an assertion signed by %s, as the key is, with everything in it that RFC 7523 asks for',
    async (_, key) => {
      const { connectBy, viewOf, server } = await withKey(key)
      const flow = await connectBy('jwt_bearer')
      expect(flow.failure).toBeNull()
      expect(server.assertions).toEqual([
        {
          iss: server.clientId,
          sub: server.clientId,
          aud: `${server.issuer}/token`,
          scope: 'openid api',
          iat: expect.any(Number),
          exp: expect.any(Number),
          jti: expect.any(String),
        },
      ])
      const [{ iat = 0, exp = 0 } = {}] = server.assertions
      expect(exp - iat).toBe(300)
      expect(viewOf(flow)).toMatchObject({
        grant: 'jwt_bearer',
        identity: { subject: server.clientId },
        status: { state: 'active' },
      })
    },
  )

  it('[F4] acts for whom the caller names, and keeps doing so when the token is renewed', async () => {
    const { connectBy, accountOf, tokens, expireTokens, clock, server, vault } = await withKey()
    const flow = await connectBy('jwt_bearer', { subject: 'ada@example.com' })
    expect(accountOf(flow)).toMatchObject({ alias: 'test:ada@example.com', identity: { subject: 'ada@example.com' } })
    expect(vault.accounts.credentials(accountOf(flow).id)).toEqual({ subject: 'ada@example.com' })
    expireTokens()
    // The server keeps the real time. Latchkey's clock is an hour ahead now, and the first assertion is refused for it.
    expect((await tokens.fresh(accountOf(flow).id)).refreshed).toBe(true)
    expect(server.assertions.map(({ sub }) => sub)).toEqual(['ada@example.com', 'ada@example.com'])
    const { iat = 0 } = server.assertions[1] ?? {}
    expect(Math.abs(iat - Date.now() / 1000)).toBeLessThan(5)
    expect(clock.now() - Date.now()).toBeGreaterThan(3_000_000)
  })

  it('[F4] names another issuer, audience, key and algorithm where the registration says so', async () => {
    const { connectBy, server } = await withKey(rsa, {
      signingAlgorithm: 'PS256',
      keyId: 'key-7',
      assertion: { issuer: 'integration-key', subject: 'user-guid', audience: 'https://account.example' },
    })
    let seen: Record<string, unknown> = {}
    server.answer('/token', async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      const [header, claims] = (new URLSearchParams(body).get('assertion') ?? '')
        .split('.')
        .slice(0, 2)
        .map((part) => JSON.parse(Buffer.from(part, 'base64url').toString()))
      seen = { ...header, ...claims }
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ access_token: 'token', token_type: 'Bearer', expires_in: 60 }))
    })
    expect((await connectBy('jwt_bearer')).state).toBe('completed')
    expect(seen).toMatchObject({
      alg: 'PS256',
      kid: 'key-7',
      iss: 'integration-key',
      sub: 'user-guid',
      aud: 'https://account.example',
    })
  })

  it.each([
    ['no key', null, 'no private key'],
    ['a key that is not trusted there', rsa, 'did not accept the signed assertion'],
  ])('says what is wrong with %s', async (_, key, words) => {
    const { connectBy, server, vault } = await withKey()
    server.assertionKeys.set(server.clientId, ec.publicKey)
    vault.registrations.setCredentials('reg_test', key ? { privateKey: pem(key.privateKey) } : {})
    const flow = await connectBy('jwt_bearer')
    expect(flow).toMatchObject({ state: 'failed', failure: { message: expect.stringContaining(words) } })
    expect(JSON.stringify(flow)).not.toContain('PRIVATE KEY')
  })
})

describe('the key file of a service account', () => {
  const file = (changes: Record<string, unknown> = {}) => ({
    type: 'service_account',
    project_id: 'project',
    private_key_id: 'key-1',
    private_key: pem(rsa.privateKey),
    client_email: robot,
    client_id: '1234567890',
    token_uri: 'https://oauth2.googleapis.com/token',
    ...changes,
  })

  async function serviceAccountWorld() {
    const it = await grantWorld()
    // Google's way: the assertion alone says who asks, and there is no client_id beside it.
    const requests: URLSearchParams[] = []
    it.server.assertionKeys.set(robot, rsa.publicKey)
    it.server.answer('/token', async (request, response) => {
      let body = ''
      for await (const part of request) body += part
      const form = new URLSearchParams(body)
      requests.push(form)
      response.setHeader('content-type', 'application/json')
      try {
        await verifyAssertion(form.get('assertion') ?? '', `${it.server.issuer}/token`, it.server)
        response.end(
          JSON.stringify({ access_token: `token-${requests.length}`, token_type: 'Bearer', expires_in: 3599 }),
        )
      } catch {
        response.statusCode = 400
        response.end(JSON.stringify({ error: 'invalid_grant', error_description: 'Invalid JWT Signature.' }))
      }
    })
    const registrations = createRegistrationService(it)
    const drop = (input: Record<string, unknown>) =>
      registerServiceAccount(
        { ...it, registrations },
        serviceAccountInputSchema.parse({ provider_id: 'test', ...input }),
        { kind: 'page' },
      )
    const tokenUri = `${it.server.issuer}/token`
    return { ...it, requests, drop, tokenUri }
  }

  it('[F4] becomes a registration that connects as it is, and again when the token ends', async () => {
    const { drop, start, settled, accountOf, tokens, expireTokens, requests, server, tokenUri, vault } =
      await serviceAccountWorld()
    const registration = await drop({ json: JSON.stringify(file({ token_uri: tokenUri })), scopes: ['api'] })
    expect(registration).toMatchObject({
      name: 'robot',
      client_id: robot,
      has_private_key: true,
      options: { grant: 'jwt_bearer', keyId: 'key-1' },
    })
    expect(JSON.stringify([registration, vault.activity.list({ limit: 9 })])).not.toContain('PRIVATE KEY')
    const flow = await settled((await start({ registration: registration.id })).id)
    expect(accountOf(flow)).toMatchObject({ alias: `test:${robot}`, grant: 'jwt_bearer' })
    expect([...(requests[0]?.keys() ?? [])].sort()).toEqual(['assertion', 'grant_type', 'scope'])
    expect(requests[0]?.get('grant_type')).toBe(grantTypes.jwtBearer)
    expect(server.assertions[0]).toMatchObject({ iss: robot, aud: tokenUri, scope: 'api' })
    expect(server.assertions[0]).not.toHaveProperty('sub')
    expireTokens()
    expect((await tokens.fresh(accountOf(flow).id)).refreshed).toBe(true)
  })

  it('[F4] stands for a person of the domain when told to, for all of the registration or for one account', async () => {
    const { drop, start, settled, accountOf, server, tokenUri } = await serviceAccountWorld()
    const json = JSON.stringify(file({ token_uri: tokenUri }))
    const { id } = await drop({ json, subject: 'ada@example.com' })
    expect(accountOf(await settled((await start({ registration: id })).id)).identity?.subject).toBe('ada@example.com')
    const other = await start({ registration: id, subject: 'grace@example.com' })
    expect(accountOf(await settled(other.id)).alias).toBe('test:grace@example.com')
    expect(server.assertions.map(({ sub }) => sub)).toEqual(['ada@example.com', 'grace@example.com'])
  })

  it('[F4] a new key of the same service account takes the place of the old one', async () => {
    const { drop, vault, tokenUri } = await serviceAccountWorld()
    const first = await drop({ json: JSON.stringify(file({ token_uri: tokenUri })), name: 'Mine' })
    const next = generateKeyPairSync('rsa', { modulusLength: 2048 })
    const second = await drop({
      json: JSON.stringify(file({ token_uri: tokenUri, private_key: pem(next.privateKey), private_key_id: 'key-2' })),
    })
    expect(second).toMatchObject({ id: first.id, name: 'Mine', options: { keyId: 'key-2' } })
    expect(vault.registrations.credentials(first.id)).toEqual({ privateKey: pem(next.privateKey) })
  })

  it.each([
    ['json', 'not JSON', '{"client_email": "robot@'],
    ['json', 'a list', '[]'],
    ['json', 'the file of an OAuth client', JSON.stringify({ installed: { client_id: 'x' } })],
    ['json.type', 'another kind of account', JSON.stringify(file({ type: 'authorized_user' }))],
    ['json.client_email', 'no client_email', JSON.stringify(file({ client_email: undefined }))],
    ['json.client_email', 'a name for a client_email', JSON.stringify(file({ client_email: 'robot' }))],
    ['json.private_key', 'no private_key', JSON.stringify(file({ private_key: '' }))],
    [
      'json.private_key',
      'a damaged private_key',
      JSON.stringify(file({ private_key: pem(rsa.privateKey).slice(0, 400) })),
    ],
    ['json.token_uri', 'no token_uri', JSON.stringify(file({ token_uri: undefined }))],
    ['json.token_uri', 'a token_uri without TLS', JSON.stringify(file({ token_uri: 'http://token.example' }))],
  ])('[F4] names %s for %s, and repeats nothing of the file', async (field, _, json) => {
    const { drop, vault } = await serviceAccountWorld()
    const error: unknown = await drop({ json }).catch((it: unknown) => it)
    expect(error).toMatchObject({ code: 'invalid_request', details: { field } })
    expect(String(error)).not.toMatch(/MII|robot@/)
    expect(vault.registrations.list()).toHaveLength(1)
  })

  it('[F4] [G5] is taken for Google when nothing else is said, by the method of the contract', async () => {
    const { vault, clock, events, activity } = await grantWorld()
    const parts = { vault, clock, events, activity, catalogue: loadCatalogue() }
    const handlers = createGrantHandlers({ ...parts, registrations: createRegistrationService(parts) })
    const dispatch = createDispatch(handlers as Handlers)
    const drop = (input: Record<string, unknown>) =>
      dispatch('registrations.from_service_account', input, { kind: 'page' })
    expect(await drop({ json: JSON.stringify(file()) })).toMatchObject({
      provider_id: 'google',
      scopes: ['openid', 'email', 'profile'],
      has_private_key: true,
    })
    await expect(drop({ json: JSON.stringify(file()), provider_id: 'github' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'provider_id' },
    })
    await expect(drop({})).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'json' } })
  })
})
