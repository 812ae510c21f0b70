import { describe, expect, it } from 'vitest'
import { catalogueOf, loadCatalogue } from '../../../electron/providers/catalogue.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { fillTemplate } from '../../../electron/providers/template.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const sound: Definition = {
  id: 'sound',
  name: 'Sound',
  category: 'other',
  description: 'A definition without a fault.',
  evidence: 'documented',
  sources: [{ url: 'https://example.com/docs', read_on: '2026-11-21', facts: 'Everything.' }],
  issuer: 'https://id.example.com/{tenant}',
  discovery: 'oidc',
  client: 'registration',
  client_authentication: ['none'],
  pkce: 'S256',
  scope_separator: ' ',
  authorization_parameters: {},
  redirect: { host: '127.0.0.1', port: null },
  sign_in: { via: 'window' },
  identity: { sources: ['id_token'], subject: ['sub'] },
  api: {
    hosts: [],
    private_network: false,
    header: { name: 'Authorization', prefix: 'Bearer ' },
  },
  variables: [
    {
      name: 'tenant',
      label: 'Tenant',
      help: 'Which one.',
      pattern: '^[a-z]+$',
      example: 'common',
      required: true,
      default: null,
    },
  ],
  scopes: [{ name: 'openid', text: 'Know who it is', sensitivity: 'low', default: true }],
  setup_steps: [],
  notices: [],
}

const [tenant] = sound.variables
const { issuer: _, discovery: __, ...withoutIssuer } = sound

const broken: [string, string, unknown][] = [
  ['a field that is not there', 'name', { ...sound, name: undefined }],
  ['a field that nobody knows', 'colour', { ...sound, colour: 'red' }],
  ['a wrong value inside', 'redirect.host', { ...sound, redirect: { host: '0.0.0.0', port: null } }],
  ['not an object', '(whole file)', 'sound'],
  ['another name than its file', 'id', { ...sound, id: 'other' }],
  ['a variable that is not declared', 'issuer', { ...sound, issuer: 'https://{site}.example.com/{tenant}' }],
  ['a variable of a host that is not declared', 'api.hosts', { ...sound, api: { ...sound.api, hosts: ['*.{site}'] } }],
  ['a variable that nothing uses', 'variables.tenant', { ...sound, issuer: 'https://id.example.com' }],
  ['plain http', 'issuer', { ...sound, issuer: 'http://id.example.com/{tenant}' }],
  ['plain http on this machine, not marked', 'issuer', { ...sound, issuer: 'http://127.0.0.1:1/{tenant}' }],
  [
    'neither discovery nor endpoints',
    'endpoints',
    { ...withoutIssuer, identity: { sources: ['userinfo'], subject: ['id'] } },
  ],
  ['discovery without an issuer', 'issuer', { ...withoutIssuer, discovery: 'oidc' }],
  [
    'an ID token that cannot be checked',
    'identity.sources',
    { ...withoutIssuer, endpoints: { authorization: 'https://a.example', token: 'https://a.example/{tenant}' } },
  ],
  ['a browser without a reason', 'sign_in.reason', { ...sound, sign_in: { via: 'browser' } }],
  ['documentation that was not read', 'sources', { ...sound, sources: [] }],
  ['a scope without a description', 'scopes.openid.text', { ...sound, scopes: [{ ...sound.scopes[0], text: ' ' }] }],
  ['a scope twice', 'scopes.openid', { ...sound, scopes: [sound.scopes[0], sound.scopes[0]] }],
  ['two scopes in one', 'scopes.a b', { ...sound, scopes: [{ ...sound.scopes[0], name: 'a b' }] }],
  ['a pattern that is none', 'variables.tenant.pattern', { ...sound, variables: [{ ...tenant, pattern: '[' }] }],
  [
    'an example against its pattern',
    'variables.tenant.pattern',
    { ...sound, variables: [{ ...tenant, example: '1' }] },
  ],
  [
    'an indispensable variable left open',
    'variables.tenant',
    { ...sound, variables: [{ ...tenant, required: false }] },
  ],
]

describe('a definition', () => {
  it('without a fault is taken as it is', () => {
    expect(catalogueOf({ './catalog/sound.json': sound }).get('sound')).toEqual(sound)
  })

  it.each(broken)('with %s is refused, naming file and field %s', (_what, field, content) => {
    expect(() => catalogueOf({ './catalog/sound.json': content })).toThrow(
      `Provider definition ./catalog/sound.json, field ${field}:`,
    )
  })
})

describe('the catalogue that ships', () => {
  const catalogue = loadCatalogue()

  it('holds known providers first', () => {
    expect(catalogue.list().map(({ id }) => id)).toEqual([
      'atlassian',
      'github',
      'google',
      'linkedin',
      'microsoft',
      'spotify',
      'oauth2',
      'openid-connect',
      'practice',
    ])
  })

  it('says which provider it does not have', () => {
    const asked = () => catalogue.get('nobody')
    expect(asked).toThrow(LatchkeyError)
    expect(asked).toThrow('nobody')
  })

  it('cannot be changed through its list', () => {
    const { length } = catalogue.list()
    catalogue.list().pop()
    expect(catalogue.list()).toHaveLength(length)
  })

  it.each(catalogue.list())('$id uses PKCE unless it is known to break, has sources and dates them', (definition) => {
    expect(definition.pkce).toBe(definition.id === 'linkedin' ? 'refused' : 'S256')
    expect(definition.evidence).toBe(definition.id === 'linkedin' ? 'secondary' : 'documented')
    expect(definition.sources.length).toBeGreaterThan(0)
    expect(definition.sources.every(({ read_on }) => read_on >= '2026-11-21')).toBe(true)
  })

  it('sends people to their browser for Google, and says why', () => {
    const { sign_in, authorization_parameters, notices } = catalogue.get('google')
    expect(sign_in).toEqual({ via: 'browser', reason: expect.stringContaining('disallowed_useragent') })
    expect(authorization_parameters).toEqual({ access_type: 'offline', prompt: 'consent' })
    expect(notices.join(' ')).toMatch(/7 days.*100 refresh tokens/)
  })

  it('fills Microsoft’s tenant into its issuer, and refuses what is not one', () => {
    const { issuer = '', variables, redirect } = catalogue.get('microsoft')
    const [tenant] = variables
    expect(fillTemplate(issuer, { tenant: tenant?.default ?? '' }, 'issuer')).toBe(
      'https://login.microsoftonline.com/common/v2.0',
    )
    const pattern = new RegExp(tenant?.pattern ?? '', 'v')
    expect(
      ['organizations', 'contoso.onmicrosoft.com', '9188040d-6c67-4c5b-b112-36a304b66dad'].every((it) =>
        pattern.test(it),
      ),
    ).toBe(true)
    expect(['', 'a/b', '..', 'a b'].some((it) => pattern.test(it))).toBe(false)
    expect(redirect.host).toBe('localhost')
  })

  it.each(['issuer', 'api_base_url'])('takes https and loopback http for the %s of OpenID Connect', (name) => {
    const variable = catalogue.get('openid-connect').variables.find((it) => it.name === name)
    const pattern = new RegExp(variable?.pattern ?? '', 'v')
    const good = [
      'https://id.example.com',
      'https://id.example.com/realms/home/',
      'http://127.0.0.1:8080/x',
      'http://localhost',
    ]
    const bad = [
      'http://id.example.com',
      'http://localhost.example.com',
      'https://',
      'id.example.com',
      'http://127.0.0.1.example',
    ]
    expect(good.filter((it) => !pattern.test(it))).toEqual([])
    expect(bad.filter((it) => pattern.test(it))).toEqual([])
  })
})
