import type { lookup } from 'node:dns'
import { expect, it } from 'vitest'
import { createConnections } from '../../../electron/signer/resolve.ts'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it.each(['10.0.0.1', '127.0.0.1', '169.254.169.254', 'fd00::1', '::ffff:192.168.0.1'])(
  'an allowed name that leads to %s gets neither request nor token',
  async (address) => {
    const upstream = await startUpstream((_, response) => response.end())
    let asked = 0
    const resolve = ((_: string, __: unknown, callback: (error: null, found: unknown) => void) => {
      asked += 1
      callback(null, [
        { address: '93.184.216.34', family: 4 },
        { address, family: address.includes(':') ? 6 : 4 },
      ])
    }) as unknown as typeof lookup
    const world = await startProxy({ baseUrl: 'https://api.test', connections: createConnections(resolve) })
    const answer = await world.call('GET', world.path('x'))
    expect(answer).toMatchObject({ status: 403, json: { error: { code: 'destination_not_allowed' } } })
    expect(answer.text).not.toContain('first-token')
    expect(asked).toBe(1)
    expect(upstream.requests).toHaveLength(0)
    expect(world.uses).toMatchObject([{ error: 'destination_not_allowed' }])
  },
)
