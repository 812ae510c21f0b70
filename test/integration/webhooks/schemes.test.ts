import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { describe, expect, it } from 'vitest'
import type { WebhookSettings } from '../../../shared/contract-webhooks.ts'
import { webhookSettingsSchema } from '../../../shared/contract-webhooks.ts'
import { startHttpServer } from '../network/support.ts'
import { hmac, secret, world } from './world.ts'

const settings = (verification: unknown, more: Record<string, unknown> = {}): WebhookSettings =>
  webhookSettingsSchema.parse({ verification, ...more })
const json = { 'content-type': 'application/json' }

describe('signatures', () => {
  it.each(
    (['sha1', 'sha256', 'sha512'] as const).flatMap((algorithm) =>
      (['hex', 'base64'] as const).flatMap((encoding) =>
        ['', `${algorithm}=`].map((prefix) => [algorithm, encoding, prefix] as const),
      ),
    ),
  )('[D6] HMAC with %s in %s behind “%s”', async (algorithm, encoding, prefix) => {
    const { save, send, counts } = await world()
    const { id } = await save({
      settings: settings({ kind: 'hmac', algorithm, encoding, header: 'X-Signature', prefix }),
    })
    const body = '{"münze":1}'
    const good = `${prefix}${hmac(body, encoding, algorithm)}`
    expect((await send(`/hooks/${id}`, { ...json, 'x-signature': good }, body)).status).toBe(200)
    for (const bad of [good.slice(0, -4), `${prefix}${hmac('other', encoding, algorithm)}`, `x${good}`, '', prefix]) {
      expect((await send(`/hooks/${id}`, { ...json, 'x-signature': bad }, body)).status).toBe(401)
    }
    expect(counts()).toEqual([{ accepted: 1, refused: 5 }])
  })

  it('[D6] several in one header, of a header, a time and the body, with a key in base64 (Standard Webhooks)', async () => {
    const { save, send, clock, deliveries } = await world()
    const key = Buffer.from('0123456789abcdef01234567')
    const { id } = await save({
      secret: `whsec_${key.toString('base64')}`,
      settings: settings(
        {
          kind: 'hmac',
          algorithm: 'sha256',
          encoding: 'base64',
          header: 'webhook-signature',
          separator: ' ',
          prefix: 'v1,',
          signed: '{header:webhook-id}.{timestamp}.{body}',
          timestamp: { header: 'webhook-timestamp' },
          tolerance: 300,
          secret_encoding: 'base64',
        },
        { parser: { event_type: ['{body:type}'], time: ['{body:at}'] } },
      ),
    })
    const timestamp = String(clock.now() / 1000)
    const body = '{"type":"user.created","at":"2026-01-01T00:00:00+01:00"}'
    const signature = hmac(`msg_1.${timestamp}.${body}`, 'base64', 'sha256', key)
    const headers = {
      ...json,
      'webhook-id': 'msg_1',
      'webhook-timestamp': timestamp,
      'webhook-signature': `v1,${hmac('x', 'base64')} v1,${signature}`,
    }
    expect((await send(`/hooks/${id}`, headers, body)).status).toBe(200)
    expect(deliveries()).toMatchObject([{ event_type: 'user.created', occurred_at: '2025-12-31T23:00:00.000Z' }])
    const { 'webhook-id': _, ...without } = headers
    expect((await send(`/hooks/${id}`, without, body)).status).toBe(401)
  })

  it('a body that is no text is kept as it came', async () => {
    const { save, webhooks, deliveries } = await world()
    const { id } = await save({ settings: settings({ kind: 'token', header: 'X-Token' }) })
    const body = Buffer.from([0xff, 0xfe, 0x00, 0x80])
    const query = new URLSearchParams()
    const reply = await webhooks.receive(id, { method: 'POST', query, headers: { 'x-token': secret }, body })
    expect(reply.status).toBe(200)
    expect(webhooks.delivery(deliveries()[0]?.id ?? '')).toMatchObject({
      body: null,
      body_base64: body.toString('base64'),
    })
  })
})

