import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it.each(['/', '/x', '#', '@evil.example'])('[F1] an iss that differs by “%s” is another issuer', async (more) => {
  const { answer, finish } = await victim()
  const url = await answer()
  url.searchParams.set('iss', `${url.searchParams.get('iss')}${more}`)
  expect(await refusal(finish(url))).toMatchObject({ failure: 'issuer_mismatch' })
})

it('[F1] an iss that nobody promised still has to be the right one (RFC 9207 2.4)', async () => {
  const { server, answer, finish } = await victim({
    metadata: { authorization_response_iss_parameter_supported: false },
  })
  const url = await answer()
  url.searchParams.set('iss', 'https://evil.example')
  expect(await refusal(finish(url))).toMatchObject({ failure: 'issuer_mismatch' })
  expect(server.tokenRequests).toEqual([])
})

it('[F1] an answer without iss is taken from a server that never promised one', async () => {
  const { answer, finish } = await victim({ metadata: { authorization_response_iss_parameter_supported: undefined } })
  const url = await answer()
  url.searchParams.delete('iss')
  expect((await finish(url)).identity).toMatchObject({ subject: 'ada' })
})
