import { describe, expect, it } from 'vitest'
import { pairing, pairingSecret, startWorld } from './world.ts'

const asked = { name: 'Backup', purpose: 'Copies the mail.', wants: [{ account: 'mail', rights: ['request'] }] }

describe.each([
  ['HTTP', false],
  ['the socket', true],
])('[F11] pairing over %s', (_, socket) => {
  it('needs no key: asks, and looks with the secret', async () => {
    const world = await startWorld()
    const headers = { 'user-agent': 'backup/1.0' }
    const answer = await world.call('POST', '/v1/pair', { socket, key: null, headers, body: asked })
    expect([answer.status, answer.json]).toEqual([201, { ...pairing, secret: pairingSecret }])
    expect(answer.headers.location).toBe('/v1/pair/ask_1')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(world.apps.pairings).toMatchObject([
      { input: { name: 'Backup', wants: [{ account: 'mail', rights: ['request'], hosts: [], path_prefix: null }] } },
    ])
    const { origin } = world.apps.pairings[0] ?? {}
    expect([origin?.transport, origin?.userAgent]).toEqual([socket ? 'socket' : 'http', 'backup/1.0'])
    const look = await world.call('GET', '/v1/pair/ask_1', { socket, key: pairingSecret })
    expect([look.status, look.json]).toEqual([200, pairing])
    expect(world.logged.join()).not.toContain(pairingSecret)
  })
})

describe('[F11] pairing', () => {
  it.each([
    ['no name', { purpose: 'x' }, 'name'],
    ['an empty name', { name: ' ', purpose: 'x' }, 'name'],
    ['a name that is too long', { name: 'x'.repeat(81), purpose: 'x' }, 'name'],
    ['an unknown field', { ...asked, key: 'mine' }, 'key'],
    ['an unknown right', { ...asked, wants: [{ rights: ['everything'] }] }, 'wants.0.rights.0'],
    ['no right', { ...asked, wants: [{ rights: [] }] }, 'wants.0.rights'],
    ['too many wishes', { ...asked, wants: Array(21).fill({ rights: ['see'] }) }, 'wants'],
  ])('with %s is refused, by the field’s name', async (_, body, field) => {
    const world = await startWorld()
    const answer = await world.call('POST', '/v1/pair', { key: null, body })
    expect([answer.status, answer.json.error.code, answer.json.error.field]).toEqual([400, 'invalid_request', field])
    expect(world.apps.pairings).toEqual([])
  })

  it('a wrong id and a wrong secret are the same', async () => {
    const world = await startWorld()
    const wrongSecret = await world.call('GET', '/v1/pair/ask_1', { key: 'x'.repeat(43) })
    const wrongId = await world.call('GET', '/v1/pair/ask_2', { key: pairingSecret })
    const none = await world.call('GET', '/v1/pair/ask_1', { key: null })
    expect(wrongSecret.status).toBe(404)
    expect([wrongId.status, wrongId.text]).toEqual([404, wrongSecret.text])
    expect([none.status, none.text]).toEqual([404, wrongSecret.text])
  })
})
