import { expect, it } from 'vitest'
import { altered, refusal, unsigned, victim } from './support.ts'

type Edit = (claims: Record<string, unknown>) => Record<string, unknown>

it.each<[string, Edit, string]>([
  ['another issuer', (it) => ({ ...it, iss: 'https://evil.example' }), 'issuer_mismatch'],
  ['another audience', (it) => ({ ...it, aud: 'another-client' }), 'invalid_answer'],
  [
    'several audiences without azp',
    (it) => ({ ...it, aud: ['strict-client', 'another'], azp: 'another' }),
    'invalid_answer',
  ],
  ['another nonce', (it) => ({ ...it, nonce: 'x'.repeat(43) }), 'invalid_answer'],
  ['no nonce', ({ nonce: _, ...it }) => it, 'invalid_answer'],
  ['an end in the past', (it) => ({ ...it, exp: 1_000_000_000 }), 'invalid_answer'],
  ['no subject', ({ sub: _, ...it }) => it, 'invalid_answer'],
])('[F1] an ID token with %s', async (_what, change, expected) => {
  const { server, answer, finish } = await victim()
  server.next({ edit: (it) => ({ ...it, id_token: altered(String(it.id_token), change) }) })
  expect(await refusal(finish(await answer()))).toMatchObject({ failure: expected })
})

it('[F1] an ID token that nobody signed', async () => {
  const { server, answer, finish, pending } = await victim()
  const now = Math.floor(Date.now() / 1000)
  const claims = {
    iss: server.issuer,
    aud: server.clientId,
    sub: 'mallory',
    iat: now,
    exp: now + 60,
    nonce: pending.nonce,
  }
  server.next({ edit: (it) => ({ ...it, id_token: unsigned(claims) }) })
  expect(await refusal(finish(await answer()))).toMatchObject({ failure: 'invalid_answer' })
})

it('[F1] no ID token although one was asked for', async () => {
  const { server, answer, finish } = await victim()
  server.next({ edit: ({ id_token: _, ...it }) => it })
  expect(await refusal(finish(await answer()))).toMatchObject({ failure: 'invalid_answer' })
})
