import { expect, it } from 'vitest'
import { fromSlack, fromStripe, world } from '../../integration/webhooks/world.ts'

it('[D6] a time that was made younger does not fit the signature', async () => {
  const { save, send, clock, deliveries } = await world()
  const slack = await save({ preset: 'slack' })
  const stripe = await save({ preset: 'stripe' })
  const old = clock.now() - 3_600_000
  const now = String(clock.now() / 1000)
  const body = '{"id":"1"}'
  const forSlack = { ...fromSlack(body, old), 'x-slack-request-timestamp': now }
  expect((await send(`/hooks/${slack.id}`, forSlack, body)).status).toBe(401)
  const forStripe = fromStripe(body, old)['stripe-signature'].replace(/^t=\d+/, `t=${now}`)
  expect((await send(`/hooks/${stripe.id}`, { 'stripe-signature': forStripe }, body)).status).toBe(401)
  // Two times, of which the signed one is the old one.
  const two = `t=${now},${fromStripe(body, old)['stripe-signature']}`
  expect((await send(`/hooks/${stripe.id}`, { 'stripe-signature': two }, body)).status).toBe(401)
  for (const time of ['', 'NaN', '1e99', '-1', 'Infinity']) {
    const headers = { ...fromSlack(body, clock.now()), 'x-slack-request-timestamp': time }
    expect((await send(`/hooks/${slack.id}`, headers, body)).status).toBe(401)
  }
  expect(deliveries()).toEqual([])
})
