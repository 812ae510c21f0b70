import { expect, it } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'

it.each([
  ['a cookie', { cookie: 'key=KEY; authorization=Bearer%20KEY; latchkey_page=KEY' }],
  ['another header', { 'x-api-key': 'KEY', 'proxy-authorization': 'Bearer KEY', 'private-token': 'KEY' }],
  ['Basic', { authorization: 'Basic KEY' }],
  ['no scheme', { authorization: 'KEY' }],
  ['capitals', { authorization: 'Bearer UPPER' }],
  ['two parts', { authorization: 'Bearer KEY, Bearer KEY' }],
])('[F11] an app’s key in %s opens nothing', async (_, headers) => {
  const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
  const { key } = world.apps
  const filled = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      value.replaceAll('KEY', key).replaceAll('UPPER', key.toUpperCase()),
    ]),
  )
  for (const socket of [false, true]) {
    for (const target of ['/v1/accounts', '/v1/accounts/a/proxy/me']) {
      const answer = await world.call('GET', target, { key: null, headers: filled, socket })
      expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated'])
    }
  }
  expect(world.calls).toEqual([])
})
