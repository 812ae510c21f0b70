import http from 'node:http'
import { expect, it, onTestFinished } from 'vitest'
import { startWorld } from '../../integration/api/world.ts'
import { at, isAnswered } from './support.ts'

it.each(['/v1/pair', '/v1/accounts/acc_1/request', '/v1/accounts/acc_1/token'])(
  'two hundred bodies that come a byte at a time keep nobody waiting, and are given up: %s',
  async (target) => {
    const world = await startWorld({ limits: { headersTimeout: 1000, requestTimeout: 2000 } })
    const { where, name } = at(world, 'http')
    const key = target === '/v1/pair' ? {} : { authorization: `Bearer ${world.apps.key}` }
    const headers = { host: name, 'content-type': 'application/json', 'content-length': 50_000, ...key }
    const statuses: (number | string)[] = []
    const slow = Array.from({ length: 200 }, () => {
      const sent = http.request({ ...where, method: 'POST', path: target, headers, agent: false, setHost: false })
      const drip = setInterval(() => void (sent.writable && sent.write(' ')), 100)
      sent.write('{')
      onTestFinished(() => void sent.destroy())
      return new Promise<void>((resolve) => {
        const over = (what: number | string) => {
          clearInterval(drip)
          statuses.push(what)
          sent.destroy()
          resolve()
        }
        sent.once('response', ({ statusCode }) => over(statusCode ?? 0)).on('error', (error) => over(error.message))
      })
    })
    for (let i = 0; i < 5; i += 1) {
      expect(await isAnswered(world, 'http')).toBe(true)
      expect(await isAnswered(world, 'socket')).toBe(true)
    }
    await Promise.all(slow)
    // Those that there was no room for are told at once; of some the end of the connection is all that arrives.
    const known = statuses.filter((it) => it === 408 || it === 429 || typeof it === 'string')
    expect(known).toHaveLength(200)
    expect(statuses).toContain(408)
    if (target === '/v1/pair') expect(statuses).toContain(429)
    expect(world.calls).toEqual([])
    expect(await isAnswered(world, 'http')).toBe(true)
  },
)
