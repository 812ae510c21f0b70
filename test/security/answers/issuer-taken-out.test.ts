import { expect, it } from 'vitest'
import { askedForTokens, refusal, victim } from './support.ts'

it('[F1] an answer without iss is refused where the server promises one (RFC 9207 2.4)', async () => {
  const { server, answer, finish } = await victim()
  const url = await answer()
  url.searchParams.delete('iss')
  expect(await refusal(finish(url))).toMatchObject({ failure: 'issuer_mismatch' })
  expect(askedForTokens(server)).toBe(false)
})
