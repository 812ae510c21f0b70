import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { checkDefinition, DefinitionError } from '../../../electron/providers/check.ts'
import { ownWarnings } from '../../../electron/services/provider-warnings.ts'

const catalogue = loadCatalogue()
const github = catalogue.get('github')
const practice = catalogue.get('practice')

/** The field that is named as wrong in a file of the catalogue, or null. */
function fault(definition: { id: string; [field: string]: unknown }): string | null {
  try {
    checkDefinition(`${definition.id}.json`, definition)
    return null
  } catch (error) {
    if (error instanceof DefinitionError) return error.field
    throw error
  }
}

const covering = (definition: typeof github, covers: object) => {
  const [scope] = definition.scopes
  return { ...definition, scopes: [{ ...scope, covers: [covers] }] }
}

describe('[G4] what a scope covers', () => {
  it('is at a host that requests may go to', () => {
    const wide = { ...github, api: { ...github.api, hosts: ['*.example.com'] } }
    expect(fault(covering(github, { host: 'api.github.com', path_prefix: '/user', methods: ['GET'] }))).toBeNull()
    expect(fault(covering(github, { host: 'uploads.github.com' }))).toBeNull()
    expect(fault(covering(wide, { host: 'one.example.com' }))).toBeNull()
    expect(fault(covering(wide, { host: '*.example.com' }))).toBeNull()
    for (const host of ['example.com', 'evil.example', 'github.com', 'API.github.com', '{tenant}.github.com']) {
      expect(fault(covering(github, { host })), host).toBe('scopes.read:user.covers.0.host')
    }
  })

  it('is on this machine only for a provider on this machine', () => {
    expect(fault(covering(practice, { host: '127.0.0.1' }))).toBeNull()
    expect(fault(covering(practice, { host: 'example.com' }))).toBe('scopes.openid.covers.0.host')
    const { api } = practice
    const open = { ...practice, api: { ...api, private_network: false } }
    expect(fault(covering(open, { host: '127.0.0.1' }))).toBe('scopes.openid.covers.0.host')
  })

  it('is warned of, and not refused, where a person changed where the API is', () => {
    const moved = { ...github, api: { ...github.api, base_url: 'https://git.example/api/v3', hosts: [] } }
    expect(checkDefinition('of yours', moved).id).toBe('github')
    expect(ownWarnings(moved)).toEqual([
      {
        field: 'scopes.user:email.covers.0.host',
        message: expect.stringMatching(/^api\.github\.com is neither in api\.hosts .* So it is with \d+ more\.$/),
      },
    ])
  })

  it('has methods that can be sent, and paths without a query', () => {
    const host = 'api.github.com'
    expect(fault(covering(github, { host, methods: ['get'] }))).toBe('scopes.read:user.covers.0.methods')
    expect(fault(covering(github, { host, path_prefix: '/a?b' }))).toBe('scopes.read:user.covers.0.path_prefix')
  })

  it.each(['google', 'microsoft', 'github', 'spotify', 'atlassian', 'practice'])('is written down for %s', (id) => {
    const { scopes } = catalogue.get(id)
    expect(scopes.filter(({ covers }) => covers !== undefined).length).toBeGreaterThan(0)
    // What a sign-in itself needs is never called unused.
    for (const name of ['openid', 'offline_access', 'read:me', 'User.Read']) {
      expect(scopes.find((scope) => scope.name === name)?.covers).toBeUndefined()
    }
  })
})

it('a token in the URL is warned of', () => {
  const api = { ...github.api, query_parameter: 'access_token' }
  expect(fault({ ...github, api })).toBeNull()
  expect(ownWarnings({ ...github, api })).toEqual([
    { field: 'api.query_parameter', message: expect.stringMatching(/GitHub stand in the URLs.*RFC 6750 2\.3/) },
  ])
  expect(ownWarnings(github)).toEqual([])
})
