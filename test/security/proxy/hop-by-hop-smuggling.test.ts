import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { lines } from './support.ts'

it('a caller cannot have the credential taken off, or carry headers of the connection, by naming them in Connection', async () => {
  const upstream = await startUpstream((request, response) => response.end(JSON.stringify(request.headers)))
  const world = await startProxy({ baseUrl: upstream.base })
  const answer = await lines(world, `GET ${world.path('x')} HTTP/1.1`, [
    'Connection: Authorization, X-Secret, Host',
    'X-Secret: s3cret',
    'Keep-Alive: timeout=5',
    'Proxy-Connection: keep-alive',
    'Proxy-Authorization: Basic eA==',
    'TE: trailers',
    'Forwarded: for=1.2.3.4',
    'X-Forwarded-For: 1.2.3.4',
    'Via: 1.1 somewhere',
    'X-Mine: yes',
  ])
  expect(answer).toMatch(/^HTTP\/1\.1 200/)
  const { headers } = upstream.requests[0] ?? {}
  expect(headers).toEqual({
    host: upstream.host,
    connection: 'keep-alive',
    'x-mine': 'yes',
    authorization: 'Bearer first-token',
  })
})
