import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

const page = '<!doctype html><title>Welcome</title>Accept the terms to go online'

it('a captive portal’s page in place of the token answer is named as that', async () => {
  const { server, answer, finish } = await victim()
  server.next({ status: 200, headers: { 'content-type': 'text/html' }, body: page })
  const failure = await refusal(finish(await answer()))
  expect(failure).toMatchObject({ failure: 'invalid_answer', message: expect.stringContaining('page of the network') })
  expect(failure.remedy).toContain('sign-in of its own')
})

it('a captive portal’s redirect in place of the token answer is not followed', async () => {
  const { server, answer, finish } = await victim()
  server.next({ status: 302, headers: { location: `${server.issuer}/api/me` }, body: page })
  expect((await refusal(finish(await answer()))).failure).toMatch(/provider_error|invalid_answer/)
  expect(server.api.judged).toEqual([])
})
