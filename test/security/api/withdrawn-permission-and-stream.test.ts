import { describe, expect, it } from 'vitest'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { openStream } from '../../integration/api/stream.ts'
import { startWorld } from '../../integration/api/world.ts'

const of = (account: string): LatchkeyEvent => ({ type: 'account', account_id: account, state: 'active' })
const end: LatchkeyEvent = { type: 'vault', state: 'unlocked' }

/** A world in which an app sees the events of the accounts in `permitted`, and those of the vault. */
async function worldOf(permitted: Set<string>) {
  const world = await startWorld()
  world.apps.sees = (event, caller) =>
    caller.kind !== 'app' || event.type === 'vault' || (event.type === 'account' && permitted.has(event.account_id))
  return world
}
const accounts = (stream: { events(): { data: unknown }[] }) =>
  stream.events().map(({ data }) => (data as { account_id?: string }).account_id ?? 'end')

describe('[F11] an app whose permission is withdrawn', () => {
  it('is told nothing more on the stream that it has open', async () => {
    const permitted = new Set(['mail'])
    const world = await worldOf(permitted)
    const stream = await openStream(world, '/v1/events', { key: world.apps.key })
    world.emit(of('mail'))
    world.emit(of('other'))
    permitted.clear()
    world.emit(of('mail'))
    world.emit(end)
    await expect.poll(() => accounts(stream)).toEqual(['mail', 'end'])
    expect(stream.text()).not.toContain('other')
  })

  it('does not get what it missed, either', async () => {
    const permitted = new Set(['mail'])
    const world = await worldOf(permitted)
    const first = await openStream(world, '/v1/events', { key: world.apps.key })
    await expect.poll(first.position).not.toBeNull()
    first.close()
    world.emit(of('mail'))
    world.emit(end)
    permitted.clear()
    const headers = { 'last-event-id': first.position() ?? '' }
    const second = await openStream(world, '/v1/events', { key: world.apps.key, headers })
    await expect.poll(() => accounts(second)).toEqual(['end'])
    expect(second.text()).not.toContain('mail')
  })

  it('gets nothing while it cannot be judged what it may see', async () => {
    const world = await startWorld()
    let judged = false
    world.apps.sees = () => {
      if (judged) return true
      throw new Error('The vault is locked.')
    }
    const stream = await openStream(world, '/v1/events', { key: world.apps.key })
    world.emit(of('mail'))
    judged = true
    world.emit(end)
    await expect.poll(() => accounts(stream)).toEqual(['end'])
  })
})

it('[F10] one app cannot open so many streams that others get none', async () => {
  const world = await startWorld({ limits: { streamsPerApp: 2 } })
  const { key } = world.apps
  const open = [
    await openStream(world, '/v1/events', { key }),
    await openStream(world, '/v1/events', { key, socket: true }),
  ]
  const third = await world.call('GET', '/v1/events', { key })
  expect([third.status, third.json.error.code]).toEqual([429, 'rate_limited'])
  expect((await openStream(world)).status).toBe(200)
  open[0]?.close()
  await expect.poll(async () => (await openStream(world, '/v1/events', { key })).status).toBe(200)
})
