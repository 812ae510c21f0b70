import { expect, it } from 'vitest'
import { network, route, startHttpServer } from '../../integration/network/support.ts'

it.each([301, 302, 303, 307, 308])(
  '[E7] a token endpoint that redirects with %i takes the code nowhere else',
  async (status) => {
    const elsewhere = await startHttpServer()
    const endpoint = await startHttpServer((_, response) =>
      response.writeHead(status, { location: `http://127.0.0.1:${elsewhere.port}/` }).end(),
    )
    for (const redirect of ['follow', 'manual'] as const) {
      const answer = await network().fetch(
        `http://127.0.0.1:${endpoint.port}/token`,
        { method: 'POST', body: 'code=1', redirect },
        route({ loopback: true }),
      )
      expect(answer.status).toBe(status)
    }
    expect(elsewhere.received).toEqual([])
  },
)
