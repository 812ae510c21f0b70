import { once } from 'node:events'
import http from 'node:http'
import { expect, it } from 'vitest'
import { hostAndPort } from '../../integration/api/world.ts'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it('slow answers, slow senders and slow readers stop nobody else', async () => {
  let stuck = 0
  const upstream = await startUpstream((request, response) => {
    if (request.url === '/fast') return void response.end('fast')
    stuck += 1
    request.resume()
    if (request.url === '/endless') {
      const more = () => {
        while (response.write(Buffer.alloc(65_536)));
      }
      response.on('drain', more)
      more()
    }
  })
  const world = await startProxy({ baseUrl: upstream.base })
  const headers = { authorization: `Bearer ${world.key}` }
  const open = (method: string, target: string, more: Record<string, number> = {}) =>
    http
      .request({
        ...hostAndPort(world.host),
        agent: false,
        method,
        path: world.path(target),
        headers: { ...headers, ...more },
      })
      .on('error', () => {})
  const requests: http.ClientRequest[] = []
  for (let i = 0; i < 40; i += 1) {
    const silent = open('GET', 'never')
    silent.end()
    const sender = open('POST', 'sending', { 'content-length': 1_000_000 })
    sender.write('x')
    const reader = open('GET', 'endless')
    reader.end()
    const answered = once(reader, 'response')
    requests.push(silent, sender, reader)
    const [answer] = (await answered) as [http.IncomingMessage]
    answer.on('error', () => {}).pause()
  }
  for (let i = 0; i < 10; i += 1) expect((await world.call('GET', world.path('fast'))).text).toBe('fast')
  expect(stuck).toBe(120)
  for (const request of requests) request.destroy()
  expect(await world.used(130)).toHaveLength(130)
})
