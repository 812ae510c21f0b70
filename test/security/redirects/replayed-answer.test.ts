import { expect, it } from 'vitest'
import { world } from '../../integration/connect/world.ts'

/** An answer is taken from the browser's history and sent again: to its own sign-in, and to the next one. */
it('takes no answer a second time', async () => {
  const { start, answerOf, connect, settled, server } = await world()
  const first = await start()
  const answer = await answerOf(first)
  await fetch(answer)
  expect((await settled(first.id)).state).toBe('completed')
  await expect(fetch(answer)).rejects.toThrow()
  await expect(connect.paste(first.id, answer.href)).rejects.toMatchObject({ code: 'invalid_request' })

  const second = await start()
  const replayed = `${second.redirect_uri}${answer.search}`
  expect((await fetch(replayed)).status).toBe(400)
  await expect(connect.paste(second.id, replayed)).rejects.toMatchObject({ details: { field: 'url' } })
  expect(connect.get(second.id).state).toBe('waiting_for_person')
  expect(server.tokenRequests).toEqual(['authorization_code'])
})
