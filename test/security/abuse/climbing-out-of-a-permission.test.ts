import { expect, it } from 'vitest'
import { arrivals } from './browser.ts'
import { abused } from './support.ts'

const ways = [
  '/api/me/../echo',
  '/api/me/%2e%2e/echo',
  '/api/me/.%2E/echo',
  '/api/me/..%2fecho',
  '/api/me%2f..%2fecho',
  '/api/me/..%5cecho',
  '/api/me\\..\\echo',
  '/api/me/..;/echo',
  '/api/me;/../echo',
  '/api/me/%252e%252e/echo',
  '/api/me/%252e%252e%252fecho',
  '/api/me//../../echo',
  '/api/me/./../echo',
  '/api/me/.%00./echo',
  '/api/me/%c0%ae%c0%ae/echo',
  '/api/me/%e0%80%ae%e0%80%ae/echo',
  '/api/me/%f0%80%80%ae%f0%80%80%ae/echo',
  '/api/me/%25%32%65%252e/echo',
  '/api/me/%u002e%u002e/echo',
  '/api/meow/../echo',
  '/api/ME/../echo',
  '//api/echo',
  '/api//echo',
  '/./api/echo',
  '/api/%65cho',
  'API/api/me/../echo',
  'API/api/me/%2e%2e/echo',
  'API//api/me/../echo',
  'API/api/me?/../echo',
  'API/api/me#/../../echo',
]

it('a program that may send requests to one path gets to no other, however the path is written', async () => {
  const { both, api, answersOthers } = await abused({ path_prefix: '/api/me', methods: ['GET'] })
  const arrived = arrivals(Number(new URL(api).port))
  for (const written of ways) {
    for (const { way, answer } of await both('GET', written.replace('API', api))) {
      // Where the dots stand in the query or behind the hash, it is the path that was granted.
      if (answer.status === 200) expect(JSON.parse(answer.text).name, way).toBe('Ada Lovelace')
      else expect([400, 403, 404], `${way}: ${answer.text}`).toContain(answer.status)
    }
  }
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    for (const { way, answer } of await both(method, '/api/me')) expect(answer.status, way).toBe(403)
  }
  // Another server may decode once more, or read other signs as dots and slashes: nothing of that kind is let through.
  const paths = arrived.map(({ url }) => url.split('?', 1)[0]).filter((path) => path?.startsWith('/api/'))
  expect(new Set(paths)).toEqual(new Set(['/api/me']))
  const granted = await both('GET', '/api/me')
  // In the third the slashes are encoded: which path that is, only the server knows.
  expect(granted.map(({ answer }) => answer.status)).toEqual([200, 403, 200])
  expect(await answersOthers()).toBe(true)
})

it('a path of the API that was granted is not a way to another call of Latchkey’s own', async () => {
  const { app, proxy, answersOthers } = await abused({ path_prefix: '/api/me' })
  for (const target of [
    `${proxy}../token`,
    `${proxy}%2e%2e/token`,
    `${proxy}..%2ftoken`,
    `/v1/accounts/practice:ada/proxy/../../../apps`,
    '/v1/accounts/practice:ada%2fproxy%2f..%2ftoken/proxy/x',
    '/v1//apps',
    '/v1/./apps',
    '/v1/accounts/../apps',
    '/V1/apps',
    '/v1/apps/',
    '/v1/apps;x',
    '/v1/apps%00',
    '/v1/%61pps',
  ]) {
    for (const method of ['GET', 'POST']) {
      const answer = await app.call(method, target, method === 'POST' ? {} : undefined)
      expect([400, 403, 404], `${method} ${target}: ${answer.text}`).toContain(answer.status)
      expect(answer.text).not.toContain('access_token')
    }
  }
  expect(await answersOthers()).toBe(true)
})
