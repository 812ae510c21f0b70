import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { world } from './world.ts'

const github = loadCatalogue().get('github')

const mine = {
  ...github,
  scopes: github.scopes.map(({ covers: _, ...scope }) => scope),
  id: 'mine',
  name: 'My service',
  grants: ['authorization_code' as const],
  endpoints: { authorization: 'https://login.example/auth', token: 'https://login.example/token' },
  identity: { sources: ['token_answer' as const], subject: ['user.id'] },
  api: {
    base_url: 'https://api.example/v1/',
    hosts: ['api.example'],
    private_network: false,
    header: { name: 'Authorization', prefix: 'Bearer ' },
  },
}

const registration = {
  provider_id: 'mine',
  name: 'Home',
  client_id: 'client-1',
  client_secret: 'canary-secret',
  client_authentication: mine.client_authentication[0] ?? 'none',
  scopes: [],
}

describe('providers of the person', () => {
  it('[A1] [D1] are created, listed, edited and removed; everything sees them at once', async () => {
    const { call, catalogue, seen, activity, vault } = await world()
    const route = { proxy: null, proxyUsername: null, caBundle: null, certificate: null, privateNetwork: true }
    const created = await call('providers.save', { definition: mine })
    expect(created).toMatchObject({ provider: { id: 'mine', name: 'My service', origin: 'own' }, warnings: [] })
    expect((await call('providers.list', {})).map(({ id }) => id)).toContain('mine')
    expect(catalogue.get('mine').name).toBe('My service')
    await call('registrations.save', registration)

    const edited = await call('providers.save', { definition: { ...mine, name: 'Ours', description: 'Renamed.' } })
    expect(edited).toMatchObject({ provider: { name: 'Ours' }, registrations: [{ name: 'Home' }] })
    expect(await call('providers.get', { id: 'mine' })).toMatchObject({ definition: { description: 'Renamed.' } })

    const [used] = vault.registrations.list().filter(({ providerId }) => providerId === 'mine')
    await call('registrations.remove', { id: used?.id ?? '' })
    vault.routes.save('mine', route, { proxyPassword: 'canary', privateKey: null })
    await call('providers.remove', { id: 'mine' })
    expect(vault.routes.get('mine')).toBeNull()
    expect((await call('providers.list', {})).map(({ id }) => id)).not.toContain('mine')
    expect(() => catalogue.get('mine')).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect(seen.filter(({ type }) => type === 'provider').length).toBe(3)
    const kinds = activity.list({ limit: 20 }).filter(({ kind }) => kind === 'provider')
    expect(kinds.map(({ summary }) => summary)).toEqual([
      'The provider Ours was removed',
      'The provider Ours was changed',
      'The provider My service was created',
    ])
  })

  it('[A1] are not removed while registrations use them, which are named', async () => {
    const { call } = await world()
    await call('providers.save', { definition: mine })
    const { id } = await call('registrations.save', registration)
    await expect(call('providers.remove', { id: 'mine' })).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('“Home”'),
      details: { candidates: [`${id} (Home)`] },
    })
    await expect(call('providers.remove', { id: 'test' })).rejects.toMatchObject({ details: { field: 'id' } })
    await expect(call('providers.remove', { id: 'nowhere' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('[A1] change one of the catalogue, and bring it back by removing the change', async () => {
    const { call, server, vault } = await world()
    const route = { proxy: null, proxyUsername: null, caBundle: null, certificate: null, privateNetwork: true }
    const { definition, provider } = await call('providers.get', { id: 'test' })
    expect(provider.origin).toBe('catalogue')
    expect(await call('providers.save', { definition: { ...definition, name: 'Changed' } })).toMatchObject({
      provider: { name: 'Changed', origin: 'changed' },
      registrations: [{ id: 'reg_test' }],
    })
    vault.routes.save('test', route, { proxyPassword: null, privateKey: null })
    await call('providers.remove', { id: 'test' })
    expect(vault.routes.get('test')).not.toBeNull()
    expect(await call('providers.get', { id: 'test' })).toMatchObject({
      provider: { name: 'Test provider', origin: 'catalogue' },
      definition: { issuer: server.issuer },
    })
  })

  it('[D9] [C7] sign in by the authorization URL, token URL, redirect URI, scopes and response type they name', async () => {
    const { call, server, start, connect, answerOf, settled, view } = await world()
    const definition = {
      ...mine,
      pkce: 'S256',
      client_authentication: ['none'],
      endpoints: {
        authorization: `${server.issuer}/auth`,
        token: `${server.issuer}/token`,
        userinfo: `${server.issuer}/me`,
      },
      authorization: { response_type: 'code' },
      authorization_parameters: { prompt: 'consent' },
      identity: { sources: ['userinfo'], subject: ['sub'] },
      api: { ...mine.api, private_network: true },
      redirect: { host: 'localhost', port: null },
      scopes: [],
    }
    // The server knows the redirect URI of `test`.
    await call('providers.save', { definition: { ...definition, id: 'test' } })
    const flow = await start({ registration: 'reg_test' })
    const asked = new URL(flow.authorization_url ?? '')
    expect(asked.origin + asked.pathname).toBe(`${server.issuer}/auth`)
    expect(Object.fromEntries(asked.searchParams)).toMatchObject({
      response_type: 'code',
      prompt: 'consent',
      scope: 'openid profile email offline_access',
      redirect_uri: expect.stringMatching(/^http:\/\/localhost:\d+\/callback\/test$/),
    })
    expect(server.tokenRequests).toEqual([])
    await connect.paste(flow.id, (await answerOf(flow, { user: 'ada' })).href)
    expect((await settled(flow.id)).state).toBe('completed')
    expect(server.tokenRequests).toEqual(['authorization_code'])
    expect(view('test:ada').identity?.subject).toBe('ada')
  })

  it('[A1] are duplicated under an id and a name of their own', async () => {
    const { call } = await world()
    await call('providers.save', { definition: mine })
    const copy = await call('providers.duplicate', { id: 'mine' })
    expect(copy).toMatchObject({ provider: { id: 'mine-copy', name: 'My service (copy)', origin: 'own' } })
    expect((await call('providers.duplicate', { id: 'mine' })).provider.id).toBe('mine-copy-2')
    const named = await call('providers.duplicate', { id: 'mine', new_id: 'other', name: 'Other' })
    expect(named.provider).toMatchObject({ id: 'other', name: 'Other' })
    await expect(call('providers.duplicate', { id: 'mine', new_id: 'other' })).rejects.toMatchObject({
      details: { field: 'new_id' },
    })
    await expect(call('providers.duplicate', { id: 'mine', new_id: 'Not An Id' })).rejects.toMatchObject({
      details: { field: 'definition.id' },
    })
  })

  it.each([
    [{ id: 'Mine!' }, 'definition.id'],
    [{ name: '' }, 'definition.name'],
    [{ endpoints: { authorization: 'https://login.example/auth' } }, 'definition.endpoints.token'],
    [{ endpoints: { ...mine.endpoints, token: 'http://login.example/token' } }, 'definition.endpoints.token'],
    [{ endpoints: { ...mine.endpoints, token: 'https://{tenant}.example/token' } }, 'definition.endpoints.token'],
    [{ nonsense: 1 }, 'definition.nonsense'],
    [{ client: 'built_in' }, 'definition.client'],
    [{ client_authentication: ['magic'] }, 'definition.client_authentication[0]'],
    [{ grants: ['device_code'] }, 'definition.endpoints.device_authorization'],
    [{ authorization: { par: 'required' } }, 'definition.endpoints.pushed_authorization_request'],
    [{ identity: { sources: ['request'], subject: ['id'] } }, 'definition.identity.sources'],
    [{ requests: { token: { method: 'POST', url: 'http://x.example/' } } }, 'definition.requests.token.url'],
    [{ requests: { token: { method: 'POST', url: 'https://x.example/{{ nonsense }}' } } }, 'definition.requests.token'],
    [{ audience: '{tenant}' }, 'definition.audience'],
  ])('[A1] that are wrong are refused with the field: %j', async (change, field) => {
    const { call, vault } = await world()
    const definition = { ...mine, ...change }
    await expect(call('providers.save', { definition })).rejects.toMatchObject({ details: { field } })
    await expect(call('providers.check', { definition })).rejects.toMatchObject({ details: { field } })
    expect(vault.providers.list()).toEqual([])
  })

  it('[A1] a host that a change brings in is named, before and when it is saved', async () => {
    const { call } = await world()
    await call('providers.save', { definition: mine })
    const definition = {
      ...mine,
      endpoints: { ...mine.endpoints, token: 'https://evil.example/token' },
      api: { ...mine.api, hosts: ['api.example', '*.other.example'] },
    }
    const expected = [
      {
        field: 'endpoints.token',
        message: expect.stringMatching(/evil\.example is new; it was login\.example before/),
      },
      { field: 'api.hosts', message: expect.stringContaining('*.other.example is new') },
    ]
    expect((await call('providers.check', { definition })).warnings).toEqual(expected)
    expect((await call('providers.save', { definition })).warnings).toEqual(expected)
    expect((await call('providers.save', { definition })).warnings).toEqual([])
  })

  it('[C13] a token in the URL and scopes of another API are warned of, also when a definition is brought along', async () => {
    const { call } = await world()
    const definition = { ...mine, scopes: github.scopes, api: { ...mine.api, query_parameter: 'access_token' } }
    const expected = [{ field: 'api.query_parameter' }, { field: 'scopes.user:email.covers.0.host' }]
    expect((await call('providers.check', { definition })).warnings).toMatchObject(expected)
    expect((await call('providers.save', { definition })).warnings).toMatchObject(expected)
    const { document } = await call('providers.export', { providers: ['mine'] })
    await call('providers.remove', { id: 'mine' })
    expect((await call('providers.import', { document })).warnings).toMatchObject(expected)
    expect((await call('providers.import', { document })).warnings).toEqual([])
  })

  it('are hidden while the vault is locked, and one that does not fit this version hides nothing', async () => {
    const { call, vault, catalogue } = await world()
    await call('providers.save', { definition: mine })
    vault.providers.save({ id: 'broken', definition: '{"id":"broken"}', createdAt: 1, updatedAt: 1 })
    catalogue.changed()
    expect((await call('providers.list', {})).map(({ id }) => id).sort()).toEqual(['mine', 'test'])
    expect(() => catalogue.get('broken')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
    vault.lock('For the test.')
    expect((await call('providers.list', {})).map(({ id }) => id)).toEqual(['test'])
    await expect(call('providers.save', { definition: mine })).rejects.toMatchObject({ code: 'locked' })
  })
})

describe('discovery', () => {
  it('[A1] makes a draft of an issuer that can be saved and signed in with', async () => {
    const { call, server, connectAs } = await world({ server: { clientAuthentication: 'client_secret_basic' } })
    const { definition, source, warnings } = await call('providers.discover', { issuer: server.issuer })
    expect(source).toBe(`${server.issuer}/.well-known/openid-configuration`)
    expect(definition).toMatchObject({
      issuer: server.issuer,
      discovery: 'oidc',
      identity: { sources: ['id_token', 'userinfo'] },
      validation: ['introspection', 'userinfo'],
      pkce: 'S256',
    })
    expect(definition.grants).toContain('device_code')
    expect(warnings.map(({ field }) => field)).toContain('api.hosts')
    await call('providers.save', { definition: { ...definition, id: 'test' } })
    const flow = await connectAs('ada', { registration: 'reg_test' })
    expect(flow.state).toBe('completed')
  })

  it('takes the address of the document, and finds RFC 8414 metadata where there is no other', async () => {
    const { call, server } = await world()
    const pasted = `${server.issuer}/.well-known/openid-configuration`
    expect((await call('providers.discover', { issuer: pasted })).definition.issuer).toBe(server.issuer)
    server.answer('/.well-known/openid-configuration', (_, response) => response.writeHead(404).end())
    const { definition, source } = await call('providers.discover', { issuer: server.issuer })
    expect(definition).toMatchObject({ discovery: 'oauth2', identity: { sources: ['userinfo'] } })
    expect(source).toContain('oauth-authorization-server')
  })

  it('refuses a document of another issuer, one that is none, and an address that is not https', async () => {
    const { call, server } = await world()
    const refused = { code: 'invalid_request', details: { field: 'issuer' } }
    const json = (body: string) => (_: unknown, response: { writeHead: CallableFunction; end: CallableFunction }) => {
      response.writeHead(200, { 'content-type': 'application/json' })
      response.end(body)
    }
    for (const body of ['{"issuer":"https://other.example"}', '{}', '<html>']) {
      server.answer('/.well-known/openid-configuration', json(body))
      server.answer('/.well-known/oauth-authorization-server', json(body))
      await expect(call('providers.discover', { issuer: server.issuer })).rejects.toMatchObject(refused)
    }
    await expect(call('providers.discover', { issuer: 'http://id.example' })).rejects.toMatchObject(refused)
    await expect(call('providers.discover', { issuer: 'nonsense' })).rejects.toMatchObject(refused)
    await expect(call('providers.discover', { issuer: 'https://10.0.0.1' })).rejects.toMatchObject({
      code: 'destination_not_allowed',
    })
  })
})
