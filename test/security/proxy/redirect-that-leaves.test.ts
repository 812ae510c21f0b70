import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it('a redirect that leaves takes along neither the token nor the key, and is the program’s to follow', async () => {
  const elsewhere = await startUpstream((request, response) => response.end(JSON.stringify(request.headers)))
  const upstream = await startUpstream((_, response) =>
    response.writeHead(302, { location: `${elsewhere.base}/x`, link: `<${elsewhere.base}/y>; rel="next"` }).end(),
  )
  const world = await startProxy({ baseUrl: upstream.base })
  const answer = await world.call('GET', world.path('go'))
  expect(answer.status).toBe(302)
  expect(answer.headers).toMatchObject({ location: `${elsewhere.base}/x`, link: `<${elsewhere.base}/y>; rel="next"` })
  expect(elsewhere.requests).toHaveLength(0)
  // What fetch does by itself: the key is dropped with the change of origin (Fetch, HTTP-redirect fetch).
  const followed = await fetch(`${world.proxy}go`, { headers: { authorization: `Bearer ${world.key}` } })
  expect(JSON.stringify(await followed.json())).not.toMatch(new RegExp(`${world.key}|first-token`))
})
