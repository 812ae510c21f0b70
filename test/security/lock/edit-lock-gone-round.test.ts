import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import type { Caller } from '../../../electron/services/ports.ts'
import { call } from '../../integration/api/paired.ts'
import { latchkey } from '../../integration/cli/terminal.ts'
import { guardedHost } from './support.ts'

const registration = {
  provider_id: 'github',
  name: 'Mine',
  client_id: 'client-of-the-attacker',
  client_authentication: 'client_secret_post' as const,
  description: '',
  scopes: [],
  variables: {},
  extra_hosts: [],
  fallback_expiry: null,
}

const definition = {
  id: 'evil',
  name: 'Evil',
  evidence: 'unverified',
  sources: [],
  issuer: 'https://evil.example',
}

/** Each way in which where people sign in, and where their secrets go, could be changed. */
const changes: [method: string, input: unknown][] = [
  ['registrations.save', registration],
  ['registrations.from_service_account', { json: '{}' }],
  ['registrations.register', { provider_id: 'github', name: 'Mine' }],
  ['registrations.duplicate', { id: 'reg_1' }],
  ['registrations.remove', { id: 'reg_1' }],
  ['registrations.enable', { id: 'reg_1' }],
  ['registrations.disable', { id: 'reg_1' }],
  ['providers.save', { definition }],
  ['providers.duplicate', { id: 'github' }],
  ['providers.remove', { id: 'github' }],
  ['providers.import', { document: '{}' }],
  ['network.save', { provider_id: 'github', proxy: 'http://127.0.0.1:1' }],
  ['network.remove', { provider_id: 'github' }],
  ['network.allow', { hosts: null }],
]

it.each(['page', 'owner', 'cli', 'latchkey'] as const)(
  '[E2] no call as %s changes anything',
  async (kind: Caller['kind']) => {
    const { latchkey: host, client } = await guardedHost()
    for (const [method, input] of changes) {
      await expect(host.dispatch(method, input, { kind }), method).rejects.toMatchObject({
        code: 'forbidden',
        details: { action: { text: 'Enter the passphrase.' } },
      })
    }
    expect(await client.registrations()).toEqual([])
    expect((await client.providers()).some((it) => it.id === 'evil')).toBe(false)
  },
)

it('[E2] neither the API nor the command line is a way round', async () => {
  const host = await guardedHost()
  const key = fs.readFileSync(host.paths.ownerKey, 'utf8').trim()
  const calls: [string, string, unknown?][] = [
    ['POST', '/v1/registrations', registration],
    ['DELETE', '/v1/registrations/reg_1'],
    ['POST', '/v1/registrations/service-account', { json: '{}' }],
    ['POST', '/v1/network/routes', { provider_id: 'github', proxy: 'http://127.0.0.1:1' }],
    ['DELETE', '/v1/network/routes/github'],
    ['PATCH', '/v1/network/endpoint-hosts', { hosts: null }],
    ['POST', '/v1/providers', { definition }],
    ['POST', '/v1/providers/import', { document: '{}' }],
  ]
  for (const [method, target, body] of calls) {
    const { status, json } = await call(host, key, method, target, body)
    expect([status, json.error.code, json.error.action?.text], `${method} ${target}`).toEqual([
      403,
      'forbidden',
      'Enter the passphrase.',
    ])
  }
  const secret = path.join(host.home, 'secret')
  fs.writeFileSync(secret, 'a client secret', { mode: 0o600 })
  const ran = await latchkey(host.home, ['register', 'github', '--client-id', 'x', '--client-secret-file', secret])
  expect(ran).toMatchObject({ code: 4, stdout: '' })
  expect(ran.stderr).toContain('latchkey unlock --editing')
  expect(await host.client.registrations()).toEqual([])
})

it('[E2] what was set up goes on working, and can be taken back without the passphrase', async () => {
  const host = await guardedHost()
  const { connectPractice } = await import('../../integration/whole/host.ts')
  const account = await connectPractice(host)
  expect(await host.client.request(account.alias, { url: '/api/me' })).toMatchObject({ status: 200 })
  await host.client.revokeRegistration(account.registration_id)
  await host.client.remove(account.id)
  expect(await host.client.accounts()).toEqual([])
})

it('[E2] locking and unlocking the vault does not open it', async () => {
  const host = await guardedHost()
  await host.client.lock()
  await expect(host.client.saveRegistration(registration)).rejects.toMatchObject({ code: 'locked' })
  const { passphrase } = await import('../../integration/whole/host.ts')
  await host.client.unlock(passphrase)
  await expect(host.client.saveRegistration(registration)).rejects.toMatchObject({
    code: 'forbidden',
  })
})
