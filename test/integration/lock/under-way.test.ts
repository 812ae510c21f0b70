import http, { type ServerResponse } from 'node:http'
import { expect, it } from 'vitest'
import { LatchkeyError } from '../../../shared/errors.ts'
import { hostAndPort } from '../api/world.ts'
import { read, startProxy, startUpstream } from '../proxy/world.ts'

it('[F13] an answer that is streaming when the vault is locked comes to its end; nothing new begins', async () => {
  const waiting: ServerResponse[] = []
  const upstream = await startUpstream((_, response) => {
    response.write('first half, ')
    waiting.push(response)
  })
  let locked = false
  const world = await startProxy({
    baseUrl: upstream.base,
    async onFresh() {
      if (locked) throw new LatchkeyError('locked', 'The vault is locked.')
    },
  })
  const request = http.request({
    ...hostAndPort(world.host),
    agent: false,
    path: world.path('stream'),
    headers: { authorization: `Bearer ${world.key}` },
  })
  const answer = new Promise<http.IncomingMessage>((resolve) => request.once('response', resolve))
  request.end()
  const streaming = await answer
  // What compose.ts does on lock.
  locked = true
  world.forget()
  expect((await world.call('GET', world.path('stream'))).json.error.code).toBe('locked')
  waiting[0]?.end('second half')
  expect(await read(streaming)).toBe('first half, second half')
  expect(upstream.requests).toHaveLength(1)
})
