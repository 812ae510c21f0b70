import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { lines } from './support.ts'

it.each([
  '../admin',
  'a/../../admin',
  '..',
  '%2e%2e/admin',
  '.%2E/admin',
  'a/%2e%2e/%2e%2e/admin',
  '..%2fadmin',
  'a%2f..%2f..%2fadmin',
  '..\\admin',
  'a\\..\\..\\admin',
  '..%5cadmin',
  '%252e%252e/admin',
  '..;/admin',
  '/../admin',
  'http://HOST/v1/../admin',
  'http:%2F%2FHOST%2Fv1%2F..%2Fadmin',
])('a path that climbs out of the base URL is refused: %s', async (target) => {
  const upstream = await startUpstream((_, response) => response.end())
  const world = await startProxy({ baseUrl: `${upstream.base}/v1` })
  const answer = await lines(world, `GET ${world.path(target.replace('HOST', upstream.host))} HTTP/1.1`, [])
  expect(answer).toMatch(/^HTTP\/1\.1 403 [\s\S]*"destination_not_allowed"/)
  expect(upstream.requests).toHaveLength(0)
  expect(world.asked).toEqual([])
})

it.each(['//evil.test/x', '/%2Fevil.test/x', '%2F%2Fevil.test/x', 'https:evil.test', '@evil.test/x', ':80/x', 'a/./b'])(
  'what looks like another host stays below the base URL or goes nowhere: %s',
  async (target) => {
    const upstream = await startUpstream((request, response) => response.end(request.url))
    const world = await startProxy({ baseUrl: `${upstream.base}/v1` })
    const answer = await lines(world, `GET ${world.path(target)} HTTP/1.1`, [])
    expect(answer).toMatch(/^HTTP\/1\.1 (?:200 OK[\s\S]*\r\n\/v1\/|403 [\s\S]*"destination_not_allowed")/)
  },
)
