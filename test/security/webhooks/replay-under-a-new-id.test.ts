import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it('[D6] a recorded delivery sent again under a new X-GitHub-Delivery, which no signature covers, is taken for the old one', async () => {
  const { save, send, deliveries, announced, clock } = await world()
  const { id } = await save({ preset: 'github' })
  const body = '{"action":"opened","number":1}'
  expect((await send(`/hooks/${id}`, fromGithub(body), body)).status).toBe(200)
  clock.advance(86_400_000)
  const again = await send(`/hooks/${id}`, fromGithub(body, { 'x-github-delivery': 'another' }), body)
  expect(again).toMatchObject({ status: 200, text: 'Received already.' })
  expect(deliveries()).toHaveLength(1)
  expect(announced()).toHaveLength(1)
})
