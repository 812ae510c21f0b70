import { generateKeyPairSync } from 'node:crypto'
import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

const pem = (key: import('node:crypto').KeyObject) => key.export({ type: 'pkcs8', format: 'pem' }).toString()

it('[F4] a key that is not the client’s is refused by the server, in words for the registration', async () => {
  const [own, other] = [1, 2].map(() => generateKeyPairSync('ec', { namedCurve: 'P-256' }))
  const { answer, finish } = await victim(
    { authentication: 'private_key_jwt', publicKey: own?.publicKey.export({ format: 'jwk' }) },
    {},
    { credentials: { privateKey: other ? pem(other.privateKey) : '' } },
  )
  const failure = await refusal(finish(await answer()))
  expect(failure.failure).toBe('invalid_client')
})

it('[F4] an assertion is for this server alone, ends within a minute, and is never the same twice', async () => {
  const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const { server, oauth, settings, answer, finish } = await victim(
    { authentication: 'private_key_jwt', publicKey: publicKey.export({ format: 'jwk' }) },
    {},
    { credentials: { privateKey: pem(privateKey) } },
  )
  const { tokens } = await finish(await answer())
  const first = claimsOf(server.last('token').parameters.client_assertion)
  await oauth.refresh(settings, tokens, { signal: new AbortController().signal })
  const second = claimsOf(server.last('token').parameters.client_assertion)
  expect(first).toMatchObject({ iss: server.clientId, sub: server.clientId, aud: server.issuer })
  expect(Number(first.exp) - Number(first.iat)).toBeLessThanOrEqual(60)
  expect(second.jti).not.toBe(first.jti)
})

it.each(['private_key_jwt', 'tls_client_auth', 'client_secret_jwt'] as const)(
  '[C6] %s without what it takes says so, and sends nothing',
  async (clientAuthentication) => {
    const failure = await refusal(victim({}, {}, { clientAuthentication }))
    expect(failure).toMatchObject({ failure: 'invalid_client', remedy: expect.stringContaining('registration') })
  },
)

function claimsOf(assertion: unknown): Record<string, unknown> {
  return JSON.parse(Buffer.from(String(assertion).split('.')[1] ?? '', 'base64url').toString())
}
