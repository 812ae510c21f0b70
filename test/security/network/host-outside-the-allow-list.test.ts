import { expect, it } from 'vitest'
import { fails, network, route, startHttpServer } from '../../integration/network/support.ts'

const refused = {
  code: 'destination_not_allowed',
  message: expect.stringContaining('login.example.test'),
  details: { action: { text: expect.stringContaining('add login.example.test') } },
}

it('[E7] a token endpoint outside the allow list is refused, named, with how to allow it, and no name is looked up', async () => {
  const names: string[] = []
  const resolve = ((name: string, _: unknown, callback: (error: Error) => void) => {
    names.push(name)
    callback(Object.assign(new Error('not found'), { code: 'ENOTFOUND' }))
  }) as never
  const out = network({ resolve })
  for (const allow of [[], ['other.example.test'], ['*.login.example.test'], ['login.example.test:8443']]) {
    expect(await fails(out.fetch('https://login.example.test/token', {}, route({ allow })))).toMatchObject(refused)
  }
  expect(names).toEqual([])
  for (const allow of [null, ['login.example.test'], ['LOGIN.example.test'], ['*.example.test']]) {
    expect(await fails(out.fetch('https://login.example.test/token', {}, route({ allow })))).toMatchObject({
      code: 'provider_unreachable',
    })
  }
  expect(names).toHaveLength(4)
})

it('[E7] the allow list is no way into this machine', async () => {
  const server = await startHttpServer()
  const host = `127.0.0.1:${server.port}`
  expect(await fails(network().fetch(`http://${host}/`, {}, route({ allow: [host] })))).toMatchObject({
    code: 'destination_not_allowed',
  })
  expect(server.received).toEqual([])
})
