import { describe, expect, it } from 'vitest'
import { startWorld } from './world.ts'

const answered = {
  status: 200,
  status_text: 'OK',
  headers: {},
  body: 'b',
  body_base64: null,
  duration_ms: 1,
  refreshed: false,
  url: 'https://api.test/',
}
const handlers = { 'requests.send': () => answered, 'requests.send_to_host': () => answered }
const filled = { method: 'GET', headers: {}, timeout_ms: 60_000 }

describe('POST /v1/request', () => {
  it('[E19] without an account goes to the one that the host is bound to', async () => {
    const world = await startWorld({ handlers })
    const answer = await world.call('POST', '/v1/request', { body: { url: 'https://api.test/me' } })
    expect(answer.json).toEqual(answered)
    expect(world.calls.map((it) => [it.method, it.input])).toEqual([
      ['requests.send_to_host', { request: { ...filled, url: 'https://api.test/me' } }],
    ])
  })

  it('[C12] with an account goes to that', async () => {
    const world = await startWorld({ handlers })
    await world.call('POST', '/v1/request', { body: { account: 'mail', url: '/me' } })
    expect(world.calls.map((it) => [it.method, it.input])).toEqual([
      ['requests.send', { account: 'mail', request: { ...filled, url: '/me' } }],
    ])
  })

  it('[E19] names the field that is wrong as it was written', async () => {
    const world = await startWorld({ handlers })
    for (const body of [{ url: 5 }, { url: 5, account: 'mail' }]) {
      const answer = await world.call('POST', '/v1/request', { body })
      expect(answer.json.error).toMatchObject({ code: 'invalid_request', field: 'url' })
    }
    for (const account of ['', 5, null]) {
      const answer = await world.call('POST', '/v1/request', { body: { url: '/me', account } })
      expect(answer.json.error).toMatchObject({ code: 'invalid_request', field: 'account' })
    }
    expect(world.calls).toEqual([])
  })

  it('[E19] takes bodies up to 25 MB', async () => {
    const world = await startWorld({ handlers })
    const body = (size: number) => ({ url: '/me', method: 'POST', body: 'x'.repeat(size) })
    expect((await world.call('POST', '/v1/request', { body: body(1_000_001) })).status).toBe(200)
    expect((await world.call('POST', '/v1/request', { body: body(25_000_001) })).status).toBe(413)
  })
})
