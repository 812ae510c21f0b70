import { expect, it } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'

it.each([
  ['GET', '/v1/status'],
  ['POST', '/v1/page-link'],
  ['GET', '/v1/activity/export'],
])('[F11] an app that calls %s %s is refused', async (method, target) => {
  const world = await startWorld({ page: { 'index.html': '' } })
  world.apps.exported = () => ['{"summary":"private"}\n']
  for (const socket of [false, true]) {
    const answer = await world.call(method, target, { key: world.apps.key, socket })
    expect([answer.status, answer.json.error.code]).toEqual([403, 'forbidden'])
    expect(answer.json.error.action.text).not.toBe('')
  }
  expect(world.calls).toEqual([])
})

it('[F11] an app’s key does not open the page’s calls, nor the page’s files a session', async () => {
  const world = await startWorld({ page: { 'index.html': '' } })
  const headers = { 'sec-fetch-site': 'same-origin', cookie: `latchkey_page=${world.apps.key}` }
  const call = await world.call('POST', '/page/call', { key: world.apps.key, headers, body: { method: 'apps.list' } })
  expect(call.status).toBe(401)
  const direct = await world.call('POST', '/page/call', { key: world.apps.key, body: { method: 'apps.list' } })
  expect(direct.status).toBe(403)
  expect(world.calls).toEqual([])
})

it('[F11] whoever is pairing reaches nothing else, however the path is spelled', async () => {
  const world = await startWorld({ limits: { failures: 100 }, handlers: { 'accounts.list': () => [] } })
  for (const [method, target] of [
    ['POST', '/v1/pair/'],
    ['POST', '/v1/pair/../accounts/a/token'],
    ['POST', '/v1/pair/ask_1'],
    ['GET', '/v1/pair'],
    ['GET', '/v1/pair/ask_1/'],
    ['GET', '/v1/pair/..%2Faccounts'],
    ['GET', '/v1/pair/%2e%2e/accounts'],
    ['DELETE', '/v1/pair/ask_1'],
    ['PUT', '/v1/pair'],
    ['POST', '/v1//pair'],
    ['POST', '/V1/pair'],
  ] as const) {
    const answer = await world.call(method, target, { key: null, ...(method.startsWith('P') ? { body: {} } : {}) })
    expect([target, answer.status]).toEqual([target, 401])
  }
  expect(world.calls).toEqual([])
})
