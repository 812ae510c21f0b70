import { expect, it } from 'vitest'
import { signInAsPerson } from '../../doubles/person.ts'
import { askedForTokens, redirectUri, refusal, victim } from './support.ts'

it('[F1] a code of an honest provider does not go to a dishonest one that has the person sent there (RFC 9207)', async () => {
  const honest = await victim()
  const dishonest = await victim()
  // The dishonest provider's sign-in page sends the browser on to the honest one, in the same client's name.
  const detour = new URL(honest.pending.authorizationUrl)
  detour.searchParams.set('state', dishonest.pending.state)
  const answer = await signInAsPerson(detour.href, redirectUri)
  expect(answer.searchParams.get('state')).toBe(dishonest.pending.state)
  expect(await refusal(dishonest.finish(answer))).toMatchObject({ failure: 'issuer_mismatch' })
  expect(askedForTokens(dishonest.server)).toBe(false)
})
