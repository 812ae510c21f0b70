import { describe, expect, it } from 'vitest'
import { largestFile, readFile } from '../../../renderer/components/read-file.ts'
import { type Choice, grantsOf, startInput } from '../../../renderer/features/connect/draft.ts'
import { missing, noValues } from '../../../renderer/features/connect/grant-fields.tsx'
import { isIdle } from '../../../renderer/features/lifecycle/effects.tsx'
import { draftOf, errorsOf, needsOf, saveInput } from '../../../renderer/features/providers/registration-draft.ts'
import { optionsDraftOf, optionsOf } from '../../../renderer/features/providers/registration-options.ts'
import { takesKeyFile } from '../../../renderer/features/providers/service-account.tsx'
import { connectInputSchema, registrationInputSchema } from '../../../shared/contract.ts'
import type { Provider, Registration } from '../../../shared/models.ts'
import { makeAccount, providers, registrations } from './fake-data.ts'
import { effectsOf } from './fake-effects.ts'

function get<T extends { id: string }>(list: T[], id: string): T {
  const found = list.find((it) => it.id === id)
  if (!found) throw new Error(`There is no ${id} in the fixture.`)
  return found
}
const oauth2: Provider = get(providers, 'oauth2')
const client: Registration = get(registrations, 'reg_oauth2')
const draft = { provider: oauth2, registration: client, account: null }
const choice: Choice = { scopes: [], via: 'browser', alias: '' }

describe('the grants that are offered', () => {
  it('begin with the usual one: the account’s, else the registration’s, else the provider’s', () => {
    expect(grantsOf(draft)[0]).toBe('authorization_code')
    const registration = { ...client, options: { grant: 'device_code' } }
    expect(grantsOf({ ...draft, registration })[0]).toBe('device_code')
    const made = makeAccount({ id: 'a', alias: 'a', provider: 'oauth2', state: 'active' })
    expect(grantsOf({ ...draft, registration, account: { ...made, grant: 'password' } })[0]).toBe('password')
  })
  it('leave out what the registration cannot do', () => {
    expect(grantsOf(draft)).not.toContain('jwt_bearer')
    expect(grantsOf({ ...draft, registration: { ...client, has_private_key: true } })).toContain('jwt_bearer')
    const open = { ...client, client_authentication: 'none' }
    expect(grantsOf({ ...draft, registration: open })).not.toContain('client_credentials')
  })
})

describe('starting a grant', () => {
  it('says only what belongs to it, as the contract takes it', () => {
    const all = { ...choice, subject: ' ada ', subject_account: 'a1' }
    expect(startInput(draft, { ...all, grant: 'device_code' })).toEqual({
      registration: client.id,
      scopes: [],
      grant: 'device_code',
    })
    expect(startInput(draft, { ...all, grant: 'jwt_bearer' })).toMatchObject({ subject: 'ada' })
    const exchange = startInput(draft, { ...all, grant: 'token_exchange' })
    expect(exchange).toMatchObject({ subject_account: 'a1' })
    expect(exchange).not.toHaveProperty('subject')
    expect(connectInputSchema.safeParse(exchange).success).toBe(true)
    expect(startInput(draft, { ...choice, grant: 'authorization_code' })).toHaveProperty('via', 'browser')
  })
  it('asks for user name and password, and of a kept account only for both or none', () => {
    expect(Object.keys(missing('password', noValues, false))).toEqual(['username', 'password'])
    expect(missing('password', noValues, true)).toEqual({})
    expect(missing('password', { ...noValues, username: 'grace' }, true)).toHaveProperty('password')
    expect(missing('token_exchange', noValues, false)).toHaveProperty('subject_account')
    expect(missing('client_credentials', noValues, false)).toEqual({})
  })
})

describe('the options of a registration', () => {
  it('come back from the form as they were', () => {
    const options = {
      grant: 'jwt_bearer',
      dpop: false,
      par: true,
      resource: 'https://api.example',
      header: { name: 'X-Token', prefix: 'Token ' },
      baseUrl: 'https://api.example/v1',
      bearer: 'id_token',
      signingAlgorithm: 'ES256',
      keyId: 'k1',
      assertion: { issuer: 'me', subject: '', audience: 'https://token.example' },
    }
    const stored = { ...client, options }
    expect(optionsOf(optionsDraftOf(stored), stored)).toEqual(options)
    expect(optionsOf(optionsDraftOf(null), null)).toEqual({})
  })
  it('need a header’s name where there is a prefix', () => {
    const entered = draftOf(oauth2, client)
    const options = { ...entered.options, header_prefix: 'Token ' }
    expect(errorsOf(oauth2, { ...entered, options })).toHaveProperty(['options.header'])
  })
})

describe('the secrets of a registration', () => {
  it('are asked for as the client proves itself', () => {
    const entered = draftOf(oauth2, client)
    expect(needsOf(oauth2, entered)).toMatchObject({ secret: true, key: false, certificate: false })
    const tls = { ...entered, client_authentication: 'tls_client_auth' }
    expect(needsOf(oauth2, tls)).toMatchObject({ secret: false, key: true, certificate: true })
    const signed = { ...entered, options: { ...entered.options, grant: 'jwt_bearer' } }
    expect(needsOf(oauth2, signed)).toMatchObject({ key: true, signs: true, assertion: true })
  })
  it('are absent when untouched, empty when removed; a passphrase goes with its key alone', () => {
    const stored = { ...client, has_private_key: true, has_certificate: true }
    const entered = draftOf(oauth2, stored)
    const kept = registrationInputSchema.parse(saveInput(oauth2, stored, { ...entered, private_key_passphrase: 'p' }))
    for (const name of ['private_key', 'private_key_passphrase', 'certificate']) expect(kept).not.toHaveProperty(name)
    const removed = saveInput(oauth2, stored, { ...entered, remove_key: true, remove_certificate: true })
    expect(removed).toMatchObject({ private_key: '', certificate: '' })
    const typed = saveInput(oauth2, stored, { ...entered, private_key: 'PEM', private_key_passphrase: 'p' })
    expect(typed).toMatchObject({ private_key: 'PEM', private_key_passphrase: 'p' })
  })
})

describe('files', () => {
  it('are read as text, and as base64 where they are none', async () => {
    expect(await readFile(new Blob(['-----BEGIN']))).toBe('-----BEGIN')
    expect(await readFile(new Blob([new Uint8Array([0x30, 0x82, 0xff])]))).toBe('MIL/')
    await expect(readFile(new Blob([new Uint8Array(largestFile + 1)]))).rejects.toThrow('too large')
  })
  it('make a registration where nothing else has to be entered', () => {
    expect(takesKeyFile(get(providers, 'google'))).toBe(true)
    expect(takesKeyFile(get(providers, 'openid-connect'))).toBe(false)
    expect(takesKeyFile(get(providers, 'github'))).toBe(false)
  })
})

describe('what an action touches', () => {
  it('is nothing when there is no grant to end', () => {
    const account = makeAccount({ id: 'a', alias: 'a', provider: 'google', state: 'active' })
    const revoke = effectsOf('revoke', [account], null)
    expect(isIdle(revoke)).toBe(false)
    expect(isIdle({ ...revoke, provider_told: 'no' })).toBe(true)
    expect(isIdle(effectsOf('revoke', [{ ...account, token: null }], null))).toBe(true)
    expect(isIdle({ ...effectsOf('remove', [account], null), provider_told: 'no' })).toBe(false)
  })
})
