import { expect, it } from 'vitest'
import { pairingSecret, startWorld } from '../../integration/api/world.ts'

it('[F11] guessing the secret of a pairing is slowed down, and never holds up who has the right one', async () => {
  const world = await startWorld()
  const guess = (key: string | null, id = 'ask_1') => world.call('GET', `/v1/pair/${id}`, { key })
  for (let i = 0; i < 9; i++) expect((await guess(String(i).padStart(43, 'x'))).status).toBe(404)
  expect((await guess(null)).status).toBe(404)
  for (const answer of [await guess('y'.repeat(43)), await guess(null), await guess(pairingSecret, 'ask_2')]) {
    expect([answer.status, answer.json.error.code, answer.headers['retry-after']]).toEqual([429, 'rate_limited', '60'])
  }
  expect((await guess(pairingSecret)).status).toBe(200)
  // The same count as for keys: who guesses one cannot go on with the other.
  expect((await world.call('GET', '/v1/accounts', { key: 'wrong' })).status).toBe(429)
  world.clock.advance(60_000)
  expect((await guess('z'.repeat(43))).status).toBe(404)
})
