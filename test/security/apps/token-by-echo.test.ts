import { expect, it } from 'vitest'
import { requesting, theToken } from './support.ts'

it('[G3] an app that may send requests does not get the token from an API that repeats them', async () => {
  const { app, send } = await requesting((request, response) => {
    response.writeHead(200, { 'x-echo': request.headers.authorization ?? '', 'content-type': 'application/json' })
    response.end(JSON.stringify(request.headers))
  })
  const { caller } = await app([{ rights: ['request'] }])
  const answer = await send(caller, { url: '/echo' })
  expect(answer).toMatchObject({ status: 200, headers: { 'x-echo': 'Bearer [access token]' } })
  expect(JSON.stringify(answer)).not.toContain(theToken)
})
