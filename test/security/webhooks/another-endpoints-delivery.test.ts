import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it('[D6] a delivery for one endpoint is none for another with a secret of its own', async () => {
  const { save, send, counts, clock } = await world()
  const one = await save({ preset: 'github' })
  clock.advance(1000)
  const other = await save({ preset: 'github', secret: 'another secret' })
  const body = '{"number":1}'
  expect((await send(`/hooks/${one.id}`, fromGithub(body), body)).status).toBe(200)
  expect((await send(`/hooks/${other.id}`, fromGithub(body), body)).status).toBe(401)
  expect(counts()).toEqual([
    { accepted: 1, refused: 0 },
    { accepted: 0, refused: 1 },
  ])
})
