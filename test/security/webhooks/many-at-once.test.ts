import { expect, it } from 'vitest'
import { fromGithub, world } from '../../integration/webhooks/world.ts'

it('[D6] one delivery that arrives twenty times at the same moment is stored and announced once', async () => {
  const { save, send, deliveries, announced } = await world()
  const { id } = await save({ preset: 'github' })
  const body = '{"number":1}'
  const answers = await Promise.all(Array.from({ length: 20 }, () => send(`/hooks/${id}`, fromGithub(body), body)))
  expect(answers.every(({ status }) => status === 200)).toBe(true)
  expect(answers.filter(({ text }) => text === 'Received.')).toHaveLength(1)
  expect(deliveries()).toHaveLength(1)
  expect(announced()).toHaveLength(1)
})
