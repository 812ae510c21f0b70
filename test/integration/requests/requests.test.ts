import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { closedPort, startServer, world } from './world.ts'

const echo = () =>
  startServer((request, response) => {
    response.setHeader('content-type', 'application/json')
    response.setHeader('set-cookie', 'session=1')
    response.end(JSON.stringify({ authorization: request.headers.authorization, body: request.body }))
  })

describe('a signed request', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'])('[A6] is sent with %s', async (method) => {
    const api = await echo()
    const { send } = world({ baseUrl: `${api.base}/v1` })
    const answer = await send({
      method,
      url: '/me?x=1',
      body: method === 'GET' || method === 'HEAD' ? undefined : 'hi',
    })
    expect(answer.status).toBe(200)
    expect(api.received).toMatchObject([
      { method, url: '/v1/me?x=1', headers: { authorization: 'Bearer first-token' } },
    ])
    if (method === 'POST') expect(api.received[0]?.body).toBe('hi')
    if (method === 'HEAD') expect(answer.body).toBe('')
  })

  it('[A7] carries the credentials that the provider wants, and the caller’s other headers', async () => {
    const api = await echo()
    const { send } = world({ baseUrl: api.base, header: { name: 'X-Token', prefix: 'token=' } })
    await send({ url: '/', headers: { Accept: 'text/x', 'User-Agent': 'mine', Connection: 'close' } })
    await send({ url: '/' })
    expect(api.received[0]?.headers).toMatchObject({
      'x-token': 'token=first-token',
      accept: 'text/x',
      'user-agent': 'mine',
    })
    expect(api.received[0]?.headers.authorization).toBeUndefined()
    expect(api.received[1]?.headers).toMatchObject({ accept: '*/*', 'user-agent': 'Latchkey' })
  })

  it('answers text as text, bytes as base64, compressed answers unpacked, and never a cookie', async () => {
    const bytes = Buffer.from([0, 255, 1])
    const api = await startServer((request, response) => {
      if (request.url === '/zip') {
        response.setHeader('content-type', 'text/plain')
        response.setHeader('content-encoding', 'gzip')
        response.setHeader('set-cookie', ['a=1', 'b=2'])
        response.end(gzipSync('unpacked'))
      } else {
        response.setHeader('content-type', 'application/octet-stream')
        response.end(bytes)
      }
    })
    const { send } = world({ baseUrl: api.base })
    const text = await send({ url: '/zip' })
    expect(text).toMatchObject({ body: 'unpacked', body_base64: null, status_text: 'OK', url: `${api.base}/zip` })
    expect(text.headers).not.toHaveProperty('set-cookie')
    expect(text.headers).not.toHaveProperty('content-encoding')
    expect((await send({ url: '/bytes' })).body_base64).toBe(bytes.toString('base64'))
  })

  it('sends bytes that were given as base64', async () => {
    const api = await echo()
    const { send } = world({ baseUrl: api.base })
    await send({ method: 'POST', url: '/', body_base64: Buffer.from('bytes').toString('base64') })
    expect(api.received[0]?.body).toBe('bytes')
  })

  it('leaves a note of the use without query, body or token, and marks the account as used', async () => {
    const api = await echo()
    const { send, uses, used } = world({ baseUrl: api.base })
    await send({ method: 'POST', url: '/me?q=PRIVATE', body: 'PRIVATE' }, { kind: 'cli' })
    expect(uses).toMatchObject([
      {
        account: { id: 'acc_1' },
        caller: { kind: 'cli' },
        right: 'request',
        method: 'POST',
        status: 200,
        bytesSent: 7,
        refreshed: false,
      },
    ])
    const [use] = uses
    expect(use?.url?.host).toBe(api.host)
    // The audit keeps no more of the URL than host and path.
    expect(JSON.stringify({ ...use, url: null })).not.toMatch(/PRIVATE|first-token/)
    expect(used).toEqual(['acc_1'])
  })

  it('names an account that is not there', async () => {
    const { send } = world({ baseUrl: 'https://api.test' })
    await expect(send({ url: '/' }, { kind: 'owner' }, 'nobody')).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('a token that the API refuses', () => {
  const strict = (challenge: string | null) =>
    startServer((request, response) => {
      const good = request.headers.authorization === 'Bearer second-token'
      response.statusCode = good ? 200 : 401
      if (!good && challenge !== null) response.setHeader('www-authenticate', challenge)
      response.end(request.body)
    })

  it.each(['Bearer error="invalid_token"', null])(
    '[A8] is refreshed once and the request repeated (%s)',
    async (it) => {
      const api = await strict(it)
      const { send, asked } = world({ baseUrl: api.base })
      const answer = await send({ method: 'POST', url: '/', body: 'again' })
      expect(answer).toMatchObject({ status: 200, body: 'again', refreshed: true })
      expect(asked).toEqual([undefined, 'first-token'])
      expect(api.received).toHaveLength(2)
    },
  )

  it('is not refreshed for a 401 that says something else', async () => {
    const api = await strict('Bearer error="insufficient_scope"')
    const { send, asked } = world({ baseUrl: api.base })
    expect((await send({ url: '/' })).status).toBe(401)
    expect(asked).toEqual([undefined])
  })

  it('is refreshed only once: a second 401 is the answer', async () => {
    const api = await startServer((_, response) => response.writeHead(401).end())
    const { send } = world({ baseUrl: api.base })
    expect(await send({ url: '/' })).toMatchObject({ status: 401, refreshed: true })
    expect(api.received).toHaveLength(2)
  })

  it('is not sent again when the refresh gave the same one', async () => {
    const api = await startServer((_, response) => response.writeHead(401).end())
    const { send } = world({ baseUrl: api.base, tokens: ['only-token'] })
    expect((await send({ url: '/' })).status).toBe(401)
    expect(api.received).toHaveLength(1)
  })
})

describe('limits', () => {
  it('a slow API ends in timeout, and is named', async () => {
    const api = await startServer(() => {})
    const { send, uses } = world({ baseUrl: api.base })
    const sent = send({ url: '/slow?secret=1', timeout_ms: 100 })
    await expect(sent).rejects.toMatchObject({ code: 'timeout', message: `${api.host} did not answer within 100 ms.` })
    expect(uses).toMatchObject([{ error: 'timeout', url: { pathname: '/slow' } }])
  })

  it('an API that stops in the middle of its answer ends in timeout', async () => {
    const api = await startServer((_, response) => response.write('begun'))
    await expect(world({ baseUrl: api.base }).send({ url: '/', timeout_ms: 100 })).rejects.toMatchObject({
      code: 'timeout',
    })
  })

  it('a refresh that takes longer than the caller wants to wait ends in timeout for that caller', async () => {
    const it_ = world({ baseUrl: 'http://127.0.0.1:1' })
    it_.parts.tokens.fresh = () => new Promise(() => {})
    await expect(it_.send({ url: '/', timeout_ms: 50 })).rejects.toMatchObject({ code: 'timeout' })
  })

  it('a caller who goes away ends the request', async () => {
    const gone = new AbortController()
    const api = await startServer(() => gone.abort())
    const sent = world({ baseUrl: api.base }).send({ url: '/' }, { kind: 'owner', signal: gone.signal })
    await expect(sent).rejects.toMatchObject({ code: 'timeout' })
  })

  it.each([
    ['plain', {}],
    ['packed', { 'content-encoding': 'gzip' }],
  ])('an answer over 25 MB is too_large (%s)', async (name, headers) => {
    const big = Buffer.alloc(25_000_001)
    const api = await startServer((_, response) =>
      response.writeHead(200, headers).end(name === 'plain' ? big : gzipSync(big)),
    )
    await expect(world({ baseUrl: api.base }).send({ url: '/' })).rejects.toMatchObject({ code: 'too_large' })
  })

  it('an API that is not there, or hangs up, is provider_unreachable', async () => {
    const api = await startServer((_, response) => response.destroy())
    await expect(world({ baseUrl: api.base }).send({ url: '/?s=SECRET' })).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: `${api.host} cannot be reached: it closed the connection.`,
    })
    const host = await closedPort()
    await expect(world({ baseUrl: `http://${host}` }).send({ url: '/?s=SECRET' })).rejects.toMatchObject({
      code: 'provider_unreachable',
      message: `${host} cannot be reached: it refused the connection.`,
    })
  })

  it('a damaged packed answer is provider_error', async () => {
    const api = await startServer((_, response) =>
      response.writeHead(200, { 'content-encoding': 'gzip' }).end('no gzip'),
    )
    await expect(world({ baseUrl: api.base }).send({ url: '/' })).rejects.toMatchObject({ code: 'provider_error' })
  })
})

describe('redirects', () => {
  it('inside the policy are followed, and signed at each hop', async () => {
    const api = await startServer((request, response) => {
      if (request.url === '/end') response.end('here')
      else response.writeHead(303, { location: '/end#part' }).end()
    })
    const answer = await world({ baseUrl: api.base }).send({ method: 'POST', url: '/', body: 'x' })
    expect(answer).toMatchObject({ status: 200, body: 'here', url: `${api.base}/end` })
    expect(api.received[1]).toMatchObject({ method: 'GET', body: '', headers: { authorization: 'Bearer first-token' } })
  })

  it('in a circle end in provider_error', async () => {
    const api = await startServer((_, response) => response.writeHead(302, { location: '/' }).end())
    await expect(world({ baseUrl: api.base }).send({ url: '/' })).rejects.toMatchObject({ code: 'provider_error' })
    expect(api.received).toHaveLength(6)
  })
})

it('a thousand requests at once are all answered', async () => {
  const api = await echo()
  const { send } = world({ baseUrl: api.base })
  const answers = await Promise.all(Array.from({ length: 1000 }, () => send({ url: '/' })))
  expect(answers.filter((it) => it.status === 200)).toHaveLength(1000)
})
