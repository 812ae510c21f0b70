import http from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { raw } from '../api/world.ts'
import { read, startProxy, startUpstream } from './world.ts'

const echo = () =>
  startUpstream(async (request, response) => {
    const body = await read(request)
    response.setHeader('content-type', 'application/json')
    response.end(JSON.stringify({ method: request.method, url: request.url, headers: request.headers, body }))
  })

describe('a request through the proxy', () => {
  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD'])('[A6] is sent with %s', async (method) => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: `${upstream.base}/v1` })
    const answer = await world.call(method, world.path('me?x=1'), { body: method === 'POST' ? 'hi' : undefined })
    expect(answer.status).toBe(200)
    if (method === 'HEAD') expect(answer.text).toBe('')
    else expect(answer.json).toMatchObject({ method, url: '/v1/me?x=1', body: method === 'POST' ? 'hi' : '' })
    expect(upstream.requests[0]).toMatchObject({ method, url: '/v1/me?x=1' })
  })

  it('[A7] carries the account’s authorization, and the caller’s own headers besides', async () => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: upstream.base })
    const { json } = await world.call('GET', world.path('me'), {
      headers: { 'X-Mine': 'yes', accept: 'text/x', 'user-agent': 'mine' },
    })
    expect(json.headers).toMatchObject({
      authorization: 'Bearer first-token',
      host: upstream.host,
      'x-mine': 'yes',
      accept: 'text/x',
      'user-agent': 'mine',
    })
    expect(json.headers).not.toHaveProperty('accept-encoding')
    expect(JSON.stringify(json)).not.toContain(world.key)
  })

  it('carries the credential where the provider wants it', async () => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: upstream.base, header: { name: 'X-Token', prefix: 'token=' } })
    const { json } = await world.call('GET', world.path('me'), { headers: { 'x-token': 'mine' } })
    expect(json.headers['x-token']).toBe('token=first-token')
    expect(json.headers).not.toHaveProperty('authorization')
  })

  it('carries it in the query where that is its only place, and never tells of it', async () => {
    const upstream = await startUpstream((request, response) => {
      if (request.url?.startsWith('/old')) response.writeHead(302, { location: `/new?a=1&key=first-token` }).end()
      else response.end(request.url)
    })
    const world = await startProxy({ baseUrl: upstream.base, queryParameter: 'key' })
    expect((await world.call('GET', world.path('me?key=mine&a=1'))).text).toBe('/me?a=1&key=first-token')
    expect((await world.call('GET', world.path('me'))).text).toBe('/me?key=first-token')
    expect((await world.call('GET', world.path('old'))).headers.location).toBe(`${world.proxy}new?a=1`)
    expect(JSON.stringify(world.uses)).not.toContain('first-token')
  })

  it('[D8] stands below the base URL, or names a whole one, in the spellings that programs send', async () => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: `${upstream.base}/v1` })
    const at = async (target: string) => (await world.call('GET', world.path(target))).json?.url
    expect(await at('')).toBe('/v1/')
    expect(await at('?q=%2F')).toBe('/v1/?q=%2F')
    expect(await at('/me')).toBe('/v1/me')
    expect(await at('users:batch?id=a:b')).toBe('/v1/users:batch?id=a:b')
    expect(await at('a%2Fb/c%20d?e=%C3%BC&f=..')).toBe('/v1/a%2Fb/c%20d?e=%C3%BC&f=..')
    expect(await at(`${upstream.base}/other?x=1`)).toBe('/other?x=1')
    expect(await at(`http:/${upstream.host}/other`)).toBe('/other')
    expect(await at(encodeURIComponent(`${upstream.base}/a%2Fb?x=1&y=2`))).toBe('/a%2Fb?x=1&y=2')
    expect(await at(`${encodeURIComponent(`${upstream.base}`)}/a%2Fb?x=1`)).toBe('/a%2Fb?x=1')
    const { json } = await world.call('GET', '/v1/accounts/test%3Aada/proxy?x=1')
    expect(json.url).toBe('/v1/?x=1')
  })

  it('wants a whole URL where the provider has no base URL', async () => {
    const upstream = await echo()
    const world = await startProxy({ hosts: [upstream.host], privateNetwork: true })
    expect((await world.call('GET', world.path('me'))).json.error).toMatchObject({
      code: 'invalid_request',
      field: 'url',
    })
    expect((await world.call('GET', world.path(`${upstream.base}/me`))).json.url).toBe('/me')
  })

  it('goes over the socket as over HTTP', async () => {
    const upstream = await startUpstream((_, response) => response.writeHead(302, { location: '/next' }).end())
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await world.call('GET', world.path('me'), { socket: true })
    expect(answer.headers.location).toBe('http://localhost/v1/accounts/acc_1/proxy/next')
  })

  it('keeps a length a length and chunks chunks, also when nothing is in them', async () => {
    const upstream = await startUpstream(async (request, response) => {
      const { 'content-length': length = null, 'transfer-encoding': coding = null } = request.headers
      const body = await read(request)
      response.end(JSON.stringify([length, coding, body.length]))
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const send = async (headers: Record<string, string>, body: string) =>
      (await world.call('POST', world.path('x'), { headers, body })).json
    expect(await send({}, 'hi')).toEqual(['2', null, 2])
    expect(await send({}, 'x'.repeat(100_000))).toEqual(['100000', null, 100_000])
    expect(await send({ 'transfer-encoding': 'chunked' }, 'hi')).toEqual([null, 'chunked', 2])
    expect((await world.call('POST', world.path('x'), { headers: { 'content-length': '0' } })).json).toEqual([
      '0',
      null,
      0,
    ])
  })

  it('is answered on a connection that is used again', async () => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: upstream.base })
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 })
    onTestFinished(() => agent.destroy())
    const get = () =>
      new Promise((resolve, reject) => {
        const headers = { authorization: `Bearer ${world.key}` }
        http
          .get(`${world.proxy}x`, { agent, headers }, (answer) => {
            const { localPort } = answer.socket
            answer.resume().on('end', () => resolve(localPort))
          })
          .on('error', reject)
      })
    expect(await get()).toBe(await get())
    expect(upstream.connections).toBe(1)
  })

  it('is noted once, with what went through and without its query', async () => {
    const upstream = await startUpstream(async (request, response) => {
      await read(request)
      response.writeHead(201).end('12345')
    })
    const world = await startProxy({ baseUrl: upstream.base })
    await world.call('POST', world.path('me?q=PRIVATE'), { body: 'abc', headers: { 'user-agent': 'latchkey-cli/1' } })
    const [use] = await world.used(1)
    expect(use).toMatchObject({
      right: 'request',
      method: 'POST',
      status: 201,
      bytesSent: 3,
      bytesReceived: 5,
      refreshed: false,
      caller: { kind: 'cli' },
      summary: `POST ${upstream.host}/me: 201 Created`,
    })
    expect(use?.error).toBeUndefined()
    expect(world.uses).toHaveLength(1)
  })

  it('sees a registration that was changed', async () => {
    const first = await echo()
    const second = await echo()
    const world = await startProxy({ baseUrl: first.base })
    await world.call('GET', world.path('me'))
    world.settings.baseUrl = second.base
    world.events.emit({ type: 'registration', registration_id: 'reg_1' })
    await world.call('GET', world.path('me'))
    expect([first.requests.length, second.requests.length]).toEqual([1, 1])
  })
})

