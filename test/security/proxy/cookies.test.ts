import { expect, it } from 'vitest'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'

it('cookies pass in neither direction', async () => {
  const upstream = await startUpstream((request, response) => {
    response.setHeader('set-cookie', ['session=1', 'other=2'])
    response.setHeader('set-cookie2', 'old=1')
    response.write(`${request.headers.cookie} ${request.headers.cookie2}`)
    response.addTrailers({ 'set-cookie': 'late=1' })
    response.end()
  })
  const world = await startProxy({ baseUrl: upstream.base })
  const answer = await world.call('GET', world.path('x'), { headers: { cookie: 'mine=1', cookie2: 'mine=2' } })
  expect(answer.text).toBe('undefined undefined')
  expect(Object.keys(answer.headers).filter((name) => name.includes('cookie'))).toEqual([])
})
