import { expect, it } from 'vitest'
import { startOldServer } from '../../doubles/old-server.ts'
import { world } from '../../integration/protocol/world.ts'

it('[F1] a request whose challenge was taken out on the way still ends in a token request with the verifier', async () => {
  const server = await startOldServer({
    answer: (request) => ({ parameters: { code: 'code-without-challenge', state: request.get('state') ?? '' } }),
    // RFC 9700 4.8.2: a verifier for a code that had no challenge is refused by an honest server.
    token: (request) =>
      request.has('code_verifier') ? { error: 'invalid_grant' } : { access_token: 'x', token_type: 'Bearer' },
  })
  try {
    const { start, signIn, vault } = await world([
      { definition: server.definition(), clientId: server.clientId, scopes: [] },
    ])
    const flow = await start()
    const changed = new URL(flow.authorization_url ?? '')
    changed.searchParams.delete('code_challenge')
    changed.searchParams.delete('code_challenge_method')
    expect(await signIn({ ...flow, authorization_url: changed.href })).toMatchObject({ state: 'failed' })
    expect(vault.accounts.list()).toEqual([])
  } finally {
    await server.close()
  }
})
