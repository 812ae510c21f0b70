import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it('[F5] a token that is not bound to the key is refused where it has to be (RFC 9449 5)', async () => {
  const { server, answer, finish } = await victim({ dpop: true }, { dpop: 'required' })
  // The first request is answered with the nonce alone.
  const unbound = { edit: (it: Record<string, unknown>) => (it.access_token ? { ...it, token_type: 'Bearer' } : it) }
  server.always(unbound)
  const failure = await refusal(finish(await answer()))
  expect(failure).toMatchObject({ failure: 'invalid_answer', message: expect.stringContaining('DPoP') })
})

it('[F5] a token that is bound to a key that nobody has is refused', async () => {
  const { server, answer, finish } = await victim()
  server.next({ edit: (it) => ({ ...it, token_type: 'DPoP' }) })
  const failure = await refusal(finish(await answer()))
  expect(failure).toMatchObject({ failure: 'invalid_answer', remedy: expect.stringContaining('DPoP on') })
})
