import type { LookupAddress, lookup } from 'node:dns'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createConnections } from '../../../electron/signer/resolve.ts'
import { startServer, world } from '../../integration/requests/world.ts'

/** Name resolution that answers what the test says, in turn, and the last again and again. */
function resolver(...answers: LookupAddress[][]) {
  const names: string[] = []
  const resolve = (
    name: string,
    _: unknown,
    callback: (error: NodeJS.ErrnoException | null, addresses: LookupAddress[]) => void,
  ) => {
    names.push(name)
    const answer = answers[Math.min(names.length, answers.length) - 1] ?? []
    queueMicrotask(() => callback(null, answer))
  }
  const connections = createConnections(resolve as unknown as typeof lookup)
  onTestFinished(() => connections.close())
  return { connections, names }
}
const v4 = (address: string) => ({ address, family: 4 })
const v6 = (address: string) => ({ address, family: 6 })
const notAllowed = { code: 'destination_not_allowed' }

async function listener() {
  const api = await startServer((_, response) => response.end('reached'))
  return { api, port: new URL(api.base).port }
}

describe('a destination outside the policy', () => {
  it('is refused before a token is even asked for', async () => {
    const { api } = await listener()
    const { send, asked, uses } = world({ hosts: ['api.example.com'] })
    await expect(send({ url: `${api.base}/` })).rejects.toMatchObject(notAllowed)
    await expect(send({ url: 'https://evil.test/' })).rejects.toMatchObject(notAllowed)
    expect(asked).toEqual([])
    expect(api.received).toEqual([])
    expect(uses).toMatchObject([{ error: 'destination_not_allowed' }, { url: { host: 'evil.test' } }])
  })

  it.each(['//127.0.0.1:PORT/', '\\\\127.0.0.1:PORT/', '/\\127.0.0.1:PORT/', 'http://api.example.com@127.0.0.1:PORT/'])(
    'is refused when it hides as %s',
    async (url) => {
      const { api, port } = await listener()
      const { send } = world({ baseUrl: 'https://api.example.com' })
      await expect(send({ url: url.replace('PORT', port) })).rejects.toMatchObject(notAllowed)
      expect(api.received).toEqual([])
    },
  )
})

describe('a listed name that leads inside', () => {
  it.each([
    ['loopback', [v4('127.0.0.1')]],
    ['private', [v4('10.0.0.1')]],
    ['carrier-grade NAT', [v4('100.64.0.1')]],
    ['link-local', [v4('169.254.169.254')]],
    ['unspecified', [v4('0.0.0.0')]],
    ['IPv6 loopback', [v6('::1')]],
    ['IPv4-mapped', [v6('::ffff:127.0.0.1')]],
    ['NAT64', [v6('64:ff9b::7f00:1')]],
    ['unique local', [v6('fd00::1')]],
    ['one public, one loopback', [v4('203.0.114.1'), v4('127.0.0.1')]],
  ])('is refused: %s', async (_, addresses) => {
    const { api, port } = await listener()
    const { connections, names } = resolver(addresses)
    const { send } = world({ hosts: [`api.example.com:${port}`], connections })
    await expect(send({ url: `https://api.example.com:${port}/` })).rejects.toMatchObject({
      ...notAllowed,
      message: expect.stringContaining('api.example.com'),
    })
    expect(names).toEqual(['api.example.com'])
    expect(api.received).toEqual([])
  })

  it('is judged again at each connection: an answer that changes (DNS rebinding) gains nothing', async () => {
    const api = await startServer((_, response) => response.writeHead(200, { connection: 'close' }).end('reached'))
    const { port } = new URL(api.base)
    const { connections, names } = resolver([v4('127.0.0.1')], [v4('8.8.8.8')])
    const { send } = world({ hosts: [`localhost:${port}`], privateNetwork: true, connections })
    // One look-up for one connection: what was judged is what was connected to.
    expect((await send({ url: `http://localhost:${port}/` })).body).toBe('reached')
    expect(names).toHaveLength(1)
    await expect(send({ url: `http://localhost:${port}/` })).rejects.toMatchObject(notAllowed)
    expect(names).toHaveLength(2)
    expect(api.received).toHaveLength(1)
  })

  it('a connection made for a private provider never serves a public one', async () => {
    const { api, port } = await listener()
    const { connections } = resolver([v4('127.0.0.1')])
    const own = world({ hosts: [`localhost:${port}`], privateNetwork: true, connections })
    expect((await own.send({ url: `http://localhost:${port}/` })).status).toBe(200)
    const other = world({ hosts: [`localhost:${port}`], connections })
    await expect(other.send({ url: `https://localhost:${port}/` })).rejects.toMatchObject(notAllowed)
    await expect(other.send({ url: `http://localhost:${port}/` })).rejects.toMatchObject(notAllowed)
    expect(api.received).toHaveLength(1)
  })
})

