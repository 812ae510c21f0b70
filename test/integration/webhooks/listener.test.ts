import { once } from 'node:events'
import net from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { hostAndPort, raw } from '../api/world.ts'
import { fromGithub, world } from './world.ts'

describe('the listener', () => {
  it('[D6] is off until there is an endpoint that is switched on, and off again after the last', async () => {
    const { listener, save, webhooks, page } = await world()
    expect(listener.url()).toBeNull()
    const endpoint = await save({ preset: 'github' })
    expect(endpoint.url).toBe(`${listener.url()}/hooks/${endpoint.id}`)
    expect(new URL(endpoint.url ?? '').hostname).toBe('127.0.0.1')
    const { port } = new URL(endpoint.url ?? '')

    const off = await save({ id: endpoint.id, enabled: false, secret: undefined })
    expect([off.url, listener.url()]).toEqual([null, null])
    await expect(once(net.connect(Number(port), '127.0.0.1'), 'connect')).rejects.toMatchObject({
      code: 'ECONNREFUSED',
    })

    await save({ id: endpoint.id, enabled: true, secret: undefined })
    expect(listener.url()).not.toBeNull()
    webhooks.remove(endpoint.id, page)
    await listener.settled()
    expect(listener.url()).toBeNull()
  })

  it('[D6] tells senders to come back while the vault is locked, and takes the delivery afterwards', async () => {
    const { save, send, lock, unlock, deliveries } = await world()
    const { id } = await save({ preset: 'github' })
    const body = '{"zen":"Design for failure."}'
    lock()
    expect(await send(`/hooks/${id}`, fromGithub(body), body)).toMatchObject({
      status: 503,
      headers: { 'retry-after': '60' },
    })
    await unlock()
    expect((await send(`/hooks/${id}`, fromGithub(body), body)).status).toBe(200)
    expect(deliveries()).toHaveLength(1)
  })

  it('answers plain text that no browser keeps, guesses or runs', async () => {
    const { save, send } = await world()
    const { id } = await save({ preset: 'github' })
    const answer = await send(`/hooks/${id}`, fromGithub('{}'), '{}')
    expect(answer.headers).toMatchObject({
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
      'x-content-type-options': 'nosniff',
      'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    })
    expect(answer.headers['access-control-allow-origin']).toBeUndefined()
  })
})

describe('deliveries', () => {
  it('[D6] the newest 500 of an endpoint are kept; they are listed, opened and announced again', async () => {
    const { save, webhooks, clock, announced, events, page } = await world({ limits: { deliveries: 5000 } })
    const { id } = await save({ preset: 'github' })
    for (let number = 1; number <= 503; number += 1) {
      clock.advance(1000)
      const body = Buffer.from(`{"number":${number}}`)
      const reply = await webhooks.receive(id, {
        method: 'POST',
        query: new URLSearchParams(),
        headers: fromGithub(body.toString()),
        body,
      })
      expect(reply.status).toBe(200)
    }
    const all = webhooks.deliveries({ limit: 500, endpoint: id })
    expect(all).toHaveLength(500)
    const oldest = all.at(-1)
    expect(webhooks.delivery(oldest?.id ?? '').body).toBe('{"number":4}')
    const page1 = webhooks.deliveries({ limit: 2 })
    const page2 = webhooks.deliveries({ limit: 2, before: page1[1]?.received_at ?? '' })
    expect(page2.map((it) => webhooks.delivery(it.id).body)).toEqual(['{"number":501}', '{"number":500}'])

    const before = announced().length
    const heard: unknown[] = []
    onTestFinished(events.on((event) => heard.push(event)))
    webhooks.redeliver(oldest?.id ?? '', page)
    expect(announced()).toHaveLength(before + 1)
    expect(heard).toContainEqual({ type: 'webhook', endpoint_id: id, delivery_id: oldest?.id })
    expect(() => webhooks.redeliver('dlv_none', page)).toThrow('There is no such delivery')
  })

  it('[D6] a refused one is counted and said why, and leaves nothing behind', async () => {
    const { save, send, counts, deliveries, announced, activity } = await world()
    const { id } = await save({ preset: 'github' })
    const answer = await send(
      `/hooks/${id}`,
      { ...fromGithub('{}'), 'x-hub-signature-256': `sha256=${'0'.repeat(64)}` },
      '{}',
    )
    expect(answer).toMatchObject({ status: 401, text: 'This delivery could not be verified.' })
    expect(counts()).toEqual([{ accepted: 0, refused: 1 }])
    expect([deliveries(), announced()]).toEqual([[], []])
    expect(activity.list({ limit: 1 })).toMatchObject([
      { kind: 'webhook', summary: 'Test refused a delivery. Its signature does not fit.' },
    ])
  })

  it('a sender that stops in the middle of a body holds nobody up', async () => {
    const { save, send, listener } = await world()
    const { id } = await save({ preset: 'github' })
    const { host } = new URL(listener.url() ?? '')
    const stalled = net.connect(hostAndPort(host))
    onTestFinished(() => void stalled.destroy())
    stalled.write(`POST /hooks/${id} HTTP/1.1\r\nhost: ${host}\r\ncontent-length: 100\r\n\r\nhalf`)
    expect((await send(`/hooks/${id}`, fromGithub('{}'), '{}')).status).toBe(200)
    expect(await raw(hostAndPort(host), 'NOT HTTP\r\n\r\n')).toContain('400')
  })
})
