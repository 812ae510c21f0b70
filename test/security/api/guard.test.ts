import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { hostAndPort, raw, request, startWorld } from '../../integration/api/world.ts'

const refused = async (answer: Promise<{ status: number; json: { error?: { code: string } } }>) => {
  const { status, json } = await answer
  return [status, json?.error?.code]
}

describe('Host', () => {
  it.each(['localhost', 'latchkey', '127.0.0.1', 'evil.test', '127.0.0.1.evil.test', '[::1]', '0.0.0.0', 'LOCALHOST'])(
    '%s instead of the literal address and port is refused over HTTP, even for health',
    async (name) => {
      const world = await startWorld()
      const port = world.host.split(':')[1]
      for (const host of [name, `${name}:1`, ...(name === '127.0.0.1' ? [] : [`${name}:${port}`])]) {
        expect(await refused(world.call('GET', '/v1/health', { headers: { host } }))).toEqual([403, 'forbidden'])
      }
    },
  )

  it('must be localhost or latchkey on the socket', async () => {
    const world = await startWorld()
    for (const host of ['localhost', 'latchkey']) {
      expect((await world.call('GET', '/v1/health', { socket: true, headers: { host } })).status).toBe(200)
    }
    for (const host of [world.host, 'evil.test', 'localhost:80']) {
      const answer = world.call('GET', '/v1/health', { socket: true, headers: { host } })
      expect(await refused(answer)).toEqual([403, 'forbidden'])
    }
  })

  it.each([
    ['none', 'GET /v1/health HTTP/1.1\r\n\r\n', 400],
    ['none in HTTP/1.0', 'GET /v1/health HTTP/1.0\r\n\r\n', 403],
    ['two', 'GET /v1/health HTTP/1.1\r\nHost: HOST\r\nHost: evil.test\r\n\r\n', 400],
    ['another in an absolute target', 'GET http://evil.test/v1/health HTTP/1.1\r\nHost: HOST\r\n\r\n', 400],
    ['a target with two slashes', 'GET //evil.test/v1/health HTTP/1.1\r\nHost: HOST\r\n\r\n', 400],
    ['an authority as target', 'CONNECT evil.test:443 HTTP/1.1\r\nHost: HOST\r\n\r\n', 405],
    ['an upgrade', 'GET /v1/health HTTP/1.1\r\nHost: HOST\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n', 405],
  ])('%s is refused', async (_, text, status) => {
    const world = await startWorld()
    const answer = await raw(hostAndPort(world.host), text.replace('HOST', world.host))
    expect(answer).toMatch(new RegExp(`^HTTP/1.1 ${status} `))
  })
})

