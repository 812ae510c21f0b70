import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { type Authority, createAuthority, hasOpenssl } from '../../doubles/authority.ts'
import { startHttpProxy, startSocks5Proxy } from '../../doubles/proxies.ts'
import { fails, network, route, startHttpServer, startTlsServer } from './support.ts'

let authority: Authority
beforeAll(() => {
  if (hasOpenssl) authority = createAuthority()
})
afterAll(() => authority?.close())

const closing = <T extends { close(): Promise<void> }>(it: T): T => {
  onTestFinished(() => it.close())
  return it
}

describe.skipIf(!hasOpenssl)('a route of a provider’s own', () => {
  it('[E8] leads through an HTTP proxy with user name and password, by name, to a server of a private authority', async () => {
    const server = await startTlsServer(authority, 'login.corp.test')
    const proxy = closing(
      await startHttpProxy({ network: { 'login.corp.test:443': server.port }, credentials: 'ada:p@ss/wörd' }),
    )
    const answer = await network().fetch(
      'https://login.corp.test/token',
      { method: 'POST', body: new URLSearchParams({ grant_type: 'refresh_token' }) },
      route({
        proxy: { url: proxy.url, username: 'ada', password: 'p@ss/wörd' },
        caBundle: authority.certificate,
      }),
    )
    expect(await answer.json()).toEqual({ ok: true })
    expect(proxy).toMatchObject({ asked: ['login.corp.test:443'], credentials: ['ada:p@ss/wörd'] })
    expect(server.received).toMatchObject([{ method: 'POST', body: 'grant_type=refresh_token' }])
    // The credentials of the proxy are for the proxy alone.
    expect(server.received[0]?.headers['proxy-authorization']).toBeUndefined()
  })

  it.each(['http', 'https'])(
    '[E8] leads through a SOCKS5 proxy with user name and password, over %s',
    async (scheme) => {
      const server = scheme === 'https' ? await startTlsServer(authority, 'login.corp.test') : await startHttpServer()
      const port = scheme === 'https' ? 443 : 80
      const proxy = closing(
        await startSocks5Proxy({ network: { [`login.corp.test:${port}`]: server.port }, credentials: 'ada:p@ss/wörd' }),
      )
      const through = route({
        proxy: { url: proxy.url, username: 'ada', password: 'p@ss/wörd' },
        caBundle: authority.certificate,
      })
      const out = network()
      for (const path of ['/one', '/two']) {
        const answer = await out.fetch(`${scheme}://login.corp.test${path}`, {}, through)
        expect(await answer.json()).toEqual({ ok: true })
      }
      expect(new Set(proxy.asked)).toEqual(new Set([`login.corp.test:${port}`]))
      expect(proxy.credentials[0]).toBe('ada:p@ss/wörd')
      expect(server.received.map(({ url }) => url)).toEqual(['/one', '/two'])
    },
  )

  it('[E8] shows its client certificate to a server that asks for one, and never to the proxy', async () => {
    const server = await startTlsServer(authority, 'login.corp.test', { clientCertificate: true })
    const proxy = closing(await startHttpProxy({ network: { 'login.corp.test:443': server.port } }))
    const { certificate, privateKey } = authority.issue('latchkey-client')
    const out = network()
    const base = { proxy: { url: proxy.url }, caBundle: authority.certificate }
    await out.fetch('https://login.corp.test/', {}, route({ ...base, certificate, privateKey }))
    expect(server.received).toMatchObject([{ client: 'latchkey-client' }])
    expect(await fails(out.fetch('https://login.corp.test/', {}, route(base)))).toMatchObject({
      code: 'provider_unreachable',
    })
    expect(server.received).toHaveLength(1)
  })

  it('[E8] adds its CA bundle to the authorities that are trusted: without it the server is refused', async () => {
    const server = await startTlsServer(authority, 'localhost')
    const out = network()
    const url = `https://localhost:${server.port}/`
    const here = { loopback: true }
    expect(await fails(out.fetch(url, {}, route(here)))).toMatchObject({
      code: 'provider_unreachable',
      message: expect.stringContaining('signed by nobody that this machine trusts (TLS)'),
    })
    const answer = await out.fetch(url, {}, route({ ...here, caBundle: authority.certificate }))
    expect(answer.status).toBe(200)
    // Connections of one route are no way around another's checks.
    expect(await fails(out.fetch(url, {}, route(here)))).toMatchObject({ code: 'provider_unreachable' })
  })

  it('[E8] is asked for private addresses only when it is marked as private', async () => {
    const server = await startTlsServer(authority, 'login.corp.test')
    const out = network({
      // What the name of a private server leads to; this machine stands in for it.
      resolve: ((_: string, __: unknown, callback: (error: null, list: unknown[]) => void) =>
        callback(null, [{ address: '127.0.0.1', family: 4 }])) as never,
    })
    const url = `https://login.corp.test:${server.port}/`
    const answer = await out.fetch(url, {}, route({ privateNetwork: true, caBundle: authority.certificate }))
    expect(answer.status).toBe(200)
    expect(await fails(out.fetch(url, {}, route({ caBundle: authority.certificate })))).toMatchObject({
      code: 'destination_not_allowed',
      message: expect.stringContaining('login.corp.test leads to 127.0.0.1'),
      details: { action: { text: expect.stringContaining('private') } },
    })
  })
})

