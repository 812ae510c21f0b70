import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it('[D6] a flood of forged deliveries fills neither the log nor the counters, and what is genuine still gets in', async () => {
  const { save, send, counts, activity, clock } = await world({ limits: { refusals: 5 } })
  const { id } = await save({ preset: 'github' })
  const forged = { ...fromGithub('{}'), 'x-hub-signature-256': 'sha256=00' }
  const statuses: number[] = []
  for (let number = 0; number < 12; number += 1) statuses.push((await send(`/hooks/${id}`, forged, '{}')).status)
  expect(statuses).toEqual([401, 401, 401, 401, 401, 429, 429, 429, 429, 429, 429, 429])
  expect((await send(`/hooks/${id}`, fromGithub('{"a":1}'), '{"a":1}')).status).toBe(200)
  expect(counts()).toEqual([{ accepted: 1, refused: 5 }])
  expect(activity.list({ limit: 100 }).filter(({ summary }) => summary.includes('refused'))).toHaveLength(1)
  clock.advance(60_000)
  expect((await send(`/hooks/${id}`, forged, '{}')).status).toBe(401)
})

it('[D6] more deliveries than an endpoint can have in a minute are put off', async () => {
  const { save, send } = await world({ limits: { deliveries: 2 } })
  const { id } = await save({ preset: 'github' })
  const deliver = (body: string) => send(`/hooks/${id}`, fromGithub(body), body)
  await deliver('{"a":1}')
  await deliver('{"a":2}')
  expect(await deliver('{"a":3}')).toMatchObject({ status: 429, headers: { 'retry-after': '60' } })
})
