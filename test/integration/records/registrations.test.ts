import { generateKeyPairSync } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { newAuthority } from '../../doubles/certificates.ts'
import { world } from './world.ts'

const pem = (key: import('node:crypto').KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()
const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 })

const keyed = {
  client_authentication: ['none', 'client_secret_basic', 'private_key_jwt', 'tls_client_auth'] as const,
}
const input = {
  provider_id: 'test',
  name: 'New',
  client_id: 'client-1',
  client_authentication: 'private_key_jwt' as const,
  scopes: [],
}
const definition = { client_authentication: [...keyed.client_authentication] }

describe('registrations', () => {
  it('[C6] take a private key as PEM or JWK, keep it sealed and never show it', async () => {
    const { call, vault, activity } = await world({ definition })
    const saved = await call('registrations.save', { ...input, private_key: pem(privateKey) })
    expect(saved).toMatchObject({ has_private_key: true, has_certificate: false })
    expect(vault.registrations.credentials(saved.id).privateKey).toBe(pem(privateKey))
    const jwk = JSON.stringify(privateKey.export({ format: 'jwk' }))
    const second = await call('registrations.save', { ...input, private_key: jwk })
    expect(vault.registrations.credentials(second.id).privateKey).toBe(pem(privateKey))
    expect(JSON.stringify([saved, second, activity.list({ limit: 9 })])).not.toContain('PRIVATE KEY')
    const kept = await call('registrations.save', { ...input, id: saved.id, name: 'Renamed' })
    expect(kept).toMatchObject({ name: 'Renamed', has_private_key: true })
  })

  it('[C6] ask for what their client authentication needs, by the name of the field', async () => {
    const { call } = await world({ definition })
    const refused = (field: string) => ({ code: 'invalid_request', details: { field } })
    const save = (changes: object) => call('registrations.save', { ...input, ...changes })
    await expect(save({})).rejects.toMatchObject(refused('private_key'))
    await expect(save({ private_key: 'canary nonsense' })).rejects.toMatchObject(refused('private_key'))
    await expect(save({ private_key: 'canary nonsense' })).rejects.not.toThrow(/canary/)
    await expect(save({ client_authentication: 'client_secret_basic' })).rejects.toMatchObject(refused('client_secret'))
    const authority = await newAuthority()
    const own = await authority.issue('client', 'client')
    const foreign = await authority.issue('another', 'client')
    const tls = { client_authentication: 'tls_client_auth', private_key: own.privateKey }
    await expect(save(tls)).rejects.toMatchObject(refused('certificate'))
    await expect(save({ ...tls, certificate: 'nonsense' })).rejects.toMatchObject(refused('certificate'))
    await expect(save({ ...tls, certificate: foreign.certificate })).rejects.toMatchObject(refused('certificate'))
    const saved = await save({ ...tls, certificate: own.certificate })
    expect(saved).toMatchObject({ has_private_key: true, has_certificate: true })
    await expect(save({ ...tls, id: saved.id, certificate: '' })).rejects.toMatchObject(refused('certificate'))
    const plain = await save({ id: saved.id, client_authentication: 'none', private_key: '', certificate: '' })
    expect(plain).toMatchObject({ has_private_key: false, has_certificate: false })
  })

  it('[C6] an encrypted key needs its passphrase', async () => {
    const { call, vault } = await world({ definition })
    const key = privateKey
      .export({ type: 'pkcs8', format: 'pem', cipher: 'aes-256-cbc', passphrase: 'open sesame' })
      .toString()
    const save = (changes: object) => call('registrations.save', { ...input, private_key: key, ...changes })
    const refused = { details: { field: 'private_key_passphrase' } }
    await expect(save({})).rejects.toMatchObject(refused)
    await expect(save({ private_key_passphrase: 'wrong' })).rejects.toMatchObject(refused)
    const { id } = await save({ private_key_passphrase: 'open sesame' })
    expect(vault.registrations.credentials(id).privateKey).toBe(pem(privateKey))
  })

  it('[D8] [C7] keep what they choose, leave out what was left empty, and refuse what cannot be', async () => {
    const { call } = await world({
      definition: { ...definition, grants: ['authorization_code', 'client_credentials'] },
    })
    const save = (options: object, changes: object = {}) =>
      call('registrations.save', { ...input, client_authentication: 'none', options, ...changes })
    const saved = await save({ baseUrl: 'https://api.example/v2/', audience: ' ', bearer: 'id_token', assertion: {} })
    expect(saved.options).toEqual({ baseUrl: 'https://api.example/v2/', bearer: 'id_token' })
    const { options: _, ...rest } = { ...input, options: 0 }
    const kept = await call('registrations.save', { ...rest, id: saved.id, client_authentication: 'none' })
    expect(kept.options).toEqual(saved.options)
    expect((await save({}, { id: saved.id })).options).toEqual({})
    for (const [options, field] of [
      [{ baseUrl: 'http://api.example' }, 'options.baseUrl'],
      [{ resource: 'not a uri' }, 'options.resource'],
      [{ resource: 'https://api.example/#part' }, 'options.resource'],
      [{ grant: 'device_code' }, 'options.grant'],
      [{ grant: 'client_credentials' }, 'client_authentication'],
      [{ header: { name: 'Host', prefix: '' } }, 'options.header'],
      [{ header: { name: 'X Y', prefix: '' } }, 'options.header'],
    ] as const) {
      await expect(save(options), field).rejects.toMatchObject({ details: { field } })
    }
  })

  it('[A3] [C2] [C3] are many for one provider, each with a name; a copy has the secrets and no accounts', async () => {
    const { call, connectAs, vault } = await world()
    await connectAs('ada')
    vault.registrations.setCredentials('reg_test', { privateKey: pem(privateKey) })
    const copy = await call('registrations.duplicate', { id: 'reg_test' })
    expect(copy).toMatchObject({ name: 'Test (copy)', accounts: 0, enabled: true, provider_id: 'test' })
    expect(vault.registrations.credentials(copy.id).privateKey).toBe(pem(privateKey))
    const named = await call('registrations.duplicate', { id: copy.id, name: 'Work' })
    expect(named.name).toBe('Work')
    const flow = await connectAs('ada', { registration: named.id })
    expect(flow.state).toBe('completed')
    expect(vault.accounts.list().map(({ registrationId }) => registrationId)).toEqual(['reg_test', named.id])
    expect((await call('registrations.list', {})).map(({ name }) => name)).toEqual(['Test', 'Test (copy)', 'Work'])
  })

  it('[E3] need a name and no description', async () => {
    const { call } = await world()
    const save = (changes: object) =>
      call('registrations.save', { ...input, client_authentication: 'none', ...changes } as never)
    await expect(save({ name: '  ' })).rejects.toThrow(/name/)
    await expect(save({ name: undefined })).rejects.toThrow(/name/)
    expect(await save({})).toMatchObject({ name: 'New', description: '' })
    expect(await save({ description: 'For trying' })).toMatchObject({ description: 'For trying' })
  })

  it('[E5] blank scopes ask for none', async () => {
    const { call, start, connect } = await world()
    const { id, scopes } = await call('registrations.save', {
      ...input,
      client_authentication: 'none',
      scopes: [' , '],
    })
    expect(scopes).toEqual([])
    const flow = await start({ registration: id })
    const asked = new URL(flow.authorization_url ?? '').searchParams.get('scope')
    expect(asked ?? '').toBe('')
    await connect.cancel(flow.id)
  })

  it.each([
    ['ignored when the server sends one', undefined, 'expires_in', 3600],
    ['used when it sends none', ({ expires_in: _, ...answer }: Record<string, unknown>) => answer, 'fallback', 120],
  ] as const)('[E6] the fallback expiry is %s', async (_, edit, source, life) => {
    const { connectAs, vault, server, view } = await world()
    const { hasClientSecret: __, ...record } = vault.registrations.get('reg_test') ?? expect.fail()
    vault.registrations.save({ ...record, fallbackExpiry: 120 }, undefined)
    if (edit) server.next({ edit })
    await connectAs('ada')
    const { token } = view('test:ada')
    expect(token?.expiry_source).toBe(source)
    const lives = (Date.parse(token?.expires_at ?? '') - Date.parse(token?.obtained_at ?? '')) / 1000
    expect(Math.abs(lives - life)).toBeLessThan(5)
  })

  it('[C8] scopes with commas or spaces are sent as the provider wants them', async () => {
    const { call, start, connect } = await world({ definition: { scope_separator: ',' } })
    const saved = { ...input, client_authentication: 'none' as const, scopes: ['openid, profile', 'email openid'] }
    const { id, scopes } = await call('registrations.save', saved)
    expect(scopes).toEqual(['openid', 'profile', 'email'])
    const flow = await start({ registration: id })
    expect(new URL(flow.authorization_url ?? '').searchParams.get('scope')).toBe('openid,profile,email')
    await connect.cancel(flow.id)
  })
})

