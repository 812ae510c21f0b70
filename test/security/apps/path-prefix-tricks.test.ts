import { expect, it } from 'vitest'
import { ok, requesting } from './support.ts'

const outside = [
  '/v1/meow',
  '/v1/me/../admin',
  '/v1/me/%2e%2e/admin',
  '/v1/me/..%2fadmin',
  '/v1/me/%252e%252e%252fadmin',
  '/v1/me/%25%32%65%25%32%65/admin',
  '/v1/me/..%5cadmin',
  '/v1/me/..;/admin',
  '/v1/me;/../admin',
  '/v1/me//admin',
  '/v1/me\\..\\admin',
  '/v1/me/%c0%ae%c0%ae/admin',
  '/v1/me/..%20/admin',
  '/v1/me%00/admin',
]

it.each(outside)('[G3] %s does not leave a path prefix', async (url) => {
  const { app, api, send } = await requesting(ok)
  const { caller } = await app([{ rights: ['request'], path_prefix: '/v1/me' }])
  await expect(send(caller, { url })).rejects.toMatchObject({ code: 'forbidden' })
  await expect(send(caller, { url: `${api.base}${url}` })).rejects.toMatchObject({ code: 'forbidden' })
  expect(api.received).toEqual([])
})

it('[G3] what is inside goes', async () => {
  const { app, api, send } = await requesting(ok)
  const { caller } = await app([{ rights: ['request'], path_prefix: '/v1/me' }])
  for (const url of ['/v1/me', '/v1/me/mail?q=../x', 'v1/me/a%20b', '/v1/x/../me']) await send(caller, { url })
  expect(api.received.map(({ url }) => url)).toEqual(['/v1/me', '/v1/me/mail?q=../x', '/v1/me/a%20b', '/v1/me'])
})
