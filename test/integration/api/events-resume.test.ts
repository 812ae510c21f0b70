import { describe, expect, it } from 'vitest'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { openStream } from './stream.ts'
import { startWorld } from './world.ts'

const activity = (id: number): LatchkeyEvent => ({ type: 'activity', activity_id: id })
const ids = (stream: { events(): { data: unknown }[] }) =>
  stream.events().map(({ data }) => (data as { activity_id?: number }).activity_id)
const back = (id: string | null) => ({ headers: { 'last-event-id': id ?? '' } })

describe.each([
  ['HTTP', false],
  ['the socket', true],
])('[F10] an event stream over %s', (_, socket) => {
  it('says first when to come back, and each event has an id', async () => {
    const world = await startWorld()
    const stream = await openStream(world, '/v1/events', { socket })
    await expect.poll(stream.text).toMatch(/^retry: 2000\nid: [0-9a-f]{12}-0\n: connected\n\n$/)
    world.emit(activity(1))
    world.emit(activity(2))
    await expect.poll(() => stream.events().map((it) => it.id?.split('-')[1])).toEqual(['1', '2'])
  })

  it('a reader who comes back gets what it missed, once and in order, and then what happens', async () => {
    const world = await startWorld()
    const first = await openStream(world, '/v1/events', { socket })
    world.emit(activity(1))
    await expect.poll(() => ids(first)).toEqual([1])
    first.close()
    world.emit(activity(2))
    world.emit(activity(3))
    const second = await openStream(world, '/v1/events', { socket, ...back(first.position()) })
    await expect.poll(() => ids(second)).toEqual([2, 3])
    world.emit(activity(4))
    await expect.poll(() => ids(second)).toEqual([2, 3, 4])
    expect(second.events().map((it) => it.id?.split('-')[1])).toEqual(['2', '3', '4'])
  })
})

describe('[F10] coming back to a stream', () => {
  it('works before any event was seen', async () => {
    const world = await startWorld()
    const first = await openStream(world)
    await expect.poll(first.position).not.toBeNull()
    first.close()
    world.emit(activity(1))
    const second = await openStream(world, '/v1/events', back(first.position()))
    await expect.poll(() => ids(second)).toEqual([1])
  })

  it('brings nothing twice when nothing was missed', async () => {
    const world = await startWorld()
    world.emit(activity(1))
    const first = await openStream(world)
    await expect.poll(first.position).toMatch(/-1$/)
    const second = await openStream(world, '/v1/events', back(first.position()))
    world.emit(activity(2))
    await expect.poll(() => ids(second)).toEqual([2])
  })

  it('after 1,000 events still brings all, after more a reset', async () => {
    const world = await startWorld()
    const first = await openStream(world)
    await expect.poll(first.position).not.toBeNull()
    for (let id = 1; id <= 1000; id++) world.emit(activity(id))
    const inTime = await openStream(world, '/v1/events', back(first.position()))
    await expect.poll(() => ids(inTime).length).toBe(1000)
    expect([ids(inTime)[0], ids(inTime)[999]]).toEqual([1, 1000])
    // Far enough that the list of what is kept has been cut in between.
    for (let id = 1001; id <= 2500; id++) world.emit(activity(id))
    const late = await openStream(world, '/v1/events', back(first.position()))
    await expect.poll(() => late.events()).toHaveLength(1)
    expect(late.events()[0]).toMatchObject({ event: 'reset', data: { type: 'reset' } })
    world.emit(activity(2501))
    await expect.poll(() => ids(late)).toEqual([undefined, 2501])
    const near = await openStream(world, '/v1/events', back(late.position()?.replace(/-\d+$/, '-1501') ?? null))
    await expect.poll(() => ids(near).length).toBe(1000)
    expect(ids(near)[0]).toBe(1502)
  })

  it.each([
    ['of another start', '000000000000-1'],
    ['from the future', 'BOOT-99'],
    ['that is no id', 'nonsense'],
    ['twice', 'BOOT-1, BOOT-1'],
    ['that is empty', ''],
  ])('with an id %s brings a reset', async (_, id) => {
    const world = await startWorld()
    world.emit(activity(1))
    world.emit(activity(2))
    const first = await openStream(world)
    await expect.poll(first.position).not.toBeNull()
    const boot = first.position()?.split('-')[0] ?? ''
    const second = await openStream(world, '/v1/events', back(id.replaceAll('BOOT', boot)))
    await expect.poll(() => second.events().map((it) => it.event)).toEqual(['reset'])
    expect(second.position()).toBe(`${boot}-2`)
  })

  it('works for the page, too', async () => {
    const world = await startWorld({ page: { 'index.html': '' } })
    const link = world.api.oneTimeLink().split('#link=')[1]
    const own = { 'sec-fetch-site': 'same-origin', origin: world.api.http }
    const session = await world.call('POST', '/page/session', { key: null, headers: own, body: { link } })
    const headers = { ...own, cookie: session.headers['set-cookie']?.[0]?.split(';')[0] ?? '' }
    const key = session.json.key
    const first = await openStream(world, '/page/events', { key, headers })
    await expect.poll(first.position).toMatch(/-0$/)
    first.close()
    world.emit(activity(1))
    const position = { 'last-event-id': first.position() ?? '' }
    const second = await openStream(world, '/page/events', { key, headers: { ...headers, ...position } })
    await expect.poll(() => ids(second)).toEqual([1])
  })
})
