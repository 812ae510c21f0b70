import fs from 'node:fs'
import { describe, expect, it } from 'vitest'
import type { WebhookDeliveryRecord, WebhookEndpointRecord } from '../../../electron/vault/ports.ts'
import { account, registration, seed, tokens, unlocked } from './support.ts'

const endpoint = (changes: Partial<WebhookEndpointRecord> = {}): WebhookEndpointRecord => ({
  id: 'hook_1',
  name: 'Pushes',
  settings: '{"shape":"github"}',
  enabled: true,
  accepted: 0,
  refused: 0,
  createdAt: 1,
  updatedAt: 2,
  ...changes,
})

const delivery = (n: number, changes: Partial<WebhookDeliveryRecord> = {}): WebhookDeliveryRecord => ({
  id: `del_${n}`,
  endpointId: 'hook_1',
  deduplicationKey: `key-${n}`,
  eventType: 'push',
  subject: null,
  occurredAt: null,
  receivedAt: n,
  contentType: 'application/json',
  ...changes,
})

const route = {
  proxy: 'http://proxy.example:8080',
  proxyUsername: 'ada',
  caBundle: null,
  certificate: 'certificate',
  privateNetwork: false,
}

describe('registrations', () => {
  it('keep what they choose, and their key and certificate sealed', async () => {
    const { vault } = await unlocked()
    const options = { grant: 'jwt_bearer', dpop: true, header: { name: 'X-Key', prefix: '' } } as const
    vault.registrations.save(registration({ enabled: false, options }), undefined)
    expect(vault.registrations.get('reg_1')).toMatchObject({ enabled: false, options })
    expect(vault.registrations.credentials('reg_1')).toEqual({})
    vault.registrations.setCredentials('reg_1', { privateKey: 'key-1', certificate: 'certificate-1' })
    expect(vault.registrations.hasCredentials('reg_1')).toEqual({ privateKey: true, certificate: true })
    vault.registrations.save(registration({ name: 'Renamed' }), 'client-secret-1')
    expect(vault.registrations.credentials('reg_1')).toEqual({ privateKey: 'key-1', certificate: 'certificate-1' })
    vault.registrations.setCredentials('reg_1', { certificate: 'certificate-2' })
    expect(vault.registrations.credentials('reg_1')).toEqual({ certificate: 'certificate-2' })
    vault.registrations.setCredentials('reg_1', {})
    expect(vault.registrations.hasCredentials('reg_1')).toEqual({ privateKey: false, certificate: false })
    expect(vault.registrations.hasCredentials('none')).toEqual({ privateKey: false, certificate: false })
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
  })

  it('are switched off and on without touching anything else', async () => {
    const { vault } = await unlocked()
    vault.registrations.save(registration(), 'client-secret-1')
    vault.registrations.setEnabled('reg_1', false, 5)
    vault.registrations.setEnabled('reg_1', false, 9)
    const disabled = { ...registration(), enabled: false, disabledAt: 5, hasClientSecret: true }
    expect(vault.registrations.get('reg_1')).toEqual(disabled)
    vault.registrations.save(disabled, undefined)
    expect(vault.registrations.get('reg_1')).toEqual(disabled)
    vault.registrations.setEnabled('reg_1', true, 10)
    expect(vault.registrations.get('reg_1')).toEqual({ ...registration(), hasClientSecret: true })
  })
})

describe('accounts', () => {
  it('keep their grant, whether they are on, and the last validation', async () => {
    const { vault } = await unlocked()
    seed(vault)
    const validation = { at: 5, good: false, reason: 'The provider says that it is not active.' }
    vault.accounts.save(account({ grant: 'device_code' }))
    vault.accounts.setEnabled('acc_1', false, 7)
    vault.accounts.setValidation('acc_1', validation)
    expect(vault.accounts.get('acc_1')).toEqual(
      account({ grant: 'device_code', enabled: false, disabledAt: 7, validation }),
    )
    vault.accounts.setEnabled('acc_1', true, 8)
    vault.accounts.setValidation('acc_1', null)
    expect(vault.accounts.get('acc_1')).toEqual(account({ grant: 'device_code' }))
  })

  it('keep their other secrets sealed, through every save', async () => {
    const { vault } = await unlocked()
    seed(vault)
    expect(vault.accounts.credentials('acc_1')).toEqual({})
    vault.accounts.setCredentials('acc_1', { username: 'ada', password: 'lovelace' })
    vault.accounts.save(account({ alias: 'other' }))
    expect(vault.accounts.credentials('acc_1')).toEqual({ username: 'ada', password: 'lovelace' })
    vault.accounts.setCredentials('acc_1', { username: undefined })
    expect(vault.accounts.credentials('acc_1')).toEqual({})
    expect(vault.accounts.credentials('none')).toEqual({})
  })
})

describe('token sets', () => {
  it('keep what else the answer held, and lose it with the next that holds nothing else', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens({ extra: { instance_url: 'https://one.example' } }))
    expect(vault.tokens.get('acc_1')).toEqual(tokens({ extra: { instance_url: 'https://one.example' } }))
    vault.tokens.commitRefresh('acc_1', tokens())
    expect(vault.tokens.get('acc_1')).toEqual(tokens())
  })
})

