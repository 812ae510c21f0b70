import { expect, it } from 'vitest'
import { startOldServer } from '../../doubles/old-server.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { world } from '../../integration/protocol/world.ts'

it('[F1] a code of an honest provider does not go to a dishonest one, although neither says who it is', async () => {
  const honest = await startOldServer({
    id: 'honest',
    answer: (request) => ({ parameters: { code: 'honest-code', state: request.get('state') ?? '' } }),
  })
  const dishonest = await startOldServer({ id: 'dishonest', answer: () => ({ parameters: {} }) })
  try {
    const { start, connect } = await world([
      { definition: dishonest.definition(), clientId: dishonest.clientId, scopes: [] },
      { definition: honest.definition(), clientId: honest.clientId, scopes: [] },
    ])
    const flow = await start({ provider: 'dishonest' })
    const at = new URL(flow.redirect_uri ?? '')
    // The honest provider sends the browser only to the path that is registered there, which is another one.
    const detour = new URL(honest.origin)
    detour.pathname = '/auth'
    detour.search = new URL(flow.authorization_url ?? '').search
    detour.searchParams.set('redirect_uri', `${at.origin}/callback/honest`)
    const answer = await signInAsPerson(detour.href, `${at.origin}/callback/honest`)
    expect(answer.searchParams.get('code')).toBe('honest-code')
    expect((await fetch(answer)).status).toBe(404)
    expect(connect.get(flow.id).state).toBe('waiting_for_person')
    expect(dishonest.asked).toEqual([])
  } finally {
    await honest.close()
    await dishonest.close()
  }
})
