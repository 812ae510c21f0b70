import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Authority, createAuthority, hasOpenssl } from '../../doubles/authority.ts'
import { startHttpProxy, startSocks5Proxy } from '../../doubles/proxies.ts'
import { fails, network, route, startTlsServer } from '../../integration/network/support.ts'

describe.skipIf(!hasOpenssl)('a proxy that leads to another server', () => {
  let authority: Authority
  beforeAll(() => {
    authority = createAuthority()
  })
  afterAll(() => authority.close())

  it.each([
    ['HTTP', startHttpProxy],
    ['SOCKS5', startSocks5Proxy],
  ])('%s: is found out by its certificate', async (_, start) => {
    const server = await startTlsServer(authority, 'other.corp.test')
    const proxy = await start({ network: { 'login.corp.test:443': server.port } })
    const through = route({ proxy: { url: proxy.url }, caBundle: authority.certificate })
    const error = await fails(
      network().fetch('https://login.corp.test/token', { method: 'POST', body: 'code=1' }, through),
    )
    await proxy.close()
    expect(error).toMatchObject({
      code: 'provider_unreachable',
      message: 'login.corp.test cannot be reached: its certificate is for another name (TLS).',
    })
    expect(server.received).toEqual([])
  })
})
