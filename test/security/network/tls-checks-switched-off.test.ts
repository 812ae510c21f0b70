import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { createConnections } from '../../../electron/signer/resolve.ts'
import { type Authority, createAuthority, hasOpenssl } from '../../doubles/authority.ts'
import { fails, network, route, startTlsServer } from '../../integration/network/support.ts'

describe.skipIf(!hasOpenssl)('NODE_TLS_REJECT_UNAUTHORIZED=0', () => {
  let authority: Authority
  const before = process.env.NODE_TLS_REJECT_UNAUTHORIZED
  beforeAll(() => {
    authority = createAuthority()
    process.env.NODE_TLS_REJECT_UNAUTHORIZED = '0'
  })
  afterAll(() => {
    if (before === undefined) delete process.env.NODE_TLS_REJECT_UNAUTHORIZED
    else process.env.NODE_TLS_REJECT_UNAUTHORIZED = before
    authority.close()
  })

  it('switches nothing off: neither for requests of Latchkey’s own nor for signed ones', async () => {
    const server = await startTlsServer(authority, 'localhost')
    const url = `https://localhost:${server.port}/`
    expect(await fails(network().fetch(url, {}, route({ loopback: true })))).toMatchObject({
      code: 'provider_unreachable',
    })
    const connections = createConnections()
    onTestFinished(() => connections.close())
    const signed = connections.for(new URL(url), new Set(['loopback' as const]))
    await expect(signed.request({ origin: url, path: '/', method: 'GET' })).rejects.toThrow(/certificate/)
    expect(server.received).toEqual([])
  })
})
