import { createHmac } from 'node:crypto'
import fs from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import type { WebhookDeliveryContent, WebhookEndpoint } from '../../../shared/contract-webhooks.ts'
import { startHost } from '../whole/host.ts'

it('[D6] from the sender to a program: endpoint, delivery, event stream, content, over the local API', async () => {
  const host = await startHost()
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true, force: true })
  })
  const authorization = `Bearer ${fs.readFileSync(host.paths.ownerKey, 'utf8').trim()}`
  const base = host.latchkey.api.http
  const api = async (method: string, path: string, body?: unknown) => {
    const answer = await fetch(`${base}${path}`, {
      method,
      headers: { authorization, ...(body === undefined ? {} : { 'content-type': 'application/json' }) },
      body: body === undefined ? undefined : JSON.stringify(body),
    })
    expect(answer.status).toBe(200)
    return answer.json()
  }

  const endpoint: WebhookEndpoint = await api('POST', '/v1/webhooks', {
    name: 'Mine',
    preset: 'github',
    secret: 's3cret',
  })
  expect(endpoint.url).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/hooks\/hook_/)
  expect(new URL(endpoint.url ?? '').host).not.toBe(new URL(base).host)

  const leave = new AbortController()
  const stream = await fetch(`${base}/v1/events`, { headers: { authorization }, signal: leave.signal })
  const told = (async () => {
    let text = ''
    for await (const part of (stream.body ?? []) as unknown as AsyncIterable<Uint8Array>) {
      text += Buffer.from(part).toString()
      const event = /event: webhook\ndata: (.*)\n\n/.exec(text)?.[1]
      if (event !== undefined) return JSON.parse(event)
    }
  })()

  const body = '{"action":"opened","repository":{"full_name":"octo/hello"}}'
  const signature = `sha256=${createHmac('sha256', 's3cret').update(body).digest('hex')}`
  const sent = await fetch(endpoint.url ?? '', {
    method: 'POST',
    body,
    headers: { 'content-type': 'application/json', 'x-github-event': 'issues', 'x-hub-signature-256': signature },
  })
  expect(sent.status).toBe(200)

  const event = await told
  leave.abort()
  expect(event).toEqual({ type: 'webhook', endpoint_id: endpoint.id, delivery_id: expect.stringMatching(/^dlv_/) })
  const delivery: WebhookDeliveryContent = await api('GET', `/v1/webhooks/deliveries/${event.delivery_id}`)
  expect(delivery).toMatchObject({ event_type: 'issues.opened', subject: 'octo/hello', body })
  await api('POST', `/v1/webhooks/deliveries/${event.delivery_id}/redeliver`)
  expect(await api('GET', '/v1/webhooks')).toMatchObject([{ accepted: 1, refused: 0, has_secret: true }])

  // The API's own port knows no webhooks, and the listener no API.
  expect((await fetch(`${base}/hooks/${endpoint.id}`, { method: 'POST', headers: { authorization } })).status).toBe(404)
  expect((await fetch(new URL('/v1/health', endpoint.url ?? ''))).status).toBe(404)
  await api('DELETE', `/v1/webhooks/${endpoint.id}`)
})
