import { expect, it } from 'vitest'
import { startHttpProxy, startSocks5Proxy } from '../../doubles/proxies.ts'
import { fails, network, route, startHttpServer } from '../../integration/network/support.ts'

it.each([
  ['HTTP', startHttpProxy],
  ['SOCKS5', startSocks5Proxy],
])('the limits of size and time hold through a proxy: %s', async (_, start) => {
  const server = await startHttpServer((request, response) => {
    if (request.url === '/slow') response.write('begun')
    else response.end(Buffer.alloc(50_000))
  })
  const proxy = await start({ network: { 'api.example.test:80': server.port } })
  const through = route({ proxy: { url: proxy.url } })
  const out = network({ timeoutMs: 300, maxBytes: 10_000 })
  expect(await fails(out.fetch('http://api.example.test/huge', {}, through))).toMatchObject({ code: 'too_large' })
  expect(await fails(out.fetch('http://api.example.test/slow', {}, through))).toMatchObject({ code: 'timeout' })
  await proxy.close()
})
