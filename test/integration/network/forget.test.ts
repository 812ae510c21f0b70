import type { ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { network, route, startHttpServer } from './support.ts'

it('a request that is under way when the connections are let go of (on lock) still gets its answer', async () => {
  const waiting: ServerResponse[] = []
  let arrived = () => {}
  const first = new Promise<void>((resolve) => {
    arrived = resolve
  })
  const server = await startHttpServer((_, response) => {
    waiting.push(response)
    arrived()
  })
  const out = network()
  const ask = () => out.fetch(`http://127.0.0.1:${server.port}/`, {}, route({ loopback: true }))
  const answer = ask()
  await first
  out.forget()
  const next = ask()
  waiting[0]?.end('rotated')
  expect(await (await answer).text()).toBe('rotated')
  await expect.poll(() => waiting.length).toBe(2)
  waiting[1]?.end('new')
  expect(await (await next).text()).toBe('new')
})
