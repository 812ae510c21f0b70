import { expect, it } from 'vitest'
import { hostAndPort, raw, startWorld } from '../../integration/api/world.ts'

const asked = '{"name":"Innocent","purpose":"Nothing."}'

it.each([
  ['a form', 'application/x-www-form-urlencoded', 'name=Innocent&purpose=Nothing'],
  ['a form as text', 'text/plain', asked],
  ['a form of parts', 'multipart/form-data; boundary=x', '--x--'],
])('[F11] %s cannot ask to be paired', async (_, type, body) => {
  const world = await startWorld()
  const answer = await world.call('POST', '/v1/pair', { key: null, body, headers: { 'content-type': type } })
  expect([answer.status, answer.json.error.code]).toEqual([415, 'invalid_request'])
  expect(world.apps.pairings).toEqual([])
})

it.each([
  ['another site', { origin: 'https://evil.test' }],
  ['Latchkey’s own address', { origin: 'OWN' }],
  ['a browser', { 'sec-fetch-site': 'none' }],
  ['a rebound name', { host: 'evil.test' }],
])('[F11] a page of %s cannot ask to be paired, nor look', async (_, sent) => {
  const world = await startWorld()
  const headers = Object.fromEntries(
    Object.entries(sent).map(([name, value]) => [name, value.replace('OWN', world.api.http)]),
  )
  const answers = [
    await world.call('POST', '/v1/pair', { key: null, body: asked, headers }),
    await world.call('GET', '/v1/pair/ask_1', { headers }),
    await world.call('OPTIONS', '/v1/pair', { key: null, headers }),
  ]
  expect(answers.map((it) => it.status)).toEqual([403, 403, 405])
  expect(world.apps.pairings).toEqual([])
})

it('[F11] asking to be paired without a body, or with one that is too long, is refused', async () => {
  const world = await startWorld()
  expect((await world.call('POST', '/v1/pair', { key: null })).status).toBe(400)
  const body = { name: 'a', purpose: 'x'.repeat(200_000) }
  expect((await world.call('POST', '/v1/pair', { key: null, body })).status).toBe(413)
  const head = `POST /v1/pair HTTP/1.1\r\nHost: ${world.host}\r\nContent-Length: ${asked.length}\r\n\r\n${asked}`
  expect(await raw(hostAndPort(world.host), head)).toContain('HTTP/1.1 415')
  expect(world.apps.pairings).toEqual([])
})
