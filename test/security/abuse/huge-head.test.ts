import { expect, it } from 'vitest'
import { type ProxyWorld, startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { isAnswered, lines, memory } from './support.ts'

const transports = ['http', 'socket'] as const

const heads: [string, (world: ProxyWorld, target: string) => [string, string[]]][] = [
  ['a query of 1 MB', (_, target) => [`GET ${target}?${'q=x&'.repeat(250_000)} HTTP/1.1`, []]],
  ['a path of 1 MB', (_, target) => [`GET ${target}${'/x'.repeat(500_000)} HTTP/1.1`, []]],
  ['a header of 1 MB', (_, target) => [`GET ${target} HTTP/1.1`, [`X-Long: ${'x'.repeat(1_000_000)}`]]],
  ['a name of 1 MB', (_, target) => [`GET ${target} HTTP/1.1`, [`${'x'.repeat(1_000_000)}: x`]]],
  ['20,000 headers', (_, target) => [`GET ${target} HTTP/1.1`, Array.from({ length: 20_000 }, (_, i) => `X-${i}: x`)]],
  ['a cookie of 1 MB', (_, target) => [`GET ${target} HTTP/1.1`, [`Cookie: a=${'x'.repeat(1_000_000)}`]]],
  ['a key of 1 MB', (_, target) => [`GET ${target} HTTP/1.1`, [`Authorization: Bearer ${'x'.repeat(1_000_000)}`]]],
  ['a method of 1 MB', (_, target) => [`${'X'.repeat(1_000_000)} ${target} HTTP/1.1`, []]],
]

it.each(heads)('%s is refused without being kept', async (_, make) => {
  const upstream = await startUpstream((_, response) => response.end())
  const world = await startProxy({ baseUrl: upstream.base })
  const before = memory()
  for (const transport of transports) {
    for (const target of ['/v1/accounts', world.path('x')]) {
      const [first, headers] = make(world, target)
      const auth = headers.some((it) => it.startsWith('Authorization')) ? [] : [`Authorization: Bearer ${world.key}`]
      // Whoever is still sending may see the connection end before the answer.
      const answer = await lines(world, transport, first, [...auth, ...headers]).catch((error: Error) => error.message)
      expect(answer.slice(0, 300)).toMatch(/^HTTP\/1\.1 4(?:00|31) |ECONNRESET|EPIPE/)
    }
    expect(await isAnswered(world, transport)).toBe(true)
  }
  expect(world.calls).toEqual([])
  expect(upstream.requests).toHaveLength(0)
  expect(memory() - before).toBeLessThan(100_000_000)
})

it('within what headers may take, a long query is read in no time', async () => {
  const world = await startProxy()
  const headers = [`Authorization: Bearer ${world.key}`]
  for (const query of ['a=1&'.repeat(3500), `a${'[x]'.repeat(4000)}=1`, '%'.repeat(14_000), 'limit=1&'.repeat(1700)]) {
    const begun = performance.now()
    expect(await lines(world, 'http', `GET /v1/activity?${query} HTTP/1.1`, headers)).toMatch(/^HTTP\/1\.1 400 /)
    expect(performance.now() - begun).toBeLessThan(2000)
  }
  expect(world.calls).toEqual([])
})
