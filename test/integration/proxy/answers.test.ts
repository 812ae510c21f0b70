import http from 'node:http'
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { hostAndPort } from '../api/world.ts'
import { startBytes, startProxy, startUpstream } from './world.ts'

/** An answer with its raw headers, trailers and text. */
function whole(options: http.RequestOptions): Promise<http.IncomingMessage & { text: string }> {
  return new Promise((resolve, reject) => {
    http
      .get({ agent: false, ...options }, (answer) => {
        const parts: Buffer[] = []
        answer.on('data', (part: Buffer) => parts.push(part))
        answer.on('error', reject)
        answer.on('end', () => resolve(Object.assign(answer, { text: Buffer.concat(parts).toString() })))
      })
      .on('error', reject)
  })
}

describe('an answer through the proxy', () => {
  it('keeps status, its words, and its headers, and none that are about this origin or its connection', async () => {
    const upstream = await startUpstream((_, response) => {
      response.writeHead(299, 'Quite Fine', [
        ...['X-One', '1', 'x-two', 'a', 'x-two', 'b', 'ETag', '"v1"', 'Content-Type', 'text/html', 'Age', '3'],
        ...['Set-Cookie', 'a=1', 'Set-Cookie', 'b=2', 'Alt-Svc', 'h3=":443"', 'Strict-Transport-Security', 'max-age=1'],
        ...[
          'Access-Control-Allow-Origin',
          '*',
          'Clear-Site-Data',
          '"*"',
          'Public-Key-Pins',
          'x',
          'Cache-Control',
          'public',
        ],
        ...['Content-Security-Policy', "default-src 'self'", 'X-Gone', 'x', 'Connection', 'close, X-Gone'],
        ...['Content-Disposition', 'attachment; filename="Ã¼.txt"', 'Content-Length', '2'],
      ])
      // Bytes, so that node:http writes the head as Latin-1.
      response.end(Buffer.from('ok'))
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await whole({
      ...hostAndPort(world.host),
      path: world.path('x'),
      headers: { authorization: `Bearer ${world.key}` },
    })
    expect(answer).toMatchObject({ statusCode: 299, statusMessage: 'Quite Fine', text: 'ok' })
    expect(answer.headers).toMatchObject({
      'x-one': '1',
      'x-two': 'a, b',
      etag: '"v1"',
      age: '3',
      'content-type': 'text/html',
      'content-length': '2',
      'content-disposition': 'attachment; filename="Ã¼.txt"',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    for (const name of ['set-cookie', 'alt-svc', 'strict-transport-security', 'clear-site-data', 'x-gone']) {
      expect(answer.headers).not.toHaveProperty(name)
    }
    for (const name of ['access-control-allow-origin', 'public-key-pins'])
      expect(answer.headers).not.toHaveProperty(name)
    expect(answer.rawHeaders.filter((text) => text.toLowerCase() === 'x-two')).toHaveLength(2)
  })

  it('hands ranges, conditions and compression on untouched', async () => {
    const packed = gzipSync('hello')
    const upstream = await startUpstream((request, response) => {
      const { range, 'if-none-match': condition, 'accept-encoding': encoding } = request.headers
      if (condition === '"v1"') response.writeHead(304, { etag: '"v1"', 'content-length': '10' }).end()
      else if (range === 'bytes=2-3') {
        response.writeHead(206, { 'content-range': 'bytes 2-3/10', 'content-length': '2' }).end('cd')
      } else if (encoding === 'gzip') {
        response.writeHead(200, { 'content-encoding': 'gzip', 'content-length': packed.length }).end(packed)
      } else if (request.method === 'HEAD') response.writeHead(200, { 'content-length': '10' }).end()
      else response.writeHead(204, { 'x-one': '1' }).end()
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const ranged = await world.call('GET', world.path('x'), { headers: { range: 'bytes=2-3' } })
    expect(ranged).toMatchObject({ status: 206, text: 'cd', headers: { 'content-range': 'bytes 2-3/10' } })
    const unchanged = await world.call('GET', world.path('x'), { headers: { 'if-none-match': '"v1"' } })
    expect(unchanged).toMatchObject({ status: 304, text: '', headers: { etag: '"v1"' } })
    const zipped = await world.call('GET', world.path('x'), { headers: { 'accept-encoding': 'gzip' } })
    expect(zipped.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-length': String(packed.length) })
    const head = await world.call('HEAD', world.path('x'))
    expect(head).toMatchObject({ status: 200, text: '', headers: { 'content-length': '10' } })
    const nothing = await world.call('GET', world.path('x'))
    expect(nothing).toMatchObject({ status: 204, text: '', headers: { 'x-one': '1' } })
    expect(nothing.headers).not.toHaveProperty('content-length')
  })

  it('hands trailers on, announced or not', async () => {
    const upstream = await startUpstream((_, response) => {
      response.writeHead(200, { trailer: 'X-Sum' })
      response.write('body')
      response.addTrailers([
        ['X-Sum', 'abc'],
        ['Set-Cookie', 'a=1'],
      ] as never)
      response.end()
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await whole({
      ...hostAndPort(world.host),
      path: world.path('x'),
      headers: { authorization: `Bearer ${world.key}`, te: 'trailers' },
    })
    expect(answer.text).toBe('body')
    expect(answer.headers.trailer).toBe('X-Sum')
    expect(answer.trailers).toEqual({ 'x-sum': 'abc' })
    expect(upstream.requests[0]?.headers).not.toHaveProperty('te')
  })

  it('arrives as it is sent, event by event', async () => {
    let send: (text: string) => void = () => {}
    const upstream = await startUpstream((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.flushHeaders()
      send = (text) => response.write(text)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await fetch(`${world.proxy}stream`, { headers: { authorization: `Bearer ${world.key}` } })
    expect(answer.headers.get('content-type')).toBe('text/event-stream')
    const reader = answer.body?.pipeThrough(new TextDecoderStream()).getReader()
    send('data: 1\n\n')
    expect((await reader?.read())?.value).toBe('data: 1\n\n')
    send('data: 2\n\n')
    expect((await reader?.read())?.value).toBe('data: 2\n\n')
    await reader?.cancel()
    expect(await world.used(1)).toMatchObject([{ status: 200, error: 'cancelled', bytesReceived: 18 }])
  })

  it('takes no interim answer for the answer', async () => {
    const upstream = await startBytes((socket, sofar) => {
      if (!sofar.endsWith('\r\n\r\n')) return
      socket.write('HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok')
    })
    const world = await startProxy({ baseUrl: upstream.base })
    expect(await world.call('GET', world.path('x'))).toMatchObject({ status: 200, text: 'ok' })
  })

  it('leads redirects and pages back through the proxy where requests may go, and follows none', async () => {
    const upstream = await startUpstream((request, response) => {
      const { host } = request.headers
      if (request.url === '/v1/link') {
        response.setHeader('link', [
          `<http://${host}/v1/items?page=2>; rel="next"; title="<a>", <https://elsewhere.test/x>; rel="help"`,
          '</other?page=9>; rel="last"',
        ])
        response.setHeader('content-location', 'items/1')
        return response.end()
      }
      const to = decodeURIComponent(request.url?.split('to=')[1] ?? '')
      return response.writeHead(302, { location: to.replace('HOST', host ?? '') }).end()
    })
    const world = await startProxy({ baseUrl: `${upstream.base}/v1`, hosts: ['*.allowed.test'] })
    const { headers } = await world.call('GET', world.path('link'))
    expect(headers.link).toBe(
      `<${world.proxy}items?page=2>; rel="next"; title="<a>", <https://elsewhere.test/x>; rel="help", ` +
        `<${world.proxy}${upstream.base}/other?page=9>; rel="last"`,
    )
    expect(headers['content-location']).toBe(`${world.proxy}items/1`)
    const to = async (target: string) =>
      (await world.call('GET', world.path(`go?to=${encodeURIComponent(target)}`))).headers.location
    expect(await to('/v1/next?a=b#c')).toBe(`${world.proxy}next?a=b#c`)
    expect(await to('next')).toBe(`${world.proxy}next`)
    expect(await to('https://a.allowed.test/x?y=1')).toBe(`${world.proxy}https://a.allowed.test/x?y=1`)
    expect(await to('https://elsewhere.test/x')).toBe('https://elsewhere.test/x')
    expect(await to('https://user@a.allowed.test/x')).toBe('https://user@a.allowed.test/x')
    expect(upstream.requests).toHaveLength(6)
  })

  it('can be followed where it leads', async () => {
    const upstream = await startUpstream((request, response) => {
      if (request.url === '/v1/a') response.writeHead(307, { location: '/elsewhere/b' }).end()
      else response.end(`${request.url} ${request.headers.authorization}`)
    })
    const world = await startProxy({ baseUrl: `${upstream.base}/v1` })
    const answer = await fetch(`${world.proxy}a`, { headers: { authorization: `Bearer ${world.key}` } })
    expect(await answer.text()).toBe('/elsewhere/b Bearer first-token')
  })
})
