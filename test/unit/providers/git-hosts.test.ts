import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { checkDefinition, DefinitionError } from '../../../electron/providers/check.ts'
import { hostWarnings } from '../../../electron/services/provider-hosts.ts'

const github = () => loadCatalogue().get('github')

describe('where a provider has its repositories', () => {
  it('[F12] stands in the definition of GitHub', () => {
    expect(github().git).toEqual({ hosts: ['github.com', 'gist.github.com'], username: 'x-access-token' })
  })

  it('[F12] is named when a change brings in a host, because git gets tokens for it', () => {
    const changed = { ...github(), git: { hosts: ['github.com', 'evil.example'], username: 'x' } }
    expect(hostWarnings(github(), changed)).toEqual([
      { field: 'git.hosts', message: expect.stringMatching(/^evil\.example is new.*Git gets access tokens/) },
    ])
  })

  it('[F12] may hold variables, declared ones alone', () => {
    const own = (hosts: string[]) => () => checkDefinition('own', { ...github(), git: { hosts, username: 'oauth2' } })
    expect(own(['{host}'])).toThrow(DefinitionError)
    expect(own(['{host}'])).toThrow(/git\.hosts.*variables does not declare/)
  })
})