describe('a request that is refused', () => {
  it('names the account that is not there', async () => {
    const world = await startProxy({ baseUrl: 'https://api.test' })
    const answer = await world.call('GET', '/v1/accounts/nobody/proxy/me')
    expect(answer).toMatchObject({ status: 404, json: { error: { code: 'not_found' } } })
    expect(world.uses).toHaveLength(0)
  })

  it('touches no token, and is noted', async () => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: upstream.base, may: ({ method }) => method !== 'DELETE' })
    const elsewhere = await world.call('POST', world.path('https://evil.test/me?q=1'), { body: 'abc' })
    expect(elsewhere).toMatchObject({ status: 403, json: { error: { code: 'destination_not_allowed' } } })
    const denied = await world.call('DELETE', world.path('me'))
    expect(denied).toMatchObject({ status: 403, json: { error: { code: 'forbidden' } } })
    expect(denied.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    expect(world.asked).toEqual([])
    expect(upstream.requests).toHaveLength(0)
    expect(world.uses.map(({ error, status }) => [error, status])).toEqual([
      ['destination_not_allowed', undefined],
      ['forbidden', undefined],
    ])
  })

  it('needs a key, and no JSON', async () => {
    const upstream = await echo()
    const world = await startProxy({ baseUrl: upstream.base })
    expect((await world.call('POST', world.path('me'), { key: null, body: 'x' })).status).toBe(401)
    const form = { headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: 'a=1' }
    expect((await world.call('POST', world.path('me'), form)).json.body).toBe('a=1')
    expect((await world.call('OPTIONS', world.path('me'))).status).toBe(405)
  })

  it('says that the other side is not there', async () => {
    const upstream = await startUpstream((request) => request.socket.destroy())
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await world.call('GET', world.path('me'))
    expect(answer).toMatchObject({ status: 502, json: { error: { code: 'provider_unreachable' } } })
    expect(world.uses).toMatchObject([{ error: 'provider_unreachable' }])
  })

  it('says that an upgrade is not possible', async () => {
    const world = await startProxy({ baseUrl: 'https://api.test' })
    const [, port] = world.host.split(':')
    const ask = (upgrade: string) =>
      raw(
        { host: '127.0.0.1', port: Number(port) },
        `GET ${world.path('x')} HTTP/1.1\r\nHost: ${world.host}\r\nConnection: Upgrade, close\r\nUpgrade: ${upgrade}\r\n\r\n`,
      )
    expect(await ask('websocket')).toMatch(/^HTTP\/1\.1 501 [\s\S]*WebSockets/)
  })
})