describe('shared tokens', () => {
  it('[D6] in a header, perhaps behind a prefix', async () => {
    const { save, send } = await world()
    const { id } = await save({ settings: settings({ kind: 'token', header: 'Authorization', prefix: 'Bearer ' }) })
    expect((await send(`/hooks/${id}`, { authorization: `Bearer ${secret}` }, 'a')).status).toBe(200)
    for (const value of [secret, `bearer ${secret}`, `Bearer ${secret}x`, 'Bearer ']) {
      expect((await send(`/hooks/${id}`, { authorization: value }, 'b')).status).toBe(401)
    }
  })

  it('[D6] a challenge that has to bring the token itself (WebSub) is answered to GET', async () => {
    const { save, send } = await world()
    const { id } = await save({
      settings: settings(
        { kind: 'hmac', algorithm: 'sha256', encoding: 'hex', header: 'X-Hub-Signature-256', prefix: 'sha256=' },
        { challenge: { kind: 'query', parameter: 'hub.challenge', token: 'hub.verify_token' } },
      ),
    })
    const ask = (token: string) =>
      `/hooks/${id}?${new URLSearchParams({ 'hub.challenge': '1158', 'hub.verify_token': token })}`
    expect(await send(ask(secret), {}, '', 'GET')).toMatchObject({ status: 200, text: '1158' })
    expect(await send(ask('guessed'), {}, '', 'GET')).toMatchObject({ status: 405 })
    expect(await send(ask('guessed'))).toMatchObject({ status: 401 })
  })
})

describe('JWT', () => {
  async function issuer() {
    const { publicKey, privateKey } = await generateKeyPair('RS256')
    let answer = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: 'k1', alg: 'RS256' }] })
    const server = await startHttpServer((_, response) =>
      answer === '' ? response.writeHead(503).end() : response.writeHead(200, json).end(answer),
    )
    return {
      server,
      privateKey,
      jwks_uri: `http://127.0.0.1:${server.port}/keys`,
      goDown: () => {
        answer = ''
      },
    }
  }
  const sign = (key: CryptoKey, now: number, claims: Record<string, unknown> = {}, kid = 'k1') =>
    new SignJWT({ email: 'push@example.com', ...claims })
      .setProtectedHeader({ alg: 'RS256', kid })
      .setIssuer('https://accounts.example.com')
      .setAudience('latchkey')
      .setIssuedAt(now / 1000)
      .setExpirationTime(now / 1000 + 60)
      .sign(key)

  it('[D6] is verified against the issuer’s key set, with issuer, audience, expiry and claims', async () => {
    const { save, send, clock, counts } = await world()
    const { privateKey, jwks_uri, server } = await issuer()
    const verification = { kind: 'jwt', jwks_uri, issuer: 'https://accounts.example.com', audience: 'latchkey' }
    const { id } = await save({
      secret: undefined,
      settings: settings({ ...verification, claims: { email: 'push@example.com' } }),
    })
    const deliver = async (token: string, body: string) =>
      (await send(`/hooks/${id}`, { ...json, authorization: `Bearer ${token}` }, body)).status
    const now = clock.now()
    expect(await deliver(await sign(privateKey, now), '1')).toBe(200)
    const stranger = (await generateKeyPair('RS256')).privateKey
    expect(await deliver(await sign(stranger, now), '2')).toBe(401)
    expect(await deliver(await sign(stranger, now, {}, 'k2'), '2')).toBe(401)
    expect(await deliver(await sign(privateKey, now, { email: 'other@example.com' }), '3')).toBe(401)
    expect(await deliver(await sign(privateKey, now, { iss: 'x' }).then((it) => `${it}x`), '4')).toBe(401)
    clock.advance(10 * 60_000)
    expect(await deliver(await sign(privateKey, now), '5')).toBe(401)
    expect(counts()).toEqual([{ accepted: 1, refused: 5 }])
    // However many bring keys that nobody knows, the issuer is asked once in a while only.
    expect(server.received).toHaveLength(1)
  })

  it('[D6] keys that cannot be had now are no reason to refuse: the sender shall try again', async () => {
    const { save, send, clock, counts } = await world()
    const { privateKey, jwks_uri, goDown } = await issuer()
    goDown()
    const { id } = await save({
      secret: undefined,
      settings: settings({ kind: 'jwt', jwks_uri, issuer: 'https://accounts.example.com', audience: 'latchkey' }),
    })
    const answer = await send(`/hooks/${id}`, { authorization: `Bearer ${await sign(privateKey, clock.now())}` }, '1')
    expect(answer).toMatchObject({ status: 503, headers: { 'retry-after': '30' } })
    expect(counts()).toEqual([{ accepted: 0, refused: 0 }])
  })
})
