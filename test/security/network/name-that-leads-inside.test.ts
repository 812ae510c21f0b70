import { expect, it } from 'vitest'
import { fails, network, route, startHttpServer } from '../../integration/network/support.ts'

/** Name resolution that answers with these addresses. */
const leadsTo = (...addresses: string[]) =>
  ((_: string, __: unknown, callback: (error: null, list: unknown[]) => void) =>
    callback(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    )) as never

it.each([
  ['loopback', ['127.0.0.1']],
  ['private', ['10.1.2.3']],
  ['the metadata service of a cloud', ['169.254.169.254']],
  ['IPv6 loopback', ['::1']],
  ['an IPv4-mapped address', ['::ffff:10.0.0.1']],
  ['a public address and a private one', ['93.184.216.34', '192.168.0.1']],
])('[E7] an endpoint whose name leads to %s is refused after the look-up', async (_, addresses) => {
  const server = await startHttpServer()
  const out = network({ resolve: leadsTo(...addresses) })
  expect(await fails(out.fetch(`http://evil.example.test:${server.port}/`, {}, route()))).toMatchObject({
    code: 'destination_not_allowed',
    message: expect.stringContaining('evil.example.test'),
  })
  expect(server.received).toEqual([])
})

it('[E7] a private provider’s name still leads to no metadata service', async () => {
  const out = network({ resolve: leadsTo('169.254.169.254') })
  const error = await fails(out.fetch('https://corp.example.test/', {}, route({ privateNetwork: true })))
  expect(error).toMatchObject({ code: 'destination_not_allowed' })
})
