import { describe, expect, it } from 'vitest'
import { fromGithub, fromSlack, fromStripe, secret, world } from './world.ts'

describe('GitHub', () => {
  it('[D6] its own test vector is accepted: the signature of X-Hub-Signature-256', async () => {
    const { save, send, counts } = await world()
    const { id } = await save({ preset: 'github', secret: "It's a Secret to Everybody" })
    const signature = 'sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17'
    const answer = await send(
      `/hooks/${id}`,
      { 'x-hub-signature-256': signature, 'content-type': 'text/plain' },
      'Hello, World!',
    )
    expect(answer.status).toBe(200)
    expect(counts()).toEqual([{ accepted: 1, refused: 0 }])
  })

  it('[D5] type, id, subject and time are read from where GitHub puts them', async () => {
    const { save, send, deliveries, webhooks, announced } = await world()
    const { id } = await save({ preset: 'github' })
    const body = JSON.stringify({
      action: 'opened',
      issue: { updated_at: '2026-01-01T10:00:00Z' },
      repository: { full_name: 'octo/hello' },
    })
    await send(`/hooks/${id}`, fromGithub(body, { 'x-github-delivery': 'guid-1' }), body)
    expect(deliveries()).toMatchObject([
      {
        endpoint_id: id,
        event_type: 'issues.opened',
        subject: 'octo/hello',
        occurred_at: '2026-01-01T10:00:00.000Z',
        received_at: '2026-01-01T00:00:00.000Z',
        content_type: 'application/json',
      },
    ])
    const delivery = webhooks.delivery(deliveries()[0]?.id ?? '')
    expect(delivery).toMatchObject({ event_id: 'guid-1', body, body_base64: null })
    expect(delivery.headers).toEqual({
      'content-type': 'application/json',
      'x-github-event': 'issues',
      'x-github-delivery': 'guid-1',
    })
    expect(announced()).toEqual([{ type: 'webhook', endpoint_id: id, delivery_id: delivery.id }])
  })

  it('[D5] a form with its JSON in `payload` is read as well', async () => {
    const { save, send, deliveries } = await world()
    const { id } = await save({ preset: 'github' })
    const body = `payload=${encodeURIComponent('{"action":"closed","sender":{"login":"ada"}}')}`
    await send(`/hooks/${id}`, fromGithub(body, { 'content-type': 'application/x-www-form-urlencoded' }), body)
    expect(deliveries()).toMatchObject([{ event_type: 'issues.closed', subject: 'ada' }])
  })
})

