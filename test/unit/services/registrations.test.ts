import { describe, expect, it } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { catalogueOf, loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createRegistrationService } from '../../../electron/services/registrations.ts'
import { registrationInputSchema } from '../../../shared/contract.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { type LatchkeyEvent, type Registration, registrationSchema } from '../../../shared/models.ts'
import { account, settableClock, tokens, unlocked } from '../vault/support.ts'

async function world() {
  const clock = settableClock()
  const { vault } = await unlocked({ clock })
  const events = createEventBus<LatchkeyEvent>()
  const seen: LatchkeyEvent[] = []
  events.on((event) => seen.push(event))
  const activity = createActivity({ vault, clock, events })
  const catalogue = loadCatalogue()
  const service = createRegistrationService({ vault, catalogue, clock, events, activity })
  const save = (changes: Record<string, unknown> = {}): Promise<Registration> =>
    service.save(registrationInputSchema.parse({ ...github, ...changes }), { kind: 'page' })
  const refusal = async (changes: Record<string, unknown>): Promise<LatchkeyError> => {
    try {
      await save(changes)
    } catch (error) {
      if (error instanceof LatchkeyError) return error
      throw error
    }
    throw new Error('It was saved.')
  }
  return { vault, service, save, refusal, seen, activity, clock }
}

const definition = loadCatalogue().get('github')
const github = {
  provider_id: 'github',
  name: 'My GitHub',
  client_id: 'Iv1.0123456789',
  client_secret: 'canary-secret',
  client_authentication: definition.client_authentication[0],
  scopes: ['read:user'],
}
const secretMethod = definition.client_authentication.find((method) => method !== 'none')
const oidc = {
  provider_id: 'openid-connect',
  name: 'Home',
  client_id: 'home',
  client_secret: undefined,
  client_authentication: 'none',
  scopes: ['openid'],
  variables: { issuer: 'https://id.example.com' },
}