describe('web pages', () => {
  it.each([
    ['Origin', 'https://evil.test'],
    ['Origin', 'null'],
    ['Origin', 'OWN'],
    ['Referer', 'https://evil.test/'],
    ['Referer', 'OWN/'],
    ['Sec-Fetch-Site', 'cross-site'],
    ['Sec-Fetch-Site', 'same-site'],
    ['Sec-Fetch-Site', 'same-origin'],
    ['Sec-Fetch-Site', 'none'],
  ])('a request with %s: %s is refused, with the right key and without', async (name, value) => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    const headers = { [name]: value.replace('OWN', world.api.http) }
    expect(await refused(world.call('GET', '/v1/accounts', { headers }))).toEqual([403, 'forbidden'])
    expect(await refused(world.call('GET', '/v1/health', { headers, key: null }))).toEqual([403, 'forbidden'])
    expect(world.calls).toEqual([])
  })

  it.each(['OPTIONS', 'TRACE'])('%s is refused everywhere', async (method) => {
    const world = await startWorld({ page: { 'index.html': '' } })
    for (const target of ['/v1/health', '/v1/accounts', '/page/call', '/']) {
      const answer = await world.call(method, target)
      expect([answer.status, answer.json.error.code]).toEqual([405, 'forbidden'])
    }
    expect(await raw(hostAndPort(world.host), `OPTIONS * HTTP/1.1\r\nHost: ${world.host}\r\n\r\n`)).toContain(
      'HTTP/1.1 400',
    )
  })

  it('no answer ever has a CORS header', async () => {
    const world = await startWorld({ page: { 'index.html': '' }, handlers: { 'accounts.list': () => [] } })
    const origin = 'https://evil.test'
    const answers = [
      await world.call('GET', '/v1/accounts'),
      await world.call('GET', '/v1/health'),
      await world.call('GET', '/'),
      await world.call('GET', '/v1/accounts', { headers: { origin } }),
      await world.call('OPTIONS', '/v1/accounts', { headers: { origin, 'access-control-request-method': 'GET' } }),
      await world.call('POST', '/page/call', { headers: { origin }, body: {} }),
    ]
    for (const { headers } of answers) {
      expect(Object.keys(headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  })
})

describe('the key', () => {
  it.each([
    ['none', {}],
    ['a wrong one', { authorization: 'Bearer wrong' }],
    ['half of it', { authorization: 'Bearer HALF' }],
    ['the right one and more', { authorization: 'Bearer KEYx' }],
    ['as Basic', { authorization: 'Basic KEY' }],
    ['without a scheme', { authorization: 'KEY' }],
    ['in a cookie', { cookie: 'key=KEY; authorization=Bearer%20KEY; latchkey_page=KEY' }],
    ['in another header', { 'x-api-key': 'KEY', 'proxy-authorization': 'Bearer KEY' }],
  ])('%s is unauthenticated', async (_, headers) => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    const filled = Object.fromEntries(
      Object.entries(headers).map(([name, value]) => [
        name,
        value.replaceAll('KEY', world.key).replace('HALF', world.key.slice(0, 20)),
      ]),
    )
    for (const socket of [false, true]) {
      const answer = await world.call('GET', '/v1/accounts', { key: null, headers: filled, socket })
      expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated'])
      expect(answer.headers['www-authenticate']).toBe('Bearer realm="latchkey"')
      expect(answer.text).not.toContain(world.key)
    }
    expect(world.calls).toEqual([])
  })

  it('in the query is not looked at', async () => {
    const world = await startWorld()
    for (const name of ['key', 'access_token', 'authorization']) {
      const answer = world.call('GET', `/v1/accounts?${name}=${world.key}`, { key: null })
      expect(await refused(answer)).toEqual([401, 'unauthenticated'])
    }
  })

  it('in the body is not looked at', async () => {
    const world = await startWorld()
    const answer = world.call('POST', '/v1/connect', { key: null, body: { access_token: world.key, key: world.key } })
    expect(await refused(answer)).toEqual([401, 'unauthenticated'])
  })

  it('is needed everywhere but for health, in any spelling of its path', async () => {
    const world = await startWorld({ limits: { failures: 100 }, handlers: { 'accounts.list': () => [] } })
    for (const target of [
      '/v1/status',
      '/v1/accounts',
      '/v1/nothing',
      '/openapi.json',
      '/v1/events',
      '/',
      '/v1/health/',
      '/v1/health/../accounts',
      '/v1/%68ealth',
      '/v1/%61ccounts',
      '/v1//accounts',
      '/V1/accounts',
    ]) {
      expect(await refused(world.call('GET', target, { key: null }))).toEqual([401, 'unauthenticated'])
    }
    expect(await refused(world.call('POST', '/v1/health', { key: null }))).toEqual([401, 'unauthenticated'])
    expect(world.calls).toEqual([])
  })

  it('does not open the calls of the page', async () => {
    const world = await startWorld({ page: { 'index.html': '' } })
    for (const target of ['/page/call', '/%70age/call', '/page%2Fcall']) {
      const answer = await world.call('POST', target, { body: { method: 'accounts.list', input: {} } })
      expect([403, 404]).toContain(answer.status)
    }
    expect(world.calls).toEqual([])
  })

  it('twice is refused', async () => {
    const world = await startWorld()
    const lines = `Host: ${world.host}\r\nAuthorization: Bearer x\r\nAuthorization: Bearer ${world.key}\r\n\r\n`
    expect(await raw(hostAndPort(world.host), `GET /v1/accounts HTTP/1.1\r\n${lines}`)).toContain('HTTP/1.1 400')
  })
})

describe('failed authentication', () => {
  it('is rate limited for each transport, never for who has the right key', async () => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    const wrong = (socket = false) => world.call('GET', '/v1/accounts', { key: 'wrong', socket })
    for (let i = 0; i < 10; i++) expect((await wrong()).status).toBe(401)
    const limited = await wrong()
    expect([limited.status, limited.json.error.code]).toEqual([429, 'rate_limited'])
    expect(limited.json.error.retry_after).toBe(60)
    expect(limited.headers['retry-after']).toBe('60')
    expect((await world.call('GET', '/v1/accounts')).status).toBe(200)
    expect((await wrong(true)).status).toBe(401)
    world.clock.advance(59_000)
    expect((await wrong()).json.error.retry_after).toBe(1)
    world.clock.advance(1_000)
    expect((await wrong()).status).toBe(401)
  })
})