describe('Slack', () => {
  it('[D6] a signed url_verification is answered with its challenge in plain text, and not stored', async () => {
    const { save, send, clock, deliveries, counts } = await world()
    const { id } = await save({ preset: 'slack' })
    const body = JSON.stringify({
      type: 'url_verification',
      challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    })
    const answer = await send(`/hooks/${id}`, fromSlack(body, clock.now()), body)
    expect(answer).toMatchObject({ status: 200, text: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P' })
    expect(answer.headers['content-type']).toBe('text/plain; charset=utf-8')
    expect(deliveries()).toEqual([])
    expect(counts()).toEqual([{ accepted: 0, refused: 0 }])
  })

  it('[D5] [D6] an event is verified with its time and read; sent again with a new signature it is a duplicate', async () => {
    const { save, send, clock, deliveries, announced } = await world()
    const { id } = await save({ preset: 'slack' })
    const body = JSON.stringify({
      type: 'event_callback',
      event_id: 'Ev1',
      event_time: 1_767_225_600,
      event: { type: 'message', channel: 'C1' },
    })
    expect((await send(`/hooks/${id}`, fromSlack(body, clock.now()), body)).status).toBe(200)
    clock.advance(60_000)
    const again = await send(`/hooks/${id}`, fromSlack(body, clock.now()), body)
    expect(again).toMatchObject({ status: 200, text: 'Received already.' })
    expect(deliveries()).toMatchObject([
      { event_type: 'message', subject: 'C1', occurred_at: '2026-01-01T00:00:00.000Z' },
    ])
    expect(announced()).toHaveLength(1)
  })
})

describe('Stripe', () => {
  it('[D5] [D6] t= and v1= are verified, also with a second signature while the secret changes', async () => {
    const { save, send, clock, deliveries } = await world()
    const { id } = await save({ preset: 'stripe' })
    const body = JSON.stringify({
      id: 'evt_1',
      type: 'invoice.paid',
      created: 1_767_225_600,
      data: { object: { id: 'in_1' } },
    })
    const other = `,v1=${'0'.repeat(64)},v0=${'1'.repeat(64)}`
    expect((await send(`/hooks/${id}`, fromStripe(body, clock.now(), other), body)).status).toBe(200)
    expect(deliveries()).toMatchObject([{ event_type: 'invoice.paid', subject: 'in_1' }])
  })
})

describe('Microsoft Graph', () => {
  it('[D6] the validationToken is answered decoded, as plain text', async () => {
    const { save, send } = await world()
    const { id } = await save({ preset: 'microsoft-graph' })
    const token = 'Validation: Testing client <b>application</b> & more'
    const answer = await send(`/hooks/${id}?validationToken=${encodeURIComponent(token)}`, {
      'content-type': 'text/plain; charset=utf-8',
    })
    expect(answer).toMatchObject({ status: 200, text: token })
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'x-content-type-options': 'nosniff',
    })
  })

  it('[D5] [D6] every item has to bring the clientState, which is not kept', async () => {
    const { save, send, deliveries, webhooks, counts } = await world()
    const { id } = await save({ preset: 'microsoft-graph' })
    const item = (clientState: string) => ({
      subscriptionId: 's1',
      clientState,
      changeType: 'created',
      resource: 'me/messages/1',
    })
    const json = { 'content-type': 'application/json' }
    const good = JSON.stringify({ value: [item(secret), item(secret)] })
    expect((await send(`/hooks/${id}`, json, good)).status).toBe(200)
    expect(deliveries()).toMatchObject([{ event_type: 'created', subject: 'me/messages/1' }])
    const delivery = webhooks.delivery(deliveries()[0]?.id ?? '')
    expect(delivery.body).toContain('"clientState":"[removed]"')
    expect(JSON.stringify(delivery)).not.toContain(secret)
    const mixed = JSON.stringify({ value: [item(secret), item('guessed')] })
    expect((await send(`/hooks/${id}`, json, mixed)).status).toBe(401)
    expect((await send(`/hooks/${id}`, json, '{"value":[]}')).status).toBe(401)
    expect(counts()).toEqual([{ accepted: 1, refused: 2 }])
  })
})

describe('Google', () => {
  it('[D5] [D6] the channel’s token is compared, and channel and message number tell messages apart', async () => {
    const { save, send, deliveries, webhooks } = await world()
    const { id } = await save({ preset: 'google' })
    const message = (number: number, state: string) => ({
      'x-goog-channel-id': 'ch-1',
      'x-goog-channel-token': secret,
      'x-goog-message-number': String(number),
      'x-goog-resource-state': state,
      'x-goog-resource-uri': 'https://www.googleapis.com/calendar/v3/calendars/ada/events',
    })
    for (const [number, state] of [
      [1, 'sync'],
      [10, 'exists'],
      [11, 'exists'],
      [10, 'exists'],
    ] as const) {
      expect((await send(`/hooks/${id}`, message(number, state))).status).toBe(200)
    }
    expect(deliveries().map(({ event_type }) => event_type)).toEqual(['exists', 'exists', 'sync'])
    expect(JSON.stringify(webhooks.delivery(deliveries()[0]?.id ?? ''))).not.toContain(secret)
    expect((await send(`/hooks/${id}`, { ...message(12, 'exists'), 'x-goog-channel-token': 'guessed' })).status).toBe(
      401,
    )
  })
})
