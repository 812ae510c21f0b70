import { gzipSync } from 'node:zlib'
import * as oauth from 'openid-client'
import { describe, expect, it } from 'vitest'
import { createNetwork } from '../../../electron/platform/network.ts'
import { closedPort, startServer } from './world.ts'

const fails = (work: Promise<unknown>) =>
  work.then(
    () => expect.unreachable('it should have failed'),
    (error: unknown) => error as Error & { code: string },
  )

describe('requests of Latchkey’s own', () => {
  it('answer with a standard Response, unpacked, with its URL', async () => {
    const api = await startServer((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json', 'content-encoding': 'gzip' })
        .end(gzipSync('{"a":1}')),
    )
    const answer = await createNetwork().fetch(`${api.base}/x`, {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'refresh_token' }),
      headers: { accept: 'application/json' },
    })
    expect(answer).toBeInstanceOf(Response)
    expect(answer.url).toBe(`${api.base}/x`)
    expect(answer.headers.get('content-encoding')).toBeNull()
    expect(await answer.json()).toEqual({ a: 1 })
    expect(api.received[0]).toMatchObject({
      method: 'POST',
      body: 'grant_type=refresh_token',
      headers: { 'user-agent': 'Latchkey', accept: 'application/json' },
    })
    expect(api.received[0]?.headers['content-type']).toContain('application/x-www-form-urlencoded')
  })

  it('serve openid-client', async () => {
    const api = await startServer((_, response) =>
      response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ issuer: api.base, token_endpoint: `${api.base}/token` })),
    )
    const { fetch } = createNetwork()
    const found = await oauth.discovery(new URL(api.base), 'client', undefined, oauth.None(), {
      execute: [oauth.allowInsecureRequests],
      [oauth.customFetch]: (url, init) => fetch(url, init as RequestInit),
    })
    expect(found.serverMetadata().token_endpoint).toBe(`${api.base}/token`)
  })

  it('never follow a redirect on their own', async () => {
    const api = await startServer((_, response) => response.writeHead(307, { location: '/elsewhere' }).end())
    const answer = await createNetwork().fetch(api.base, { method: 'POST', body: 'code=1' })
    expect(answer.status).toBe(307)
    expect(answer.headers.get('location')).toBe('/elsewhere')
    expect(api.received).toHaveLength(1)
  })

  it('take an answer without a body', async () => {
    const api = await startServer((_, response) => response.writeHead(204).end())
    expect((await createNetwork().fetch(api.base)).status).toBe(204)
  })
})

describe('trouble on the way is named, without path or query', () => {
  it('too much', async () => {
    const api = await startServer((_, response) => response.end(Buffer.alloc(2000)))
    const error = await fails(createNetwork({ maxBytes: 1000 }).fetch(`${api.base}/?code=SECRET`))
    expect(error).toMatchObject({ code: 'too_large', message: `The answer of ${api.host} is larger than 1000 bytes.` })
  })

  it('too much after unpacking', async () => {
    const bomb = gzipSync(Buffer.alloc(1_000_000))
    const api = await startServer((_, response) => response.writeHead(200, { 'content-encoding': 'gzip' }).end(bomb))
    expect(await fails(createNetwork({ maxBytes: 10_000 }).fetch(api.base))).toMatchObject({ code: 'too_large' })
  })

  it.each(['before the answer', 'inside the answer'])('too slow %s', async (when) => {
    const api = await startServer((_, response) => {
      if (when === 'inside the answer') response.write('begun')
    })
    const error = await fails(createNetwork({ timeoutMs: 80 }).fetch(`${api.base}/?code=SECRET`))
    expect(error).toMatchObject({ code: 'timeout', message: `${api.host} did not answer within 80 ms.` })
  })

  it('refused', async () => {
    const host = await closedPort()
    const error = await fails(createNetwork().fetch(`http://${host}/p?code=SECRET`))
    expect(error).toMatchObject({
      code: 'provider_unreachable',
      message: `${host} cannot be reached: it refused the connection.`,
    })
  })

  it('no such name', async () => {
    const error = await fails(createNetwork().fetch('https://nobody.invalid/p?code=SECRET'))
    expect(error.code).toBe('provider_unreachable')
    expect(error.message).toMatch(/^nobody\.invalid cannot be reached: its name could not be .*\(DNS\)\.$/)
  })

  it('no TLS', async () => {
    const api = await startServer((_, response) => response.end())
    const error = await fails(createNetwork().fetch(`https://${api.host}/?code=SECRET`))
    expect(error.code).toBe('provider_unreachable')
    expect(error.message).toContain('(TLS')
    expect(error.message).not.toContain('SECRET')
  })

  it('hung up', async () => {
    const api = await startServer((_, response) => response.destroy())
    const error = await fails(createNetwork().fetch(`${api.base}/?code=SECRET`))
    expect(error.message).toBe(`${api.host} cannot be reached: it closed the connection.`)
  })

  it('no URL', async () => {
    const error = await fails(createNetwork().fetch('not a url SECRET'))
    expect(error.message).not.toContain('SECRET')
  })

  it('cancelled by its caller', async () => {
    const stop = new AbortController()
    const api = await startServer(() => stop.abort())
    const error = await fails(createNetwork().fetch(api.base, { signal: stop.signal }))
    expect(error.message).toBe(`The request to ${api.host} was cancelled.`)
  })
})
