import { expect, it } from 'vitest'
import { startProxy } from '../../integration/proxy/world.ts'

it('a host with the root’s dot is the same host, and opens no other', async () => {
  const may: string[] = []
  const world = await startProxy({
    baseUrl: 'https://api.test',
    may: ({ url }) => {
      may.push(url.host)
      return false
    },
  })
  expect((await world.call('GET', world.path('https://api.test./x'))).json.error.code).toBe('forbidden')
  expect(may).toEqual(['api.test'])
  const open = await startProxy({ baseUrl: 'https://api.test' })
  for (const host of ['evil.test.', 'api.test.evil.test', 'api.test..', 'api.test.:444']) {
    const answer = await open.call('GET', open.path(`https://${host}/x`))
    expect([400, 403], host).toContain(answer.status)
  }
  expect(open.asked).toEqual([])
})
