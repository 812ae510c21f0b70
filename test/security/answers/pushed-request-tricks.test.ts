import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it('[F5] a pushed request is not sent without TLS', async () => {
  const endpoint = { pushed_authorization_request_endpoint: 'http://provider.example/par' }
  const failure = await refusal(victim({ par: true, metadata: endpoint }))
  expect(failure).toMatchObject({ failure: 'provider_error', message: expect.stringContaining('not https') })
})

it('[F5] a server that wants pushed requests but has no place for them is named', async () => {
  const endpoint = { pushed_authorization_request_endpoint: undefined }
  const failure = await refusal(victim({ par: true, metadata: endpoint }))
  expect(failure).toMatchObject({ failure: 'provider_error', message: expect.stringContaining('pushed authorization') })
})

it('[F5] what was pushed does not stand in the address as well', async () => {
  const { pending } = await victim({ par: true })
  expect([...new URL(pending.authorizationUrl).searchParams.keys()].sort()).toEqual(['client_id', 'request_uri'])
})
