import http from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'
import { at, isAnswered } from './support.ts'

/** Requests that are let in and never end. */
function hold(
  where: object,
  count: number,
  options: { method: string; path: string; headers: http.OutgoingHttpHeaders },
) {
  return Array.from({ length: count }, () => {
    const sent = http.request({ ...where, ...options, agent: false, setHost: false })
    onTestFinished(() => void sent.destroy())
    sent.on('error', () => {}).write(options.method === 'POST' ? '{' : '')
    if (options.method === 'GET') sent.end()
    return sent
  })
}

const limits = { concurrency: 40, concurrencyPerApp: 20, concurrencyWithoutKey: 10, streamsPerApp: 100 }

it('programs without a key, who hold all that is set aside for them, keep neither owner nor apps out', async () => {
  const world = await startWorld({ limits })
  const { where, name } = at(world, 'http')
  const headers = { host: name, 'content-type': 'application/json', 'content-length': 50_000 }
  hold(where, 100, { method: 'POST', path: '/v1/pair', headers })
  const health = (socket: boolean) => world.call('GET', '/v1/health', { key: null, socket })
  await expect.poll(async () => (await health(false)).status).toBe(429)
  expect((await health(true)).json.error).toMatchObject({ code: 'rate_limited', retry_after: 1 })
  for (const transport of ['http', 'socket'] as const) expect(await isAnswered(world, transport)).toBe(true)
  expect((await world.call('GET', '/v1/app', { key: world.apps.key })).status).toBe(200)
})

it('an app that holds all that one app may have keeps nobody else out', async () => {
  const world = await startWorld({ limits })
  const { where, name } = at(world, 'http')
  const headers = { host: name, authorization: `Bearer ${world.apps.key}` }
  hold(where, 100, { method: 'GET', path: '/v1/events', headers })
  const own = () => world.call('GET', '/v1/app', { key: world.apps.key })
  await expect.poll(async () => (await own()).status).toBe(429)
  for (const transport of ['http', 'socket'] as const) expect(await isAnswered(world, transport)).toBe(true)
  expect((await world.call('GET', '/v1/health', { key: null })).status).toBe(200)
  world.apps.revoke()
  await expect.poll(async () => (await own()).status).toBe(401)
})
