import { expect, it } from 'vitest'
import { fails, network, route, startHttpServer } from '../../integration/network/support.ts'

it.each(['127.0.0.1', 'localhost', '[::1]', '2130706433', '0x7f.1', '127.1', '[::ffff:127.0.0.1]', '0.0.0.0'])(
  '[E7] an endpoint at %s is refused for a provider that is not on this machine',
  async (host) => {
    const server = await startHttpServer()
    const error = await fails(network().fetch(`http://${host}:${server.port}/token`, {}, route()))
    expect(error).toMatchObject({ code: 'destination_not_allowed' })
    expect(server.received).toEqual([])
  },
)

it('[E7] it is refused as well where a proxy would look it up', async () => {
  const proxy = { url: 'http://127.0.0.1:9' }
  for (const host of ['localhost', '127.0.0.1', '10.0.0.1']) {
    const error = await fails(network().fetch(`https://${host}/token`, {}, route({ proxy })))
    expect(error).toMatchObject({ code: 'destination_not_allowed' })
  }
})
