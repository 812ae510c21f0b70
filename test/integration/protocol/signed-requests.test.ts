import { describe, expect, it, onTestFinished } from 'vitest'
import { decodeJwt } from '../../../electron/oauth/jwt.ts'
import type { RegistrationOptions } from '../../../electron/vault/ports.ts'
import { type StrictServerOptions, startStrictServer } from '../../doubles/strict-server.ts'
import { world } from './world.ts'

async function connected(server: StrictServerOptions, options: RegistrationOptions) {
  const strict = await startStrictServer(server)
  onTestFinished(() => strict.close())
  const services = await world([{ definition: strict.definition(), clientId: strict.clientId, options }])
  const flow = await services.connectAs('ada')
  expect(flow.failure).toBeNull()
  return { strict, id: flow.account_id ?? '', ...services }
}

describe('what a signed request carries', () => {
  it('[C9] the access token by default', async () => {
    const { strict, id, send, vault } = await connected({}, {})
    await send(id, { url: '/me' })
    expect(strict.api.judged.at(-1)?.headers.authorization).toBe(`Bearer ${vault.tokens.get(id)?.accessToken}`)
  })

  it('[C9] the ID token where the registration says so', async () => {
    const { strict, id, send, vault } = await connected({}, { bearer: 'id_token' })
    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200 })
    const idToken = vault.tokens.get(id)?.idToken
    expect(decodeJwt(idToken ?? '')?.claims.sub).toBe('ada')
    expect(strict.api.judged.at(-1)?.headers.authorization).toBe(`Bearer ${idToken}`)
  })

  it('[C9] an ID token that has ended is renewed first', async () => {
    const { strict, id, send, vault } = await connected({}, { bearer: 'id_token' })
    const tokens = vault.tokens.get(id)
    if (!tokens) throw new Error('There are no tokens.')
    const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
    const ended = `${part({ alg: 'RS256' })}.${part({ sub: 'ada', exp: 1_000_000_000 })}.c2ln`
    vault.tokens.put(id, { ...tokens, idToken: ended })
    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200, refreshed: true })
    expect(strict.api.judged.map(({ headers }) => headers.authorization)).not.toContain(`Bearer ${ended}`)
  })

  it('[C9] without an ID token it is said what to do', async () => {
    const { id, send, vault } = await connected({}, { bearer: 'id_token' })
    const tokens = vault.tokens.get(id)
    if (tokens) vault.tokens.put(id, { ...tokens, idToken: null })
    await expect(send(id, { url: '/me' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'options.bearer' },
    })
  })

  it('[C13] the header is the registration’s, with its own prefix', async () => {
    const { strict, id, send, vault } = await connected({}, { header: { name: 'X-Api-Token', prefix: 'token=' } })
    await send(id, { url: '/me' })
    const { headers } = strict.api.judged.at(-1) ?? {}
    expect(headers?.['x-api-token']).toBe(`token=${vault.tokens.get(id)?.accessToken}`)
    expect(headers).not.toHaveProperty('authorization')
    await expect(send(id, { url: '/me', headers: { 'X-Api-Token': 'mine' } })).rejects.toMatchObject({
      details: { field: 'headers.X-Api-Token' },
    })
  })

  it('[D8] relative addresses stand below the registration’s base URI', async () => {
    const strict = await startStrictServer()
    onTestFinished(() => strict.close())
    const definition = strict.definition({
      api: { ...strict.definition().api, base_url: 'https://elsewhere.example/', hosts: [] },
    })
    const options = { baseUrl: `${strict.issuer}/api` }
    const { connectAs, send } = await world([{ definition, clientId: strict.clientId, options }])
    const { account_id: id } = await connectAs('ada')
    expect(await send(id ?? '', { url: 'me' })).toMatchObject({ status: 200, url: `${strict.issuer}/api/me` })
  })
})

describe('requests with a token that is bound to a key', () => {
  const bound = () => connected({ dpop: true, tokens: 'jwt' }, { dpop: true })

  it('[F5] learn the API’s nonce, once', async () => {
    const { strict, id, send } = await bound()
    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200 })
    expect(strict.api.judged.map(({ reason }) => reason)).toEqual(['nonce', null])
    expect(await send(id, { url: '/me?query=is-not-signed' })).toMatchObject({ status: 200 })
    expect(strict.api.judged).toHaveLength(3)
    strict.api.changeNonce()
    expect(await send(id, { method: 'POST', url: '/me', body: 'sent twice' })).toMatchObject({ status: 200 })
    expect(strict.api.judged.slice(3).map(({ reason }) => reason)).toEqual(['nonce', null])
  })

  it('[F5] carry a proof of their own each, at any number at once', async () => {
    const { strict, id, send } = await bound()
    const answers = await Promise.all(Array.from({ length: 20 }, () => send(id, { url: '/me' })))
    expect(answers.map(({ status }) => status)).toEqual(Array(20).fill(200))
    const proofs = strict.api.judged.map(({ headers }) => headers.dpop)
    expect(new Set(proofs).size).toBe(proofs.length)
  })

  it('[F5] follow a redirect with a proof for the new address', async () => {
    const { strict, id, send } = await bound()
    expect(await send(id, { url: '/redirect?to=/api/me' })).toMatchObject({ status: 200 })
    expect(strict.api.judged.map(({ reason }) => reason)).not.toContain('htu does not match')
  })

  it('[F5] the key is kept sealed, and every account has its own', async () => {
    const { id, connectAs, vault } = await bound()
    const { account_id: other } = await connectAs('grace')
    const [one, two] = [vault.accounts.credentials(id).dpopKey, vault.accounts.credentials(other ?? '').dpopKey]
    expect(JSON.parse(one ?? '')).toMatchObject({ kty: 'EC', crv: 'P-256', d: expect.any(String) })
    expect(two).not.toBe(one)
  })

  it('[F5] a program is not handed a token that it could not use', async () => {
    const { id, accessTokens } = await bound()
    await expect(accessTokens.get(id, {}, { kind: 'owner' })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('DPoP'),
      details: { action: { text: expect.stringContaining('/request') } },
    })
  })

  it('[F5] a new sign-in brings a new key', async () => {
    const { id, connectAs, vault, send } = await bound()
    const before = vault.accounts.credentials(id).dpopKey
    expect(await connectAs('ada', { account: id })).toMatchObject({ state: 'completed', account_id: id })
    expect(vault.accounts.credentials(id).dpopKey).not.toBe(before)
    expect(await send(id, { url: '/me' })).toMatchObject({ status: 200 })
  })
})
