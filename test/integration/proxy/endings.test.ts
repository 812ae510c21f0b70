import { once } from 'node:events'
import http from 'node:http'
import net from 'node:net'
import { describe, expect, it } from 'vitest'
import { app, hostAndPort, raw } from '../api/world.ts'
import { type ProxyWorld, startBytes, startProxy, startUpstream } from './world.ts'

const open = (world: ProxyWorld, method: string, target: string, headers: Record<string, string> = {}) =>
  http.request({
    ...hostAndPort(world.host),
    agent: false,
    method,
    path: world.path(target),
    headers: { authorization: `Bearer ${world.key}`, ...headers },
  })

describe('a request that ends before its time', () => {
  it('is given up upstream at once when the caller goes away before the answer', async () => {
    let gone = (_: unknown) => {}
    const wentAway = new Promise((resolve) => {
      gone = resolve
    })
    let arrived = (_: unknown) => {}
    const came = new Promise((resolve) => {
      arrived = resolve
    })
    const upstream = await startUpstream((request, response) => {
      response.on('close', () => gone(response.writableFinished))
      arrived(request.url)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const request = open(world, 'GET', 'slow').on('error', () => {})
    request.end()
    await came
    request.destroy()
    expect(await wentAway).toBe(false)
    expect(await world.used(1)).toMatchObject([{ error: 'cancelled', bytesReceived: 0 }])
    expect(world.uses).toHaveLength(1)
  })

  it('is given up upstream when the caller goes away while sending', async () => {
    let gone = (_: unknown) => {}
    const wentAway = new Promise((resolve) => {
      gone = resolve
    })
    let got = () => {}
    const began = new Promise<void>((resolve) => {
      got = resolve
    })
    const upstream = await startUpstream((request) => {
      request.once('data', () => got())
      request.on('error', () => {})
      request.on('close', () => gone(request.complete))
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const request = open(world, 'PUT', 'big', { 'content-length': '1000000' }).on('error', () => {})
    request.write(Buffer.alloc(100_000))
    await began
    request.destroy()
    expect(await wentAway).toBe(false)
    expect(await world.used(1)).toMatchObject([{ error: 'cancelled', bytesSent: 100_000 }])
  })

  it('is noted as cancelled when the caller goes away inside a short body', async () => {
    const upstream = await startUpstream((_, response) => response.end())
    let began = () => {}
    const asked = new Promise<void>((resolve) => {
      began = resolve
    })
    const world = await startProxy({ baseUrl: upstream.base, onFresh: () => began() })
    const request = open(world, 'POST', 'x', { 'content-length': '10' }).on('error', () => {})
    request.write('abc')
    await asked
    request.destroy()
    expect(await world.used(1)).toMatchObject([{ error: 'cancelled' }])
    expect(upstream.requests).toHaveLength(0)
    expect(world.logged).toEqual([])
  })

  it.each([
    ['a length', 'Content-Length: 100\r\n\r\npart'],
    ['chunks', 'Transfer-Encoding: chunked\r\n\r\n4\r\npart\r\n'],
  ])('is never taken for whole when the other side breaks off a body with %s', async (_, rest) => {
    const upstream = await startBytes((socket, sofar) => {
      if (!sofar.endsWith('\r\n\r\n')) return
      socket.write(`HTTP/1.1 200 OK\r\n${rest}`, () => socket.destroy())
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await fetch(`${world.proxy}x`, { headers: { authorization: `Bearer ${world.key}` } })
    await expect(answer.text()).rejects.toThrow()
    expect(await world.used(1)).toMatchObject([{ status: 200, error: 'provider_unreachable', bytesReceived: 4 }])
  })

  it('is never taken for whole by who reads until the connection ends', async () => {
    const upstream = await startBytes((socket, sofar) => {
      if (!sofar.endsWith('\r\n\r\n')) return
      socket.write('HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\npart\r\n', () => socket.destroy())
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const { port } = hostAndPort(world.host)
    const get = `GET ${world.path('x')} HTTP/1.0\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.key}\r\n\r\n`
    await expect(raw({ host: '127.0.0.1', port }, get)).rejects.toMatchObject({ code: 'ECONNRESET' })
  })

  it('ends when the access of the app is taken back', async () => {
    let gone = (_: unknown) => {}
    const wentAway = new Promise((resolve) => {
      gone = resolve
    })
    const upstream = await startUpstream((_, response) => {
      response.write('begun')
      response.on('close', () => gone(response.writableFinished))
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await fetch(`${world.proxy}x`, { headers: { authorization: `Bearer ${world.apps.key}` } })
    world.events.emit({ type: 'app', app_id: app.id, state: 'revoked' })
    await expect(answer.text()).rejects.toThrow()
    expect(await wentAway).toBe(false)
    expect(await world.used(1)).toMatchObject([{ status: 200, error: 'unauthenticated', caller: { kind: 'app' } }])
    expect(world.apps.listeners).toBe(0)
  })

  it('lets the answer through to who is still sending', async () => {
    const upstream = await startUpstream((_, response) => {
      response.writeHead(413, { connection: 'close' }).end('too much')
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const request = open(world, 'POST', 'big', { 'content-length': '300000' })
    request.write(Buffer.alloc(100_000))
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    expect(answer.statusCode).toBe(413)
    // The connection is as good as before once the rest has come.
    request.end(Buffer.alloc(200_000))
    const parts: Buffer[] = []
    for await (const part of answer) parts.push(part as Buffer)
    expect(Buffer.concat(parts).toString()).toBe('too much')
  })

  it('lets a refusal through to who is still sending', async () => {
    const world = await startProxy({ baseUrl: 'https://api.test' })
    const request = open(world, 'POST', 'https://evil.test/x', { 'content-length': '300000' })
    request.write(Buffer.alloc(100_000))
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    expect(answer.statusCode).toBe(403)
    request.end(Buffer.alloc(200_000))
    answer.resume()
    await once(answer, 'end')
  })
})

describe('the time of a request', () => {
  it('is not limited while bytes move, up and down', async () => {
    const upstream = await startUpstream((request, response) => {
      response.flushHeaders()
      request.pipe(response)
    })
    const world = await startProxy({ baseUrl: upstream.base, idleLimit: 250, limits: { requestTimeout: 100 } })
    const request = open(world, 'POST', 'slow', { 'transfer-encoding': 'chunked' })
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>
    let sent = 0
    const timer = setInterval(() => {
      sent += 1
      if (sent < 10) request.write('x')
      else {
        clearInterval(timer)
        request.end('x')
      }
    }, 60)
    const [answer] = await answered
    let text = ''
    for await (const part of answer) text += part
    expect(text).toBe('xxxxxxxxxx')
  })

  it('ends when nothing moves before the answer', async () => {
    const upstream = await startUpstream(() => {})
    const world = await startProxy({ baseUrl: upstream.base, idleLimit: 100 })
    const answer = await world.call('GET', world.path('x'))
    expect(answer).toMatchObject({ status: 504, json: { error: { code: 'timeout' } } })
    expect(await world.used(1)).toMatchObject([{ error: 'timeout' }])
  })

  it('ends when nothing moves inside the answer', async () => {
    const upstream = await startUpstream((_, response) => void response.write('begun'))
    const world = await startProxy({ baseUrl: upstream.base, idleLimit: 100 })
    const answer = await fetch(`${world.proxy}x`, { headers: { authorization: `Bearer ${world.key}` } })
    await expect(answer.text()).rejects.toThrow()
    expect(await world.used(1)).toMatchObject([{ status: 200, error: 'timeout' }])
  })

  it.each(['10', '100000'])('ends when a body of %s bytes does not come', async (length) => {
    const upstream = await startUpstream((request) => request.resume())
    const world = await startProxy({ baseUrl: upstream.base, idleLimit: 100 })
    const request = open(world, 'POST', 'x', { 'content-length': length })
    request.write('abc')
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    expect(answer.statusCode).toBe(504)
    answer.resume()
    request.on('error', () => {}).destroy()
  })

  it('stays limited for every other call', async () => {
    const world = await startProxy({ baseUrl: 'https://api.test', limits: { requestTimeout: 100 } })
    const { port } = hostAndPort(world.host)
    const head = `POST /v1/connect HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.key}\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{`
    expect(await raw({ host: '127.0.0.1', port }, head)).toMatch(/^HTTP\/1\.1 408 [\s\S]*"timeout"/)
  })
})

describe('Expect: 100-continue', () => {
  /** Sends the head, then what `next` says once something has come back. Resolves with everything that came. */
  function expecting(world: ProxyWorld, target: string, next: string, key = world.key): Promise<string> {
    return new Promise((resolve, reject) => {
      const socket = net.connect(hostAndPort(world.host))
      let all = ''
      socket.setEncoding('latin1')
      socket.on('data', (part: string) => {
        if (all === '' && part.startsWith('HTTP/1.1 100')) socket.write(next)
        all += part
        if (/HTTP\/1\.1 [2-5]/.test(all)) socket.end()
      })
      socket.on('close', () => resolve(all))
      socket.on('error', reject)
      socket.write(
        `POST ${target} HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${key}\r\nContent-Length: 5\r\n` +
          'Content-Type: application/json\r\nExpect: 100-continue\r\n\r\n',
      )
    })
  }

  it('is met when the request may be sent', async () => {
    let body = ''
    const upstream = await startUpstream(async (request, response) => {
      for await (const part of request) body += part
      response.end('done')
    })
    const world = await startProxy({ baseUrl: upstream.base })
    expect(await expecting(world, world.path('x'), '"abc"')).toMatch(
      /^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 OK/,
    )
    expect(body).toBe('"abc"')
    expect(upstream.requests[0]?.headers).not.toHaveProperty('expect')
  })

  it('is not met when it may not', async () => {
    const world = await startProxy({ baseUrl: 'https://api.test', may: ({ url }) => url.pathname !== '/denied' })
    const refusals = [
      await expecting(world, world.path('x'), '', 'wrong'),
      await expecting(world, world.path('https://evil.test/x'), ''),
      await expecting(world, world.path('denied'), ''),
      await expecting(world, '/v1/accounts/nobody/proxy/x', ''),
    ]
    expect(refusals.map((text) => text.slice(9, 12))).toEqual(['401', '403', '403', '404'])
    expect(world.asked).toEqual([])
  })

  it('is not met without a token', async () => {
    const onFresh = () => Promise.reject(Object.assign(new Error('no token')))
    const world = await startProxy({ baseUrl: 'https://api.test', onFresh })
    expect(await expecting(world, world.path('x'), '')).toMatch(/^HTTP\/1\.1 500/)
  })

  it('is met by every other call too', async () => {
    const world = await startProxy({ baseUrl: 'https://api.test' })
    expect(await expecting(world, '/v1/connect', '{   }')).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 4/)
  })
})