describe('registrations', () => {
  it('[A1] [C5] are created, listed, changed and removed', async () => {
    const { service, save, seen, clock } = await world()
    const created = registrationSchema.parse(await save())
    expect(created).toMatchObject({ client_id: 'Iv1.0123456789', has_client_secret: true, accounts: 0 })
    expect(service.list()).toEqual([created])
    clock.advance(5000)
    const changed = await save({ id: created.id, name: 'Work GitHub', client_secret: undefined })
    expect(changed).toMatchObject({ id: created.id, name: 'Work GitHub', has_client_secret: true })
    expect(changed.created_at).toBe(created.created_at)
    expect(changed.updated_at > created.updated_at).toBe(true)
    service.remove(created.id)
    expect(service.list()).toEqual([])
    expect(seen.filter(({ type }) => type === 'registration').length).toBe(3)
  })

  it('[E12] takes its accounts and their tokens along when it is removed, and says so', async () => {
    const { vault, service, save, seen } = await world()
    const { id } = await save()
    vault.accounts.save(account({ registrationId: id, providerId: 'github' }))
    vault.tokens.put('acc_1', tokens())
    expect(service.list()[0]?.accounts).toBe(1)
    service.remove(id)
    expect(vault.accounts.list()).toEqual([])
    expect(seen).toContainEqual({ type: 'account', account_id: 'acc_1', state: 'removed' })
  })

  it('never show the secret, and note that it was replaced without it', async () => {
    const { save, activity, vault } = await world()
    const { id } = await save()
    const changed = await save({ id, client_secret: 'canary-second', scopes: ['repo'] })
    expect(JSON.stringify(changed)).not.toContain('canary')
    expect(vault.registrations.clientSecret(id)).toBe('canary-second')
    const log = activity.list({ limit: 10 })
    expect(JSON.stringify(log)).not.toContain('canary')
    expect(log[0]?.detail).toMatchObject({ changed: 'scopes, client_secret' })
    expect(log[0]?.actor).toBe('page')
  })

  it('refuse a provider that there is not, and another provider than before', async () => {
    const { save, refusal } = await world()
    expect((await refusal({ provider_id: 'nowhere' })).details.field).toBe('provider_id')
    expect((await refusal({ provider_id: 'practice', client_authentication: 'none' })).details.field).toBe(
      'provider_id',
    )
    const { id } = await save()
    expect((await refusal({ ...oidc, id })).details.field).toBe('provider_id')
    expect((await refusal({ id: 'reg_none' })).code).toBe('not_found')
  })

  it('[C6] take the client authentication that the provider takes, with the secret that it needs', async () => {
    const { save, refusal } = await world()
    expect((await refusal({ client_authentication: secretMethod, client_secret: undefined })).details.field).toBe(
      'client_secret',
    )
    expect((await refusal({ client_authentication: secretMethod, client_secret: '  ' })).details.field).toBe(
      'client_secret',
    )
    const { id } = await save({ client_authentication: secretMethod })
    expect((await refusal({ id, client_authentication: secretMethod, client_secret: '' })).details.field).toBe(
      'client_secret',
    )
    expect(
      (await save({ ...oidc, client_authentication: 'client_secret_basic', client_secret: 's' })).has_client_secret,
    ).toBe(true)
  })

  it('refuse an authentication that the provider does not take', async () => {
    const clock = settableClock()
    const { vault } = await unlocked({ clock })
    const events = createEventBus<LatchkeyEvent>()
    const catalogue = catalogueOf({ 'github.json': { ...definition, client_authentication: ['client_secret_post'] } })
    const activity = createActivity({ vault, clock, events })
    const service = createRegistrationService({ vault, catalogue, clock, events, activity })
    const input = registrationInputSchema.parse({ ...github, client_authentication: 'client_secret_basic' })
    await expect(service.save(input)).rejects.toMatchObject({ details: { field: 'client_authentication' } })
  })

  it.each(['id\nsecond line', 'näme', 'a\u0000b'])('refuse a client ID that is none: %j', async (client_id) => {
    expect((await (await world()).refusal({ client_id })).details.field).toBe('client_id')
  })

  it('refuse a secret with a line break inside, without repeating it', async () => {
    const error = await (await world()).refusal({ client_secret: 'canary\ncanary' })
    expect(error.details.field).toBe('client_secret')
    expect(error.message).not.toContain('canary')
  })

  it('[C8] take scopes written with commas or spaces', async () => {
    const { save, refusal } = await world()
    expect((await save({ scopes: ['repo, read:user', ' gist  repo '] })).scopes).toEqual(['repo', 'read:user', 'gist'])
    expect((await save({ scopes: [] })).scopes).toEqual([])
    expect((await refusal({ scopes: ['a"b'] })).details.field).toBe('scopes')
  })

  it('name the variable that is missing, wrong or unknown', async () => {
    const { save, refusal } = await world()
    expect((await save(oidc)).variables).toEqual({ issuer: 'https://id.example.com' })
    expect((await refusal({ ...oidc, variables: {} })).details.field).toBe('variables.issuer')
    expect((await refusal({ ...oidc, variables: { issuer: 'id.example.com' } })).details.field).toBe('variables.issuer')
    expect((await refusal({ ...oidc, variables: { issuer: 'http://id.example.com' } })).details.field).toBe(
      'variables.issuer',
    )
    expect((await refusal({ ...oidc, variables: { ...oidc.variables, tenant: 'x' } })).details.field).toBe(
      'variables.tenant',
    )
  })

  it("fill in the provider's default for a variable that was left empty", async () => {
    const microsoft = loadCatalogue().get('microsoft')
    const variable = microsoft.variables.find(({ default: value }) => value !== null)
    expect(variable).toBeDefined()
    const { save } = await world()
    const saved = await save({
      provider_id: 'microsoft',
      client_authentication: microsoft.client_authentication[0],
      variables: {},
    })
    expect(saved.variables[variable?.name ?? '']).toBe(variable?.default)
  })

  it.each([
    ['API.Example.com', 'api.example.com'],
    ['*.example.com', '*.example.com'],
    ['example.com:8443', 'example.com:8443'],
    ['bücher.example', 'xn--bcher-kva.example'],
    ['10.0.0.7', '10.0.0.7'],
    ['[::1]:8080', '[::1]:8080'],
    ['localhost', 'localhost'],
  ])('keep the host %s as %s', async (host, kept) => {
    expect((await (await world()).save({ extra_hosts: [host, host] })).extra_hosts).toEqual([kept])
  })

  it.each([
    '',
    '*',
    '*.com',
    '*.*.example.com',
    'api.*.example.com',
    'https://example.com',
    'example.com/path',
    'user@example.com',
    'example.com?x',
    'example.com#x',
    'exa mple.com',
    'example..com',
    '-a.example.com',
    'example.com:99999',
    '*.10.0.0.7',
    '*.[::1]',
    'example.com\\evil',
    '%65xample.com',
  ])('refuse “%s” as a host', async (host) => {
    expect((await (await world()).refusal({ extra_hosts: [host] })).details.field).toBe('extra_hosts')
  })
})
