import { expect, it } from 'vitest'
import { startServer } from '../../integration/requests/world.ts'
import { requesting } from './support.ts'

it.each([
  ['to another path', { path_prefix: '/v1/me' }, 'GET', 302, '/v1/admin', '/v1/me'],
  ['to a path by tricks', { path_prefix: '/v1/me' }, 'GET', 302, '/v1/me/..%2fadmin', '/v1/me'],
  ['to another method', { methods: ['POST' as const] }, 'POST', 303, '/v1/me/done', '/v1/me'],
])('[G3] a redirect does not lead an app %s than it may', async (_, narrowing, method, status, location, url) => {
  const { app, api, send } = await requesting((request, response) => {
    if (request.url === '/v1/me') response.writeHead(status, { location })
    response.end()
  })
  const { caller } = await app([{ rights: ['request'], ...narrowing }])
  expect(await send(caller, { method, url })).toMatchObject({ status, headers: { location } })
  expect(api.received).toHaveLength(1)
  // The person is not asked because of what an API answers.
  const free = await app([{ rights: ['request'] }], 'Free')
  expect(await send(free.caller, { method, url })).toMatchObject({ status: 200 })
})

it('[G3] nor to another host', async () => {
  const other = await startServer((_, response) => void response.end('secret'))
  const { app, api, send, apps } = await requesting((_, response) => {
    response.writeHead(307, { location: `${other.base}/v1/me` }).end()
  })
  const { caller } = await app([{ rights: ['request'], hosts: [api.host] }])
  const asks = apps.asks().length
  expect(await send(caller, { url: '/v1/me' })).toMatchObject({ status: 307 })
  expect(other.received).toEqual([])
  expect(apps.asks()).toHaveLength(asks)
})
