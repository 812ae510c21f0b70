import { exportJWK, generateKeyPair, SignJWT, UnsecuredJWT } from 'jose'
import { expect, it } from 'vitest'
import { webhookSettingsSchema } from '../../../shared/contract-webhooks.ts'
import { startHttpServer } from '../../integration/network/support.ts'
import { world } from '../../integration/webhooks/world.ts'

it('[D6] a JWT without a signature, or signed with the public key as a secret (RFC 8725 2.1), is refused', async () => {
  const { publicKey } = await generateKeyPair('RS256')
  const jwk = { ...(await exportJWK(publicKey)), kid: 'k1' }
  const server = await startHttpServer((_, response) =>
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify({ keys: [jwk] })),
  )
  const { save, send, clock, deliveries } = await world()
  const { id } = await save({
    secret: undefined,
    settings: webhookSettingsSchema.parse({
      verification: { kind: 'jwt', jwks_uri: `http://127.0.0.1:${server.port}/`, issuer: 'i', audience: 'a' },
    }),
  })
  const exp = Math.floor(clock.now() / 1000) + 60
  const claims = { iss: 'i', aud: 'a', exp }
  const asSecret = new TextEncoder().encode(JSON.stringify(jwk))
  const forged = [
    new UnsecuredJWT(claims).encode(),
    await new SignJWT(claims).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(asSecret),
    '',
    'a.b.c',
  ]
  for (const token of forged) {
    expect((await send(`/hooks/${id}`, { authorization: `Bearer ${token}` }, '1')).status).toBe(401)
  }
  expect(deliveries()).toEqual([])
})
