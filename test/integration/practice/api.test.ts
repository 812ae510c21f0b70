import { afterAll, beforeAll, expect, it } from 'vitest'
import { memoryVault } from './stores.ts'
import { type PracticeWorld, startPractice } from './world.ts'

let world: PracticeWorld
let token: string
beforeAll(async () => {
  world = await startPractice(memoryVault())
  token = (await world.connect()).access_token
})
afterAll(() => world.practice.stop())

it('tells who the token belongs to', async () => {
  const response = await world.call('/api/me', token)
  expect(response.headers.get('cache-control')).toBe('no-store')
  expect(await response.json()).toMatchObject({
    id: 'ada',
    email: 'ada@practice.example',
    client_id: 'latchkey-practice',
  })
})

it.each(['/api/me', '/api/echo', '/api/slow', '/api/big', '/api/nothing'])(
  'keeps %s closed without a good token (RFC 6750 3)',
  async (path) => {
    const without = await world.call(path, undefined)
    expect(without.status).toBe(401)
    expect(without.headers.get('www-authenticate')).toBe('Bearer realm="practice"')
    const bad = await world.call(path, 'not-a-token')
    expect(bad.status).toBe(401)
    expect(bad.headers.get('www-authenticate')).toMatch(/^Bearer realm="practice", error="invalid_token"/)
  },
)

it('refuses a token whose grant has ended, also when the token itself is still there', async () => {
  const vault = memoryVault()
  const { practice, connect, call } = await startPractice(vault)
  const { access_token } = await connect()
  vault.forget('practice.Grant')
  expect((await call('/api/me', access_token)).status).toBe(401)
  await practice.stop()
})

it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])('echoes a %s', async (method) => {
  const body = method === 'GET' ? undefined : '{"a":1}'
  const response = await world.call('/api/echo/deeper?x=1&y=2&y=3', token, {
    method,
    ...(body && { body }),
    headers: { 'content-type': 'application/json', 'x-own': 'mine', cookie: 'secret=1' },
  })
  expect(response.status).toBe(200)
  const echoed = await response.json()
  expect(echoed).toMatchObject({
    method,
    path: '/api/echo/deeper',
    query: { x: '1', y: ['2', '3'] },
    body: body ?? '',
    body_base64: null,
  })
  expect(echoed.headers).toMatchObject({ 'x-own': 'mine', authorization: 'Bearer [masked]', cookie: '[masked]' })
  expect(JSON.stringify(echoed)).not.toContain(token)
})

it('answers a HEAD without a body', async () => {
  const response = await world.call('/api/echo', token, { method: 'HEAD' })
  expect([response.status, await response.text()]).toEqual([200, ''])
})

it('echoes what is not text as base64', async () => {
  const response = await world.call('/api/echo', token, { method: 'POST', body: Buffer.from([0xff, 0x00, 0x80]) })
  expect(await response.json()).toMatchObject({ body: null, body_base64: '/wCA' })
})

it('takes no more than 10 MiB to echo', async () => {
  const response = await world.call('/api/echo', token, { method: 'POST', body: Buffer.alloc(10 * 1024 * 1024 + 1) })
  expect(response.status).toBe(413)
})

it('answers late when asked to', async () => {
  const begun = performance.now()
  const response = await world.call('/api/slow?ms=120', token)
  expect(await response.json()).toEqual({ waited_ms: 120 })
  expect(performance.now() - begun).toBeGreaterThanOrEqual(115)
})

it('streams as much as asked for', async () => {
  const response = await world.call('/api/big?mb=3', token)
  expect(response.headers.get('content-length')).toBe(String(3 * 1024 * 1024))
  let length = 0
  for await (const chunk of response.body ?? []) length += chunk.length
  expect(length).toBe(3 * 1024 * 1024)
})

it('goes on when somebody hangs up in the middle', async () => {
  const response = await world.call('/api/big?mb=500', token)
  await response.body?.cancel()
  const late = new AbortController()
  const slow = world.call('/api/slow?ms=60000', token, { signal: late.signal })
  late.abort()
  await expect(slow).rejects.toThrow()
  expect((await world.call('/api/me', token)).status).toBe(200)
  expect(world.logged.filter(({ level }) => level === 'error')).toEqual([])
})

it.each(['/api/slow?ms=-1', '/api/slow?ms=x', '/api/big?mb=1025', '/api/big?mb='])('refuses %s', async (path) => {
  expect((await world.call(path, token)).status).toBe(400)
})

it('says what there is when there is no such thing', async () => {
  const response = await world.call('/api/nothing', token)
  expect(response.status).toBe(404)
  expect((await response.json()).message).toContain('/api/me')
})
