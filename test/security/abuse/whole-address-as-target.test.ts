import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { isAnswered, lines } from './support.ts'

it.each(['http', 'socket'] as const)(
  'a request target with an address of its own is no way in or through, over %s',
  async (transport) => {
    const upstream = await startUpstream((_, response) => response.end('from the API'))
    const world = await startProxy({ baseUrl: upstream.base })
    const key = [`Authorization: Bearer ${world.key}`]
    for (const target of [
      `http://${world.host}/v1/accounts`,
      `http://${world.host}/v1/health`,
      `http://evil.test/v1/accounts`,
      `http://user:word@${world.host}/v1/accounts`,
      `${upstream.base}/x`,
      `//${world.host}/v1/accounts`,
      `//evil.test${world.path('x')}`,
      `\\\\evil.test\\v1\\accounts`,
      world.host,
      '*',
      'v1/accounts',
      `http:${world.path('x')}`,
    ]) {
      for (const method of ['GET', 'POST', 'DELETE']) {
        const answer = await lines(world, transport, `${method} ${target} HTTP/1.1`, key)
        expect(answer, `${method} ${target}`).toMatch(/^HTTP\/1\.1 40[03] /)
      }
      expect(await lines(world, transport, `CONNECT ${target} HTTP/1.1`, key), target).toMatch(/^HTTP\/1\.1 40[05] /)
    }
    expect(world.calls).toEqual([])
    expect(upstream.requests).toHaveLength(0)
    expect(await isAnswered(world, transport)).toBe(true)
  },
)
