import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { lines } from './support.ts'

it('a request target with a host of its own is refused, also one that names this API', async () => {
  const upstream = await startUpstream((_, response) => response.end())
  const world = await startProxy({ baseUrl: upstream.base })
  for (const target of [`http://evil.test${world.path('x')}`, `${world.proxy}x`, `//${world.host}${world.path('x')}`]) {
    expect(await lines(world, `GET ${target} HTTP/1.1`, [])).toMatch(/^HTTP\/1\.1 400/)
  }
  expect(await lines(world, `CONNECT ${upstream.host} HTTP/1.1`, [])).toMatch(/^HTTP\/1\.1 405/)
  expect(upstream.requests).toHaveLength(0)
})
