import { expect, it } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'

it('[F10] the scheme `token` is taken towards the proxy and nowhere else, however the path is spelled', async () => {
  let proxied = 0
  const world = await startWorld({
    limits: { failures: 100 },
    handlers: { 'accounts.list': () => [] },
    proxy: {
      handle: async ({ response }) => {
        proxied += 1
        response.end()
      },
    },
  })
  for (const key of [world.key, world.apps.key]) {
    const headers = { authorization: `token ${key}` }
    for (const target of [
      '/v1/accounts',
      '/v1/accounts/a',
      '/v1/accounts/a/token',
      '/v1/accounts/a/proxyx/me',
      '/v1/accounts//proxy/me',
      '/v1/accounts/a%2Fproxy/me',
      '/v1/accounts?x=/v1/accounts/a/proxy/me',
      '/v1/request?/proxy/',
      '/v1/proxy/accounts/a/proxy/',
    ]) {
      const answer = await world.call('GET', target, { key: null, headers })
      expect([target, answer.status]).toEqual([target, 401])
    }
    expect([world.calls, proxied]).toEqual([[], 0])
    const answer = await world.call('GET', '/v1/accounts/a/proxy/me', { key: null, headers })
    expect([answer.status, proxied]).toEqual([200, 1])
    proxied = 0
  }
  const wrong = await world.call('GET', '/v1/accounts/a/proxy/me', {
    key: null,
    headers: { authorization: 'token wrong' },
  })
  expect([wrong.status, proxied]).toEqual([401, 0])
})