describe('registration by the program itself (RFC 7591)', () => {
  it('[C5] registers a public client that people can sign in with', async () => {
    const { call, connectAs } = await world({ server: { registration: true } })
    const made = await call('registrations.register', {
      provider_id: 'test',
      name: 'By itself',
      scopes: ['openid', 'offline_access'],
    })
    expect(made).toMatchObject({ name: 'By itself', client_authentication: 'none', enabled: true })
    expect(made.client_id).not.toBe('')
    expect(made.description).toContain('RFC 7591')
    const flow = await connectAs('ada', { registration: made.id })
    expect(flow.state, JSON.stringify(flow.failure)).toBe('completed')
  })

  it('[C5] keeps the secret that the provider gave, and shows it to nobody', async () => {
    const { call, vault } = await world({
      server: { registration: 'initial-token' },
      definition: { client_authentication: ['client_secret_basic'] },
    })
    const register = (token?: string) =>
      call('registrations.register', {
        provider_id: 'test',
        name: 'With a secret',
        scopes: ['openid'],
        ...(token === undefined ? {} : { initial_access_token: token }),
      })
    await expect(register()).rejects.toMatchObject({ code: 'provider_error' })
    const made = await register('initial-token')
    expect(made).toMatchObject({ has_client_secret: true, client_authentication: 'client_secret_basic' })
    expect(JSON.stringify(made)).not.toContain(vault.registrations.clientSecret(made.id))
  })

  it('says so when the provider does not offer it, and when it refuses', async () => {
    const { call } = await world()
    await expect(call('registrations.register', { provider_id: 'test', name: 'x' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'provider_id' },
    })
    const { call: other, vault } = await world({ server: { registration: true } })
    const refused = other('registrations.register', { provider_id: 'test', name: 'x', scopes: ['nonsense'] })
    await expect(refused).rejects.toMatchObject({ code: 'provider_error' })
    expect(vault.registrations.list()).toHaveLength(1)
  })

  it('works where the endpoint is written down instead of discovered', async () => {
    const { call, server, catalogue } = await world({ server: { registration: true } })
    const { discovery: _, issuer: __, ...rest } = catalogue.get('test')
    const endpoints = {
      authorization: `${server.issuer}/auth`,
      token: `${server.issuer}/token`,
      registration: `${server.issuer}/reg`,
    }
    const definition = { ...rest, endpoints, identity: { ...rest.identity, sources: ['token_answer' as const] } }
    await call('providers.save', { definition: { ...definition, id: 'written' } })
    server.answer('/.well-known/openid-configuration', (_, response) => response.writeHead(404).end())
    const made = await call('registrations.register', { provider_id: 'written', name: 'x', scopes: ['openid'] })
    expect(made.client_authentication).toBe('none')
  })
})