describe('bodies', () => {
  it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/jsonp'])(
    'of type %s are refused',
    async (type) => {
      const world = await startWorld()
      const answer = await world.call('POST', '/v1/connect', {
        body: '{"provider":"practice"}',
        headers: { 'content-type': type },
      })
      expect([answer.status, answer.json.error.code]).toEqual([415, 'invalid_request'])
      expect(world.calls).toEqual([])
    },
  )

  it('of no type are refused', async () => {
    const world = await startWorld()
    const head = `POST /v1/connect HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.key}\r\n`
    const answer = await raw(hostAndPort(world.host), `${head}Content-Length: 2\r\n\r\n{}`)
    expect(answer).toContain('HTTP/1.1 415')
  })

  it('are taken as JSON with a charset, and may be empty', async () => {
    const world = await startWorld()
    for (const body of ['{}', '']) {
      const answer = await world.call('POST', '/v1/accounts/a/token', {
        body,
        headers: { 'content-type': 'application/json; charset=utf-8' },
      })
      expect(answer.status).toBe(200)
    }
  })

  it('over 1 MB are too large; those of a signed request over 25 MB', async () => {
    const world = await startWorld()
    const text = (size: number) => JSON.stringify({ url: '/', body: 'x'.repeat(size) })
    expect(await refused(world.call('POST', '/v1/connect', { body: text(1_000_001) }))).toEqual([413, 'too_large'])
    expect((await world.call('POST', '/v1/accounts/a/request', { body: text(1_000_001) })).status).toBe(404)
    expect(await refused(world.call('POST', '/v1/accounts/a/request', { body: text(25_000_001) }))).toEqual([
      413,
      'too_large',
    ])
  })

  it('with two lengths (request smuggling) are refused', async () => {
    const world = await startWorld()
    const answer = await raw(
      hostAndPort(world.host),
      `POST /v1/connect HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.key}\r\nContent-Type: application/json\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\nGET /v1/accounts HTTP/1.1\r\nHost: ${world.host}\r\n\r\n`,
    )
    expect(answer.match(/HTTP\/1\.1 (\d+)/g)).toEqual(['HTTP/1.1 400'])
    expect(world.calls).toEqual([])
  })
})

describe('every answer', () => {
  it('is kept by nobody, guessed by nobody, and runs nothing', async () => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    const answers = [
      await world.call('GET', '/v1/health'),
      await world.call('GET', '/v1/accounts'),
      await world.call('GET', '/v1/accounts', { key: null }),
      await world.call('GET', '/v1/nothing'),
      await world.call('GET', '/v1/accounts', { headers: { host: 'evil.test' } }),
    ]
    for (const { headers } of answers) {
      expect(headers['cache-control']).toBe('no-store')
      expect(headers['x-content-type-options']).toBe('nosniff')
      expect(headers['content-security-policy']).toBe("default-src 'none'; frame-ancestors 'none'")
      expect(headers['content-type']).toBe('application/json; charset=utf-8')
      expect(headers.server ?? headers['x-powered-by']).toBeUndefined()
    }
  })
})

