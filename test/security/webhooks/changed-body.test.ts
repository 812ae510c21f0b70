import { expect, it } from 'vitest'
import { fromGithub, fromSlack, fromStripe, world } from '../../integration/webhooks/world.ts'

it.each(['github', 'slack', 'stripe'])('[D6] a body that was changed after %s signed it is refused', async (preset) => {
  const { save, send, clock, deliveries } = await world()
  const { id } = await save({ preset })
  const body = '{"id":"1","amount":1}'
  const headers =
    preset === 'github'
      ? fromGithub(body)
      : preset === 'slack'
        ? fromSlack(body, clock.now())
        : fromStripe(body, clock.now())
  for (const changed of ['{"id":"1","amount":9}', `${body} `, '']) {
    expect((await send(`/hooks/${id}`, headers, changed)).status).toBe(401)
  }
  expect(deliveries()).toEqual([])
})
