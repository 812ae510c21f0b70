import { expect, it } from 'vitest'
import { createDeferred } from '../../../electron/redirects/deferred.ts'
import { ok, refusal, requesting } from './support.ts'

it('[G3] a permission does not outlive its time, not even while a token is on its way', async () => {
  const asked = createDeferred<void>()
  const answered = createDeferred<void>()
  let slow = false
  const { app, api, send, clock } = await requesting(ok, {
    fresh: async () => {
      asked.resolve()
      if (slow) await answered.promise
      return undefined as never
    },
  })
  const until = new Date(clock.now() + 60_000).toISOString()
  const { caller } = await app([{ rights: ['request'], until }])
  slow = true
  const late = send(caller, { url: '/v1' })
  await asked.promise
  clock.advance(60_000)
  answered.resolve()
  await expect(late).rejects.toMatchObject({ code: 'forbidden' })
  slow = false
  await expect(send(caller, { url: '/v1' })).rejects.toMatchObject({ code: 'forbidden' })
  expect(api.received).toEqual([])
})

it('[F11] an app does not outlive its own', async () => {
  const { app, pairing, clock } = await requesting(ok)
  const { key } = await app([], 'Backup', { expires_at: new Date(clock.now() + 1000).toISOString() })
  pairing.authenticate(key)
  clock.advance(1000)
  expect(refusal(() => pairing.authenticate(key)).code).toBe('unauthenticated')
})
