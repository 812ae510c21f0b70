import { once } from 'node:events'
import { expect, it } from 'vitest'
import { openStream } from '../../integration/api/stream.ts'
import { startWorld } from '../../integration/api/world.ts'

it('[F11] an app that is revoked loses its streams at once, and others keep theirs', async () => {
  const world = await startWorld()
  const own = await openStream(world, '/v1/events', { key: world.apps.key })
  const owners = await openStream(world)
  world.apps.revoke()
  world.emit({ type: 'app', app_id: 'app_1', state: 'revoked' })
  await own.ended
  world.emit({ type: 'activity', activity_id: 1 })
  await expect.poll(() => owners.events().map((it) => it.event)).toEqual(['app', 'activity'])
  expect(own.events()).toEqual([])
  const again = await world.call('GET', '/v1/events', { key: world.apps.key })
  expect([again.status, again.json.error.message]).toEqual([401, 'The access of Backup was taken back.'])
})

it('[F11] an app that expires loses its streams, too', async () => {
  const world = await startWorld()
  const own = await openStream(world, '/v1/events', { key: world.apps.key })
  world.emit({ type: 'app', app_id: 'app_2', state: 'expired' })
  world.emit({ type: 'app', app_id: 'app_1', state: 'expired' })
  await own.ended
  expect(own.events().map((it) => it.data)).toMatchObject([{ app_id: 'app_2' }, { app_id: 'app_1' }])
})

it('[F11] what a revoked app has under way is aborted', async () => {
  const world = await startWorld({
    handlers: {
      'accounts.refresh': async (_, { signal }) => {
        if (signal === undefined) throw new Error('There is no signal.')
        await once(signal, 'abort')
        throw signal.reason
      },
    },
  })
  const underWay = world.call('POST', '/v1/accounts/mail/refresh', { key: world.apps.key })
  await expect.poll(() => world.calls.length).toBe(1)
  world.apps.revoke()
  const answer = await underWay
  expect([answer.status, answer.json.error.code]).toEqual([401, 'unauthenticated'])
  await expect.poll(() => world.apps.listeners).toBe(0)
})

it('[F11] guessing keys of apps is slowed down, and never holds up who has the right one', async () => {
  const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
  const guess = (i: number) => world.call('GET', '/v1/accounts', { key: `lkapp_${String(i).padStart(43, 'x')}` })
  for (let i = 0; i < 10; i++) expect((await guess(i)).status).toBe(401)
  expect((await guess(10)).status).toBe(429)
  expect((await world.call('GET', '/v1/accounts', { key: world.apps.key })).status).toBe(200)
  world.apps.revoke()
  expect((await world.call('GET', '/v1/accounts', { key: world.apps.key })).status).toBe(429)
})
