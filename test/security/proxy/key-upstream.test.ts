import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it('the key of a program never goes to the provider', async () => {
  const seen: string[] = []
  const upstream = await startUpstream((request, response) => {
    seen.push(`${request.url}\n${request.rawHeaders.join('\n')}`)
    response.end()
  })
  const world = await startProxy({ baseUrl: upstream.base, header: { name: 'X-Api-Key', prefix: '' } })
  for (const key of [world.key, world.apps.key]) {
    for (const scheme of ['Bearer', 'bearer', 'token']) {
      const answer = await world.call('GET', world.path('x'), { headers: { authorization: `${scheme} ${key}` } })
      expect(answer.status).toBe(200)
    }
  }
  expect(seen).toHaveLength(6)
  for (const text of seen) {
    expect(text).not.toContain(world.key)
    expect(text).not.toContain(world.apps.key)
    expect(text).not.toMatch(/^authorization$/im)
    expect(text).toContain('first-token')
  }
})
