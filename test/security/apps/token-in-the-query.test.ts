import { expect, it } from 'vitest'
import { startServer } from '../../integration/requests/world.ts'
import { owner, requesting, theToken } from './support.ts'

const inQuery = { queryParameter: 'access_token' }

it('[C13] a token in the query goes to the API and to nobody else', async () => {
  const { api, send, uses } = await requesting((_, response) => void response.end('{}'), inQuery)
  const answer = await send(owner, { url: '/v1?a=%20b&c' })
  expect(api.received).toMatchObject([{ url: `/v1?a=%20b&c&access_token=${theToken}` }])
  expect(api.received[0]?.headers).not.toHaveProperty('authorization')
  expect(answer.url).toBe(`${api.base}/v1?a=%20b&c`)
  expect(JSON.stringify([answer, uses])).not.toContain(theToken)
})

it('[C13] a redirect that repeats the query takes it to no other host, and does not show it', async () => {
  const other = await startServer((_, response) => void response.end())
  const { api, send, uses } = await requesting((request, response) => {
    const to = request.url.startsWith('/inside') ? `/v2?${request.url.split('?')[1]}` : `${other.base}${request.url}`
    if (request.url.startsWith('/v2')) response.end('there')
    else response.writeHead(302, { location: to }).end()
  }, inQuery)
  const left = await send(owner, { url: '/outside?q=1' })
  expect(left).toMatchObject({ status: 302, headers: { location: `${other.base}/outside?q=1` } })
  expect(other.received).toEqual([])
  const stayed = await send(owner, { url: '/inside?q=1' })
  expect(stayed).toMatchObject({ status: 200, body: 'there', url: `${api.base}/v2?q=1` })
  expect(api.received.at(-1)?.url).toBe(`/v2?q=1&access_token=${theToken}`)
  expect(JSON.stringify([left, stayed, uses])).not.toContain(theToken)
})

it('[C13] the caller cannot put another token there', async () => {
  const { api, send } = await requesting((_, response) => void response.end(), inQuery)
  for (const url of ['/v1?access_token=mine', '/v1?%61ccess_token=mine']) {
    await expect(send(owner, { url })).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'url' } })
  }
  expect(api.received).toEqual([])
})

it('[C13] an error says nothing of it', async () => {
  const { api, send, uses } = await requesting((_, response) => void response.destroy(), inQuery)
  const error: Error = await send(owner, { url: '/v1' }).then(
    () => new Error('answered'),
    (thrown: Error) => thrown,
  )
  expect(error).toMatchObject({ code: 'provider_unreachable' })
  expect(api.received).toHaveLength(1)
  const all = [error.message, error.stack, JSON.stringify(error), JSON.stringify(uses), String(error.cause)]
  expect(all.join()).not.toContain(theToken)
})
