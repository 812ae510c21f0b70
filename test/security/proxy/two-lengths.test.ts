import { describe, expect, it } from 'vitest'
import { hostAndPort, raw } from '../../integration/api/world.ts'
import { startBytes, startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { lines } from './support.ts'

describe('a request whose length can be read in two ways reaches nobody (RFC 9112 6.1)', () => {
  it.each([
    ['a length and chunks', ['Content-Length: 6', 'Transfer-Encoding: chunked'], '0\r\n\r\nG'],
    ['two lengths', ['Content-Length: 6', 'Content-Length: 5'], 'abcdef'],
    ['chunks that are not the last coding', ['Transfer-Encoding: chunked, gzip'], '0\r\n\r\n'],
    ['chunks in disguise', ['Transfer-Encoding: \u000bchunked'], '0\r\n\r\n'],
    ['a length that is no number', ['Content-Length: +6'], 'abcdef'],
  ])('%s', async (_, headers, body) => {
    const upstream = await startUpstream((_request, response) => response.end())
    const world = await startProxy({ baseUrl: upstream.base })
    expect(await lines(world, `POST ${world.path('x')} HTTP/1.1`, headers, body)).toMatch(/^HTTP\/1\.1 400/)
    expect(upstream.requests).toHaveLength(0)
  })
})

it('a second request hidden in a body stays a body', async () => {
  const bodies: string[] = []
  const upstream = await startUpstream(async (request, response) => {
    let body = ''
    for await (const part of request) body += part
    bodies.push(`${request.url} ${body}`)
    response.end()
  })
  const world = await startProxy({ baseUrl: upstream.base })
  const hidden = 'GET /hidden HTTP/1.1\r\nHost: x\r\n\r\n'
  await lines(
    world,
    `POST ${world.path('x')} HTTP/1.1`,
    ['Transfer-Encoding: chunked'],
    `${hidden.length.toString(16)}\r\n${hidden}\r\n0\r\n\r\n`,
  )
  expect(bodies).toEqual([`/x ${hidden}`])
})

it('an answer whose length can be read in two ways is no answer', async () => {
  const upstream = await startBytes((socket, sofar) => {
    if (!sofar.endsWith('\r\n\r\n')) return
    const hidden = 'HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhidden'
    socket.write(
      `HTTP/1.1 200 OK\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\n0\r\n\r\n${hidden}`,
    )
  })
  const world = await startProxy({ baseUrl: upstream.base })
  const get = (last: string) =>
    `GET ${world.path('x')} HTTP/1.1\r\nHost: ${world.host}\r\nAuthorization: Bearer ${world.key}\r\n${last}\r\n`
  const all = await raw(hostAndPort(world.host), get('') + get('Connection: close\r\n'))
  expect(all).not.toContain('hidden')
  expect(all.match(/HTTP\/1\.1 502 [\s\S]*?"provider_error"/g)).toHaveLength(2)
})
