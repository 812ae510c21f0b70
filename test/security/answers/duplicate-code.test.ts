import { expect, it } from 'vitest'
import { askedForTokens, refusal, victim } from './support.ts'

it.each(['query', 'fragment'] as const)('[F1] two codes in the %s: neither is used', async (mode) => {
  const { server, answer, finish } = await victim({}, { authorization: { response_mode: mode } })
  const url = await answer()
  if (mode === 'query') url.searchParams.append('code', 'injected')
  else url.hash += '&code=injected'
  expect(await refusal(finish(url))).toMatchObject({ failure: 'duplicate_parameter' })
  expect(askedForTokens(server)).toBe(false)
})