describe('credentials and redirects', () => {
  it('a redirect that leaves the policy is handed back unfollowed', async () => {
    const outside = await startServer((_, response) => response.end('outside'))
    const api = await startServer((_, response) => response.writeHead(307, { location: `${outside.base}/take` }).end())
    const answer = await world({ baseUrl: api.base }).send({ method: 'POST', url: '/', body: 'x' })
    expect(answer).toMatchObject({ status: 307, headers: { location: `${outside.base}/take` }, url: `${api.base}/` })
    expect(outside.received).toEqual([])
  })

  it.each(['http://api.example.com/', 'https://user@127.0.0.1/', 'file:///etc/passwd', 'https://169.254.169.254/'])(
    'a redirect to %s is handed back unfollowed',
    async (location) => {
      const api = await startServer((_, response) => response.writeHead(302, { location }).end())
      const { send } = world({ baseUrl: api.base, hosts: ['api.example.com', '127.0.0.1', '169.254.169.254'] })
      expect((await send({ url: '/' })).status).toBe(302)
      expect(api.received).toHaveLength(1)
    },
  )

  it.each(['Authorization', 'Cookie', 'Proxy-Authorization', 'Host'])(
    'a %s header of the caller is refused before anything is sent',
    async (name) => {
      const { api } = await listener()
      const { send, asked } = world({ baseUrl: api.base })
      await expect(send({ url: '/', headers: { [name]: 'x' } })).rejects.toMatchObject({ code: 'invalid_request' })
      expect(asked).toEqual([])
      expect(api.received).toEqual([])
    },
  )
})

describe('an API that echoes the request', () => {
  const echo = () =>
    startServer((request, response) => {
      response.setHeader('x-echo', request.headers.authorization ?? '')
      response.setHeader('content-type', request.url === '/bin' ? 'application/octet-stream' : 'application/json')
      response.end(JSON.stringify(request.headers))
    })

  it.each(['/', '/bin'])('gives the page no token (%s)', async (url) => {
    const api = await echo()
    const answer = await world({ baseUrl: api.base }).send({ url }, { kind: 'page' })
    const text = answer.body ?? Buffer.from(answer.body_base64 ?? '', 'base64').toString()
    expect(text).toContain('Bearer [access token]')
    expect(JSON.stringify(answer) + text).not.toContain('first-token')
  })

  it('gives the page neither the old nor the new token after a refresh', async () => {
    const api = await startServer((request, response) => {
      const old = request.headers.authorization === 'Bearer first-token'
      response.writeHead(old ? 401 : 200, { 'content-type': 'text/plain' }).end('first-token second-token')
    })
    const answer = await world({ baseUrl: api.base }).send({ url: '/' }, { kind: 'page' })
    expect(answer.body).toBe('[access token] [access token]')
  })

  it('gives the owner the answer as it came', async () => {
    const api = await echo()
    expect((await world({ baseUrl: api.base }).send({ url: '/' })).body).toContain('Bearer first-token')
  })
})
