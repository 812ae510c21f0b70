import { expect, it } from 'vitest'
import { pairingSecret, startWorld } from '../../integration/api/world.ts'

it('[F11] an app’s key in the query is not looked at: addresses are written down everywhere', async () => {
  const world = await startWorld({ limits: { failures: 100 }, handlers: { 'accounts.list': () => [] } })
  for (const name of ['key', 'access_token', 'api_key', 'token', 'authorization']) {
    for (const target of ['/v1/accounts', '/v1/events', '/v1/accounts/a/token', '/v1/accounts/a/proxy/me']) {
      const answer = await world.call('GET', `${target}?${name}=${world.apps.key}`, { key: null })
      expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated'])
      expect(answer.text).not.toContain(world.apps.key)
    }
  }
  expect(world.calls).toEqual([])
  expect(world.logged.join()).not.toContain(world.apps.key)
})

it('[F11] a pairing’s secret in the query opens nothing', async () => {
  const world = await startWorld()
  const answer = await world.call('GET', `/v1/pair/ask_1?secret=${pairingSecret}`, { key: null })
  expect([answer.status, answer.json.error.code]).toEqual([400, 'invalid_request'])
  expect(answer.text).not.toContain('WXYZ')
})
