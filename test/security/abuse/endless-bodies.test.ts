import { once } from 'node:events'
import http from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { type ProxyWorld, startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { at, isAnswered, memory } from './support.ts'

const most = 200_000_000

/** Sends a body without length and without end; the answer's status, and how much of it was taken. */
async function pour(world: ProxyWorld, target: string, key: string | null) {
  const { where, name } = at(world, 'http')
  const headers = {
    host: name,
    'content-type': 'application/json',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  }
  const sent = http.request({ ...where, method: 'POST', path: target, headers, agent: false, setHost: false })
  onTestFinished(() => void sent.destroy())
  const piece = Buffer.alloc(65_536, ' ')
  let status = 0
  let over = false
  sent.on('response', (answer) => {
    status = answer.statusCode ?? 0
    answer.on('error', () => {}).resume()
  })
  const closed = new Promise<void>((resolve) => {
    sent
      .on('error', () => {})
      .on('close', () => {
        over = true
        resolve()
      })
  })
  let bytes = 0
  while (!over && status === 0 && bytes < most) {
    bytes += piece.length
    if (!sent.write(piece)) await Promise.race([once(sent, 'drain').catch(() => {}), closed])
    // The answer is read between two pieces.
    await new Promise(setImmediate)
  }
  sent.destroy()
  await closed
  return { status, bytes }
}

it.each([
  ['/v1/pair', null, 100_000],
  ['/v1/unlock', 'owner', 1_000_000],
  ['/v1/accounts/acc_1/token', 'app', 1_000_000],
  ['/v1/accounts/acc_1/request', 'owner', 25_000_000],
] as const)('a body without end is cut off: %s', async (target, who, limit) => {
  const world = await startProxy()
  const before = memory()
  const key = who === null ? null : who === 'app' ? world.apps.key : world.key
  const { status, bytes } = await pour(world, target, key)
  // Of an answer that meets a sender in full flow, the end of the connection may be all that arrives.
  expect([413, 0]).toContain(status)
  // What is in the buffers of both ends is on its way already.
  expect(bytes).toBeLessThan(limit + 12_000_000)
  expect(memory() - before).toBeLessThan(150_000_000)
  expect(world.calls).toEqual([])
  for (const transport of ['http', 'socket'] as const) expect(await isAnswered(world, transport)).toBe(true)
})

it('a body without end goes no faster through the proxy than the other side takes it', async () => {
  // Reads nothing.
  const upstream = await startUpstream(() => {})
  const world = await startProxy({ baseUrl: upstream.base, idleLimit: 1000 })
  const before = memory()
  const { bytes } = await pour(world, world.path('upload'), world.apps.key)
  expect(bytes).toBeLessThan(30_000_000)
  expect(memory() - before).toBeLessThan(150_000_000)
  expect(await isAnswered(world, 'http')).toBe(true)
})
