import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import type { Definition } from '../../../electron/providers/definition.ts'
import type { RegistrationCredentials, RegistrationOptions } from '../../../electron/vault/ports.ts'
import { newAuthority } from '../../doubles/certificates.ts'
import { type StrictServer, type StrictServerOptions, startStrictServer } from '../../doubles/strict-server.ts'
import { world } from './world.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ec = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const pem = (key: typeof rsa.privateKey) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const authority = await newAuthority()

interface Case {
  row: string
  title: string
  server: StrictServerOptions
  options?: RegistrationOptions
  credentials?: RegistrationCredentials
  /** What a person sets beside what discovery finds. */
  definition?: (server: StrictServer) => Partial<Definition>
  shows: (server: StrictServer) => void
}

const cases: Case[] = [
  {
    row: 'C6',
    title: 'client_secret_basic',
    server: { authentication: 'client_secret_basic' },
    shows: (server) => expect(server.last('token').headers.authorization).toMatch(/^Basic /),
  },
  {
    row: 'C6',
    title: 'client_secret_post',
    server: { authentication: 'client_secret_post' },
    shows: (server) => expect(server.last('token').parameters).toHaveProperty('client_secret'),
  },
  {
    row: 'C6',
    title: 'client_secret_jwt',
    server: { authentication: 'client_secret_jwt' },
    shows: (server) => {
      expect(server.last('token').parameters).toHaveProperty('client_assertion')
      expect(server.last('token').parameters).not.toHaveProperty('client_secret')
    },
  },
  {
    row: 'F4',
    title: 'private_key_jwt, RSA, by discovery',
    server: {
      authentication: 'private_key_jwt',
      publicKey: { ...rsa.publicKey.export({ format: 'jwk' }), kid: 'mine' },
    },
    options: { keyId: 'mine' },
    credentials: { privateKey: pem(rsa.privateKey) },
    shows: (server) => expect(assertionHeader(server)).toEqual({ alg: 'RS256', kid: 'mine' }),
  },
  {
    row: 'F4',
    title: 'private_key_jwt by an algorithm that was chosen (PS256)',
    server: {
      authentication: 'private_key_jwt',
      publicKey: rsa.publicKey.export({ format: 'jwk' }),
      signingAlgorithm: 'PS256',
    },
    options: { signingAlgorithm: 'PS256' },
    credentials: { privateKey: pem(rsa.privateKey) },
    shows: (server) => expect(assertionHeader(server)).toEqual({ alg: 'PS256' }),
  },
  {
    row: 'F4',
    title: 'private_key_jwt, elliptic curve, endpoints by settings',
    server: { authentication: 'private_key_jwt', publicKey: ec.publicKey.export({ format: 'jwk' }) },
    credentials: { privateKey: pem(ec.privateKey) },
    definition: (server) => ({ discovery: undefined, endpoints: server.endpoints() }),
    shows: (server) => expect(assertionHeader(server)).toEqual({ alg: 'ES256' }),
  },
  {
    row: 'F4',
    title: 'a client certificate, and tokens bound to it, by discovery of the aliases',
    server: { authentication: 'tls_client_auth', mtls: { authority, clientName: 'client.test' } },
    credentials: await authority.issue('client.test', 'client'),
    shows: (server) => {
      expect(server.last('token').parameters).not.toHaveProperty('client_secret')
      expect(server.api.judged.at(-1)?.status).toBe(200)
    },
  },
  {
    row: 'F5',
    title: 'PAR, required by the server, by discovery',
    server: { par: true },
    shows: (server) => expect(server.last('pushed_authorization_request').status).toBe(201),
  },
  {
    row: 'F5',
    title: 'PAR by the setting of the registration, with a client secret',
    server: { authentication: 'client_secret_basic' },
    options: { par: true },
    shows: (server) => {
      const { status, headers } = server.last('pushed_authorization_request')
      expect(status).toBe(201)
      expect(headers.authorization).toMatch(/^Basic /)
    },
  },
  {
    row: 'F5',
    title: 'DPoP with opaque tokens and nonces',
    server: { dpop: true, tokens: 'opaque' },
    options: { dpop: true },
    shows: (server) => expect(server.last('token').headers.dpop).toBeDefined(),
  },
  {
    row: 'F5',
    title: 'DPoP with JWT access tokens, by the definition',
    server: { dpop: true, tokens: 'jwt' },
    definition: () => ({ dpop: 'required' }),
    shows: (server) => expect(server.api.judged.at(-1)).toMatchObject({ scheme: 'DPoP', status: 200 }),
  },
  {
    row: 'F5',
    title: 'PAR, DPoP and private_key_jwt together',
    server: {
      par: true,
      dpop: true,
      tokens: 'jwt',
      authentication: 'private_key_jwt',
      publicKey: ec.publicKey.export({ format: 'jwk' }),
    },
    options: { dpop: true },
    credentials: { privateKey: pem(ec.privateKey) },
    shows: (server) => expect(server.last('pushed_authorization_request').headers.dpop).toBeDefined(),
  },
]

describe('connect, sign, refresh, revoke', () => {
  it.each(cases)('[$row] $title', async ({ server: wanted, options, credentials, definition, shows }) => {
    const server = await startStrictServer(wanted)
    onTestFinished(() => server.close())
    const client = {
      definition: server.definition(definition?.(server)),
      clientId: server.clientId,
      clientSecret: server.clientSecret,
      options,
      credentials,
    }
    const { connectAs, send, tokens, vault, revoke } = await world(
      [client],
      wanted.mtls ? { caBundle: authority.certificate } : {},
    )

    const flow = await connectAs('ada')
    expect(flow.failure).toBeNull()
    expect(flow.state).toBe('completed')
    const id = flow.account_id ?? ''
    expect(vault.accounts.get(id)?.identity).toMatchObject({ subject: 'ada', email: 'ada@example.com' })

    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200, body: '{"sub":"ada"}', refreshed: false })
    shows(server)
    const before = vault.tokens.get(id)
    const { tokens: after, refreshed } = await tokens.fresh(id, { force: true })
    expect(refreshed).toBe(true)
    expect(after.accessToken).not.toBe(before?.accessToken)
    expect(after.refreshToken).not.toBe(before?.refreshToken)
    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200 })

    expect(await revoke(id)).toBe(true)
    expect(server.last('revocation').status).toBe(200)
    await expect(tokens.fresh(id, { force: true })).rejects.toMatchObject({ code: 'reauth_required' })
  })
})

function assertionHeader(server: StrictServer): unknown {
  const [header = ''] = String(server.last('token').parameters.client_assertion).split('.')
  return JSON.parse(Buffer.from(header, 'base64url').toString())
}
