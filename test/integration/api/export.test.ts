import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../../shared/errors.ts'
import { hostAndPort, startWorld } from './world.ts'

describe('[F14] the export of the activity', () => {
  it('is JSON lines, as the filter says', async () => {
    const world = await startWorld()
    let asked: unknown = null
    world.apps.exported = (filter) => {
      asked = filter
      return ['{"id":1}\n', '{"id":2}\n']
    }
    const answer = await world.call('GET', '/v1/activity/export?account=mail&outcome=failed&limit=5')
    expect([answer.status, answer.text]).toEqual([200, '{"id":1}\n{"id":2}\n'])
    expect(answer.headers['content-type']).toBe('application/x-ndjson; charset=utf-8')
    expect(answer.headers['cache-control']).toBe('no-store')
    expect(asked).toEqual({ account: 'mail', outcome: 'failed', limit: 5 })
  })

  it('of nothing is empty', async () => {
    const world = await startWorld()
    const answer = await world.call('GET', '/v1/activity/export')
    expect([answer.status, answer.text]).toEqual([200, ''])
  })

  it('answers what goes wrong before the first line as an error', async () => {
    const world = await startWorld()
    // biome-ignore lint/correctness/useYield: it never gets that far.
    world.apps.exported = function* () {
      throw new LatchkeyError('not_found', 'There is no account “x”.')
    }
    const answer = await world.call('GET', '/v1/activity/export?account=x')
    expect([answer.status, answer.json.error.code]).toEqual([404, 'not_found'])
  })

  it.each(['outcome=maybe', 'limit=0', 'limit=x', 'since=yesterday', 'key=abc'])('refuses %s', async (query) => {
    const world = await startWorld()
    const answer = await world.call('GET', `/v1/activity/export?${query}`)
    expect([answer.status, answer.json.error.field]).toEqual([400, query.split('=')[0]])
  })

  it('is made as fast as it is read, and no further when the reader goes away', async () => {
    const world = await startWorld()
    let made = 0
    let closed = false
    const line = `{"text":"${'x'.repeat(10_000)}"}\n`
    world.apps.exported = function* () {
      try {
        for (;;) {
          made += 1
          yield line
        }
      } finally {
        closed = true
      }
    }
    const incoming = await new Promise<http.IncomingMessage>((resolve, reject) => {
      const headers = { authorization: `Bearer ${world.key}` }
      http
        .request({ ...hostAndPort(world.host), path: '/v1/activity/export', headers, agent: false }, resolve)
        .on('error', reject)
        .end()
    })
    incoming.once('readable', () => {})
    let before = -1
    const rests = () => {
      const same = made === before
      before = made
      return same
    }
    await expect.poll(rests, { interval: 100, timeout: 5000 }).toBe(true)
    // An export without end would have filled the memory otherwise: what is in flight is what sockets hold.
    expect(made * line.length).toBeLessThan(50_000_000)
    incoming.destroy()
    await expect.poll(() => closed).toBe(true)
  })
})
