import { once } from 'node:events'
import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { hostAndPort } from '../api/world.ts'
import { type ProxyWorld, startProxy, startUpstream } from './world.ts'

const size = 300_000_000
const chunk = Buffer.alloc(100_000)

/** Writes until it is told to wait, and goes on when it may. Tells how much has been taken. */
function pour(to: NodeJS.WritableStream): () => number {
  let taken = 0
  const more = () => {
    while (taken < size) {
      taken += chunk.length
      if (!to.write(chunk)) return void to.once('drain', more)
    }
  }
  more()
  return () => taken
}

/** Resolves once nothing has moved while many other requests went by. */
async function settled(world: ProxyWorld, taken: () => number): Promise<number> {
  let before = -1
  while (before !== taken()) {
    before = taken()
    for (let i = 0; i < 30; i += 1) await world.call('GET', world.path('fast'))
  }
  return before
}

const open = (world: ProxyWorld, method: string, target: string, headers: Record<string, string | number> = {}) =>
  http
    .request({
      ...hostAndPort(world.host),
      agent: false,
      method,
      path: world.path(target),
      headers: { authorization: `Bearer ${world.key}`, ...headers },
    })
    .on('error', () => {})

describe('[F10] what is not taken is not fetched', () => {
  it('down: the other side waits for a reader who does not read', async () => {
    let taken = () => 0
    const upstream = await startUpstream((request, response) => {
      if (request.url === '/fast') return void response.end()
      taken = pour(response)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const request = open(world, 'GET', 'endless')
    request.end()
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    answer.on('error', () => {}).pause()
    expect(await settled(world, taken)).toBeLessThan(50_000_000)
    request.destroy()
  })

  it.each<Record<string, string | number>>([{ 'content-length': size }, { 'transfer-encoding': 'chunked' }])(
    'up: the caller waits for another side that does not read (%o)',
    async (headers) => {
      const upstream = await startUpstream((request, response) => {
        if (request.url === '/fast') response.end()
        else request.pause()
      })
      const world = await startProxy({ baseUrl: upstream.base })
      const request = open(world, 'PUT', 'never', headers)
      expect(await settled(world, pour(request))).toBeLessThan(50_000_000)
      request.destroy()
    },
  )
})
