import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it('[F2] metadata that names another issuer is not believed (RFC 8414 3.3)', async () => {
  const work = victim({ metadata: { issuer: 'https://evil.example' } })
  expect(await refusal(work)).toMatchObject({ failure: 'issuer_mismatch' })
})

it('[F2] a token endpoint without TLS is not asked', async () => {
  const { answer, finish } = await victim({ metadata: { token_endpoint: 'http://provider.example/token' } })
  const failure = await refusal(finish(await answer()))
  expect(failure).toMatchObject({ failure: 'provider_error', message: expect.stringContaining('not https') })
})

it.each([
  'javascript:alert(1)',
  'file:///etc/passwd',
  'http://provider.example/auth',
  'https://user:pass@provider.example/',
])('[F2] nobody is sent to a sign-in page at %s', async (authorization_endpoint) => {
  const failure = await refusal(victim({ metadata: { authorization_endpoint } }))
  expect(failure.failure).toMatch(/provider_error|invalid_answer/)
})