describe('providers', () => {
  it('are saved, changed and removed', async () => {
    const { vault } = await unlocked()
    vault.providers.save({ id: 'mine', definition: '{"id":"mine"}', createdAt: 1, updatedAt: 1 })
    vault.providers.save({ id: 'mine', definition: '{"id":"mine","name":"M"}', createdAt: 1, updatedAt: 2 })
    expect(vault.providers.list()).toEqual([
      { id: 'mine', definition: '{"id":"mine","name":"M"}', createdAt: 1, updatedAt: 2 },
    ])
    vault.providers.remove('mine')
    expect(vault.providers.list()).toEqual([])
  })
})

describe('network routes', () => {
  it('come back with their secrets, and are listed without', async () => {
    const { vault } = await unlocked()
    expect(vault.routes.get('google')).toBeNull()
    vault.routes.save('google', route, { proxyPassword: 'word', privateKey: null })
    expect(vault.routes.get('google')).toEqual({ ...route, proxyPassword: 'word', privateKey: null })
    expect(vault.routes.list()).toEqual([{ providerId: 'google', route, hasProxyPassword: true, hasPrivateKey: false }])
    vault.routes.save('google', { ...route, proxy: null }, { proxyPassword: null, privateKey: 'key' })
    expect(vault.routes.get('google')).toEqual({ ...route, proxy: null, proxyPassword: null, privateKey: 'key' })
    vault.routes.remove('google')
    expect(vault.routes.list()).toEqual([])
  })
})

describe('webhooks', () => {
  it('an endpoint keeps its secret and its counters through a save', async () => {
    const { vault } = await unlocked()
    vault.webhooks.saveEndpoint(endpoint(), 'signing-secret')
    vault.webhooks.count('hook_1', 'accepted')
    vault.webhooks.count('hook_1', 'refused')
    vault.webhooks.count('hook_1', 'refused')
    vault.webhooks.saveEndpoint(endpoint({ name: 'Renamed', enabled: false, updatedAt: 9 }), undefined)
    expect(vault.webhooks.endpoint('hook_1')).toEqual(
      endpoint({ name: 'Renamed', enabled: false, updatedAt: 9, accepted: 1, refused: 2 }),
    )
    expect(vault.webhooks.endpoints()).toHaveLength(1)
    expect(vault.webhooks.secret('hook_1')).toBe('signing-secret')
    vault.webhooks.saveEndpoint(endpoint(), null)
    expect(vault.webhooks.secret('hook_1')).toBeNull()
    expect(vault.webhooks.endpoint('none')).toBeNull()
  })

  it('a delivery is stored once, the newest are kept, and all go with their endpoint', async () => {
    const { vault } = await unlocked()
    vault.webhooks.saveEndpoint(endpoint(), null)
    vault.webhooks.saveEndpoint(endpoint({ id: 'hook_2' }), null)
    expect(vault.webhooks.addDelivery(delivery(1), '{"n":1}', 2)).toBe(true)
    expect(vault.webhooks.addDelivery(delivery(7, { deduplicationKey: 'key-1' }), '{"n":7}', 2)).toBe(false)
    expect(vault.webhooks.addDelivery(delivery(2), '{"n":2}', 2)).toBe(true)
    expect(vault.webhooks.addDelivery(delivery(3), '{"n":3}', 2)).toBe(true)
    expect(vault.webhooks.addDelivery(delivery(4, { endpointId: 'hook_2' }), '{"n":4}', 2)).toBe(true)
    expect(vault.webhooks.deliveries({ endpointId: 'hook_1', limit: 9 })).toEqual([delivery(3), delivery(2)])
    expect(vault.webhooks.deliveries({ limit: 9, before: 4 }).map((it) => it.id)).toEqual(['del_3', 'del_2'])
    expect(vault.webhooks.delivery('del_3')).toEqual({ ...delivery(3), body: '{"n":3}' })
    vault.webhooks.removeEndpoint('hook_1')
    expect(vault.webhooks.deliveries({ limit: 9 }).map((it) => it.id)).toEqual(['del_4'])
    const orphan = () => vault.webhooks.addDelivery(delivery(8), '{}', 2)
    expect(orphan).toThrow(expect.objectContaining({ code: 'not_found' }))
  })
})

it('none of the new secrets stands in the file', async () => {
  const { vault, file } = await unlocked()
  seed(vault)
  vault.registrations.setCredentials('reg_1', { privateKey: 'canary-key', certificate: 'canary-certificate' })
  vault.accounts.setCredentials('acc_1', { username: 'canary-username', password: 'canary-password' })
  vault.tokens.put('acc_1', tokens({ extra: { session: 'canary-extra' } }))
  const secrets = { proxyPassword: 'canary-proxy', privateKey: 'canary-route-key' }
  vault.routes.save('google', { ...route, ...secrets }, secrets)
  vault.webhooks.saveEndpoint(endpoint(), 'canary-signing-secret')
  vault.webhooks.addDelivery(delivery(1), 'canary-body', 9)
  const bytes = [file, `${file}-wal`].map((it) => fs.readFileSync(it)).join('')
  expect(bytes).toContain('proxy.example')
  expect(bytes).not.toContain('canary')
})
