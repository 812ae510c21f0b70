import { expect, it } from 'vitest'
import { askedForTokens, refusal, victim } from './support.ts'

it('[F1] a token put into the answer of a sign-in that asked for a code is not taken', async () => {
  const { server, answer, finish } = await victim()
  const url = await answer()
  url.searchParams.delete('code')
  url.searchParams.set('access_token', 'mallory-s-own-token')
  url.searchParams.set('token_type', 'Bearer')
  expect(await refusal(finish(url))).toMatchObject({ failure: 'invalid_answer' })
  expect(askedForTokens(server)).toBe(false)
})
