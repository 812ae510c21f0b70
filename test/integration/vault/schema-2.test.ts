import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { memoryGuard } from '../../unit/vault/guards.ts'
import { cheapGuard, freshFolder, locked } from '../../unit/vault/support.ts'

/** A vault that the second version wrote: a registration, an account, a route, a webhook, two entries; all made up. */
const written = path.join(import.meta.dirname, '../../fixtures/vault-schema-2.db')

async function opened() {
  const file = path.join(freshFolder(), 'vault.db')
  fs.copyFileSync(written, file)
  const { vault } = locked({ file })
  await vault.unlock(cheapGuard())
  return { vault, file }
}

it('a vault of the second version opens with all that was in it, and no app has been let in', async () => {
  const { vault } = await opened()
  expect(vault.registrations.list()).toMatchObject([{ id: 'reg_own', options: { dpop: true }, hasClientSecret: true }])
  expect(vault.registrations.clientSecret('reg_own')).toBe('not-a-real-secret')
  expect(vault.accounts.list()).toMatchObject([{ alias: 'github:ada', grant: 'device_code', enabled: true }])
  expect(vault.tokens.get('acc_ada')).toMatchObject({
    refreshToken: 'not-a-real-refresh-token',
    extra: { instance_url: 'https://one.example' },
  })
  expect(vault.routes.get('github')).toMatchObject({ proxyPassword: 'not-a-real-password' })
  expect(vault.webhooks.secret('hook_1')).toBe('not-a-real-webhook-secret')
  expect(vault.apps.list()).toEqual([])
  expect(vault.apps.permissions()).toEqual([])
  expect(vault.asks.list()).toEqual([])
  expect(vault.bindings.list()).toEqual([])
  expect(vault.activity.usage('acc_ada', 0)).toEqual([])
})

it('its activity says that no app and no right were noted then', async () => {
  const { vault } = await opened()
  const noted = { app_id: null, app_name: null, right: null, actor: 'cli' }
  expect(vault.activity.list({ limit: 9 })).toMatchObject([
    { ...noted, kind: 'request', detail: { status: 200 } },
    { ...noted, kind: 'connected' },
  ])
  expect(vault.activity.list({ limit: 9, outcome: 'ok' })).toHaveLength(2)
})

it('it is copied first, as it was, and takes what the new version keeps', async () => {
  const { vault, file } = await opened()
  const [copy] = fs.readdirSync(path.join(path.dirname(file), 'backups'))
  expect(copy).toMatch(/-schema2\.db$/)
  vault.bindings.save({ host: 'api.github.com', accountId: 'acc_ada', createdAt: 1 })
  expect(vault.bindings.get('api.github.com')?.accountId).toBe('acc_ada')
})

it('[F13] its data key can be rotated, and a second way in added', async () => {
  const { vault } = await opened()
  await vault.keys.rotate([cheapGuard()])
  await vault.keys.settled()
  await vault.keys.add(memoryGuard())
  expect(vault.keys.rotation()).toMatchObject({ running: false })
  expect(vault.registrations.clientSecret('reg_own')).toBe('not-a-real-secret')
  expect(vault.webhooks.secret('hook_1')).toBe('not-a-real-webhook-secret')
})
