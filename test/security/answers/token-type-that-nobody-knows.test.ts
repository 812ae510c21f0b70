import { expect, it } from 'vitest'
import { startOldServer } from '../../doubles/old-server.ts'
import { world } from '../../integration/protocol/world.ts'

it('[B4] a token of a type that Latchkey cannot use is not kept (RFC 6749 7.1)', async () => {
  const server = await startOldServer({
    answer: (request) => ({
      parameters: { access_token: 'mac-token', token_type: 'mac', state: request.get('state') ?? '' },
      fragment: true,
    }),
  })
  try {
    const definition = server.definition({ grants: ['without_code'] })
    const { connectAs, vault } = await world([{ definition, clientId: server.clientId, scopes: [] }])
    expect((await connectAs('ada')).failure).toMatchObject({ code: 'invalid_answer' })
    expect(vault.accounts.list()).toEqual([])
  } finally {
    await server.close()
  }
})
