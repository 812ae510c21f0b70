import { expect, it } from 'vitest'
import { fromSlack, fromStripe, world } from '../../integration/webhooks/world.ts'

it.each(['slack', 'stripe'])(
  '[D6] a delivery of %s that is sent again after the tolerance is refused',
  async (preset) => {
    const { save, send, clock, counts } = await world()
    const { id } = await save({ preset })
    const body = '{"id":"1","event_id":"1"}'
    const from = preset === 'slack' ? fromSlack : fromStripe
    const recorded = from(body, clock.now())
    clock.advance(300_000)
    expect((await send(`/hooks/${id}`, recorded, body)).status).toBe(200)
    clock.advance(1000)
    expect((await send(`/hooks/${id}`, recorded, body)).status).toBe(401)
    const early = '{"id":"2","event_id":"2"}'
    expect((await send(`/hooks/${id}`, from(early, clock.now() + 301_000), early)).status).toBe(401)
    expect(counts()).toEqual([{ accepted: 1, refused: 2 }])
  },
)