describe('limits', () => {
  it('headers over 16 KB are refused as an error of the API', async () => {
    const world = await startWorld()
    const answer = await world.call('GET', '/v1/health', { headers: { 'x-long': 'x'.repeat(17_000) } })
    expect([answer.status, answer.json.error.code]).toEqual([431, 'too_large'])
    expect(answer.headers['cache-control']).toBe('no-store')
  })

  it('headers that come too slowly end in timeout', async () => {
    const world = await startWorld({ limits: { headersTimeout: 200, requestTimeout: 400 } })
    const answer = await raw(hostAndPort(world.host), `GET /v1/health HTTP/1.1\r\nHost: ${world.host}\r\n`)
    expect(answer).toContain('HTTP/1.1 408')
    expect(answer).toContain('"code":"timeout"')
  })

  it('a body that comes too slowly ends in timeout', async () => {
    const world = await startWorld({ limits: { headersTimeout: 200, requestTimeout: 400 } })
    const answer = await raw(
      hostAndPort(world.host),
      `POST /v1/connect HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.key}\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{`,
    )
    expect(answer).toContain('HTTP/1.1 408')
  })

  it.each([
    'nonsense\r\n\r\n',
    '\x16\x03\x01\x02\x00\x01\x00',
    'GET / HTTP/9.9\r\n\r\n',
    'GET /\r\nbad header\r\n\r\n',
  ])('what is no HTTP (%j) is refused', async (text) => {
    const world = await startWorld()
    expect(await raw(hostAndPort(world.host), text)).toContain('"code":"invalid_request"')
    expect(await raw({ path: world.paths.socket }, text)).toContain('"code":"invalid_request"')
  })

  it('an expectation that is not met is refused', async () => {
    const world = await startWorld()
    expect(await refused(world.call('GET', '/v1/health', { headers: { expect: 'a miracle' } }))).toEqual([
      417,
      'invalid_request',
    ])
  })

  it('more requests at once than can be answered are told to come back', async () => {
    let open = () => {}
    const gate = new Promise<void>((resolve) => {
      open = resolve
    })
    const world = await startWorld({
      limits: { concurrency: 2 },
      handlers: {
        'accounts.list': async () => {
          await gate
          return []
        },
      },
    })
    const waiting = [world.call('GET', '/v1/accounts'), world.call('GET', '/v1/accounts', { socket: true })]
    await expect.poll(() => world.calls.length).toBe(2)
    const third = await world.call('GET', '/v1/health')
    expect([third.status, third.json.error]).toMatchObject([429, { code: 'rate_limited', retry_after: 1 }])
    open()
    expect((await Promise.all(waiting)).map((it) => it.status)).toEqual([200, 200])
    expect((await world.call('GET', '/v1/health')).status).toBe(200)
  })

  it('more connections than there is room for are closed', async () => {
    const world = await startWorld({ limits: { connections: 1 } })
    const first = net.connect(hostAndPort(world.host))
    await new Promise((resolve) => first.once('connect', resolve))
    await expect(
      request({ where: hostAndPort(world.host), method: 'GET', target: '/v1/health', headers: { host: world.host } }),
    ).rejects.toMatchObject({ code: 'ECONNRESET' })
    first.destroy()
  })
})

it('the API listens on the loopback address alone', async () => {
  const world = await startWorld()
  expect(world.host).toMatch(/^127\.0\.0\.1:\d+$/)
  for (const host of ['127.0.0.2', '::1']) {
    const socket = net.connect({ host, port: hostAndPort(world.host).port })
    const outcome = await new Promise((resolve) => {
      socket.once('connect', () => resolve('connected'))
      socket.once('error', () => resolve('refused'))
    })
    socket.destroy()
    expect(outcome).toBe('refused')
  }
})
