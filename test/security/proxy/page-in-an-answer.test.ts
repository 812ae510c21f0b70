import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it('a page that an API answers with can neither run here nor be read by other pages', async () => {
  const upstream = await startUpstream((_, response) => {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': "script-src 'unsafe-inline'",
      'access-control-allow-origin': '*',
      'access-control-allow-credentials': 'true',
      'x-content-type-options': 'sniff',
      'cross-origin-resource-policy': 'cross-origin',
      'service-worker-allowed': '/',
      refresh: '0; url=https://evil.test',
    })
    response.end('<script>alert(1)</script>')
  })
  const world = await startProxy({ baseUrl: upstream.base })
  const { headers } = await world.call('GET', world.path('x'))
  expect(headers).toMatchObject({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    'referrer-policy': 'no-referrer',
  })
  for (const name of [
    'access-control-allow-origin',
    'access-control-allow-credentials',
    'service-worker-allowed',
    'refresh',
  ]) {
    expect(headers).not.toHaveProperty(name)
  }
})

it('a page cannot call through the proxy, not even with a key', async () => {
  const upstream = await startUpstream((_, response) => response.end())
  const world = await startProxy({ baseUrl: upstream.base })
  for (const header of ['origin', 'referer', 'sec-fetch-site']) {
    const answer = await world.call('POST', world.path('x'), {
      headers: { [header]: 'https://evil.test' },
      body: 'a=1',
    })
    expect(answer.status).toBe(403)
  }
  expect((await world.call('OPTIONS', world.path('x'))).status).toBe(405)
  expect(upstream.requests).toHaveLength(0)
})
