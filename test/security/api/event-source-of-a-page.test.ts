import { expect, it } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'

it.each([
  ['of another site', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
  ['without an origin, as same-origin requests are', { 'sec-fetch-site': 'same-origin' }],
  ['of an old browser', { referer: 'https://evil.test/' }],
  ['of a page in a file', { origin: 'null' }],
])('[F10] an EventSource of a page, %s, is refused with every key and without', async (_, sent) => {
  const world = await startWorld()
  const headers = { accept: 'text/event-stream', 'last-event-id': '1', ...sent }
  for (const key of [null, world.key, world.apps.key]) {
    for (const target of ['/v1/events', `/v1/events?key=${world.apps.key}`]) {
      const answer = await world.call('GET', target, { key, headers })
      expect([answer.status, answer.json.error.code]).toEqual([403, 'forbidden'])
      expect(Object.keys(answer.headers).filter((name) => name.startsWith('access-control'))).toEqual([])
    }
  }
})
