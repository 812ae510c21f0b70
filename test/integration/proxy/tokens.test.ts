import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { newDpopKey } from '../../../electron/oauth/dpop.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { read, startProxy, startUpstream } from './world.ts'

/** Answers 401 to everything but this token. */
const strict = (good: string, challenge: string | null = 'Bearer error="invalid_token"') =>
  startUpstream(async (request, response) => {
    const body = await read(request)
    const fits = request.headers.authorization === `Bearer ${good}`
    if (!fits && challenge !== null) response.setHeader('www-authenticate', challenge)
    response.writeHead(fits ? 200 : 401).end(fits ? `${body.length}` : 'x'.repeat(1000))
  })

describe('a token that the API refuses', () => {
  it.each(['Bearer error="invalid_token"', null])(
    '[A8] is refreshed once and the request repeated (%s)',
    async (challenge) => {
      const upstream = await strict('second-token', challenge)
      const world = await startProxy({ baseUrl: upstream.base })
      const answer = await world.call('POST', world.path('x'), { body: 'again' })
      expect(answer).toMatchObject({ status: 200, text: '5' })
      expect(world.asked).toEqual([undefined, 'first-token'])
      expect(upstream.requests).toHaveLength(2)
      expect(world.uses).toMatchObject([{ status: 200, refreshed: true, bytesSent: 5, bytesReceived: 1 }])
    },
  )

  it('is refreshed once and not again', async () => {
    const upstream = await strict('never')
    const world = await startProxy({ baseUrl: upstream.base })
    const answer = await world.call('GET', world.path('x'))
    expect(answer).toMatchObject({ status: 401, text: 'x'.repeat(1000) })
    expect(world.asked).toEqual([undefined, 'first-token'])
  })

  it('is not refreshed for a 401 that says something else', async () => {
    const upstream = await strict('second-token', 'Bearer error="insufficient_scope"')
    const world = await startProxy({ baseUrl: upstream.base })
    expect((await world.call('GET', world.path('x'))).status).toBe(401)
    expect(world.asked).toEqual([undefined])
  })

  it('is the answer when there is no other token', async () => {
    const upstream = await strict('second-token')
    const world = await startProxy({ baseUrl: upstream.base, tokens: ['first-token'] })
    expect(await world.call('GET', world.path('x'))).toMatchObject({ status: 401, text: 'x'.repeat(1000) })
    expect(upstream.requests).toHaveLength(1)
  })

  it.each<[string, Record<string, string>]>([
    ['long', {}],
    ['of unknown length', { 'transfer-encoding': 'chunked' }],
  ])('is refreshed for the next request when the body is %s', async (_, headers) => {
    const upstream = await strict('second-token')
    const world = await startProxy({ baseUrl: upstream.base })
    const body = 'x'.repeat(100_000)
    expect((await world.call('POST', world.path('x'), { body, headers })).status).toBe(401)
    expect(upstream.requests).toHaveLength(1)
    expect(await world.call('POST', world.path('x'), { body, headers })).toMatchObject({ status: 200, text: '100000' })
  })

  it('asks for a sign-in when it cannot be refreshed', async () => {
    const upstream = await strict('second-token')
    let asked = 0
    const world = await startProxy({
      baseUrl: upstream.base,
      onFresh() {
        asked += 1
        if (asked > 1) throw new LatchkeyError('reauth_required', 'Sign in again.')
      },
    })
    expect(await world.call('GET', world.path('x'))).toMatchObject({
      status: 409,
      json: { error: { code: 'reauth_required' } },
    })
    expect(world.uses).toMatchObject([{ error: 'reauth_required' }])
  })
})

describe('a token that is bound to a key', () => {
  /** Wants a nonce in the proof (RFC 9449 9), and tells it. */
  const proving = () =>
    startUpstream(async (request, response) => {
      const body = await read(request)
      const proof = String(request.headers.dpop)
      const payload = JSON.parse(Buffer.from(proof.split('.')[1] ?? '', 'base64url').toString())
      if (payload.nonce !== 'n1') {
        const headers = { 'www-authenticate': 'DPoP error="use_dpop_nonce"', 'dpop-nonce': 'n1' }
        return response.writeHead(401, headers).end('nonce')
      }
      return response.end(`${request.headers.authorization} ${payload.htm} ${payload.htu} ${body.length}`)
    })

  it('goes with a proof, and a second time with the API’s nonce', async () => {
    const upstream = await proving()
    const world = await startProxy({ baseUrl: upstream.base, dpopKey: await newDpopKey({}) })
    const answer = await world.call('POST', world.path('x?q=1'), { body: 'abc', headers: { dpop: 'mine' } })
    expect(answer.text).toBe(`DPoP first-token POST ${upstream.base}/x 3`)
    expect(answer.headers).not.toHaveProperty('dpop-nonce')
    expect(upstream.requests).toHaveLength(2)
    await world.call('GET', world.path('y'))
    expect(upstream.requests).toHaveLength(3)
    expect(world.asked).toEqual([undefined, undefined])
  })

  it('goes as it is with a long body, and has the nonce the next time', async () => {
    const upstream = await proving()
    const world = await startProxy({ baseUrl: upstream.base, dpopKey: await newDpopKey({}) })
    const body = 'x'.repeat(100_000)
    expect(await world.call('POST', world.path('x'), { body })).toMatchObject({ status: 401, text: 'nonce' })
    expect((await world.call('POST', world.path('x'), { body })).text).toMatch(/ 100000$/)
    expect(upstream.requests).toHaveLength(2)
  })

  it('says that the other side is not there', async () => {
    const upstream = await startUpstream((request) => request.socket.destroy())
    const world = await startProxy({ baseUrl: upstream.base, dpopKey: await newDpopKey({}) })
    expect(await world.call('GET', world.path('x'))).toMatchObject({
      status: 502,
      json: { error: { code: 'provider_unreachable' } },
    })
  })
})

describe('many streams at once', () => {
  it('do not disturb each other when one is aborted', async () => {
    const size = 2_000_000
    const upstream = await startUpstream((request, response) => {
      response.writeHead(200, { 'content-length': size })
      request.pipe(response)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const chunk = Buffer.alloc(50_000, 'x')
    const stream = (index: number) =>
      new Promise<number>((resolve, reject) => {
        const request = http.request(
          `${world.proxy}${index}`,
          { method: 'POST', agent: false, headers: { authorization: `Bearer ${world.key}`, 'content-length': size } },
          (answer) => {
            let got = 0
            answer.on('data', (part: Buffer) => {
              got += part.length
              if (index === 7 && got > 200_000) request.destroy()
            })
            answer.on('error', reject)
            answer.on('end', () => resolve(got))
          },
        )
        request.on('error', reject)
        let sent = 0
        const more = () => {
          while (sent < size) {
            sent += chunk.length
            if (!request.write(chunk)) return void request.once('drain', more)
          }
          request.end()
        }
        more()
      })
    const results = await Promise.allSettled(Array.from({ length: 24 }, (_, index) => stream(index)))
    expect(results.filter(({ status }) => status === 'rejected')).toHaveLength(1)
    expect(results[7]?.status).toBe('rejected')
    expect(results.filter((it) => it.status === 'fulfilled' && it.value === size)).toHaveLength(23)
    const uses = await world.used(24)
    expect(uses.filter(({ error }) => error === 'cancelled')).toHaveLength(1)
    expect(uses).toHaveLength(24)
  })
})
