import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it('[D6] an endpoint that is switched off answers as one that never was', async () => {
  const { save, send } = await world()
  const on = await save({ preset: 'github' })
  const off = await save({ preset: 'github', enabled: false })
  const answers = await Promise.all(
    [off.id, 'hook_0000000000000000'].map((id) => send(`/hooks/${id}`, fromGithub('{}'), '{}')),
  )
  expect(answers.map(({ status, text }) => [status, text])).toEqual([
    [404, 'There is no such endpoint.'],
    [404, 'There is no such endpoint.'],
  ])
  expect((await send(`/hooks/${on.id}`, fromGithub('{}'), '{}')).status).toBe(200)
})