describe('trouble with a proxy is named', () => {
  it.each([
    ['HTTP', startHttpProxy],
    ['SOCKS5', startSocks5Proxy],
  ])('%s: wrong password', async (_, start) => {
    const proxy = closing(await start({ network: {}, credentials: 'ada:right' }))
    const error = await fails(
      network().fetch(
        'https://login.corp.test/?code=SECRET',
        {},
        route({ proxy: { url: proxy.url, username: 'ada', password: 'wrong-one' } }),
      ),
    )
    expect(error).toMatchObject({ code: 'provider_unreachable' })
    expect(error.message).toContain(`The proxy ${proxy.host}`)
    expect(error.message).toContain('user name and password')
    expect(error.message).not.toMatch(/wrong-one|SECRET/)
  })

  it.each([
    ['HTTP', startHttpProxy, 'it answered 502'],
    ['SOCKS5', startSocks5Proxy, 'does not allow the connection'],
  ])('%s: it makes no connection', async (_, start, words) => {
    const proxy = closing(await start({ network: {} }))
    const error = await fails(network().fetch('https://login.corp.test/', {}, route({ proxy: { url: proxy.url } })))
    expect(error).toMatchObject({ code: 'provider_unreachable', message: expect.stringContaining(words) })
    expect(error.message).toContain('login.corp.test')
  })

  it.each(['http', 'socks5'])('%s: nobody is there', async (scheme) => {
    const proxy = await startHttpProxy({ network: {} })
    await proxy.close()
    const url = `${scheme}://${proxy.host}`
    const error = await fails(network().fetch('https://login.corp.test/', {}, route({ proxy: { url } })))
    expect(error.message).toBe(
      `The proxy ${proxy.host}, through which login.corp.test is to be asked, cannot be reached: it refused the connection.`,
    )
  })
})

describe('the system’s proxy', () => {
  it('is used for everything that has no route of its own, except to this machine and what NO_PROXY names', async () => {
    const server = await startHttpServer()
    const proxy = closing(
      await startHttpProxy({ network: { 'api.example.test:80': server.port, 'direct.example.test:80': server.port } }),
    )
    const names: string[] = []
    const out = network({
      env: { HTTP_PROXY: proxy.host, NO_PROXY: 'direct.example.test' },
      resolve: ((name: string, _: unknown, callback: (error: Error) => void) => {
        names.push(name)
        callback(Object.assign(new Error('not here'), { code: 'ENOTFOUND' }))
      }) as never,
    })
    expect((await out.fetch('http://api.example.test/', {}, route())).status).toBe(200)
    expect((await out.fetch(`http://127.0.0.1:${server.port}/`, {}, route({ loopback: true }))).status).toBe(200)
    await fails(out.fetch('http://direct.example.test/', {}, route()))
    await fails(out.fetch('http://api.example.test/', {}, route({ proxy: null })))
    expect(proxy.asked).toEqual(['api.example.test:80'])
    expect(names).toEqual(['direct.example.test', 'api.example.test'])
  })
})
