import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it('[F5] a server that wants a new nonce each time is asked twice and no more', async () => {
  const { server, answer, finish } = await victim({ dpop: true }, { dpop: 'required' })
  server.always({ status: 400, headers: { 'dpop-nonce': 'again' }, body: { error: 'use_dpop_nonce' } })
  expect((await refusal(finish(await answer()))).message).toContain('use_dpop_nonce')
  expect(server.tokenRequests).toHaveLength(2)
})
