import { expect, it } from 'vitest'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { world } from '../../integration/protocol/world.ts'

it('[F5] a token that is bound to a key is never sent as a plain Bearer token', async () => {
  const server = await startStrictServer({ dpop: true })
  try {
    const client = { definition: server.definition(), clientId: server.clientId, options: { dpop: true } }
    const { connectAs, send, vault, tokens } = await world([client])
    const id = (await connectAs('ada')).account_id ?? ''
    vault.accounts.setCredentials(id, {})
    await expect(send(id, { url: '/me' })).rejects.toMatchObject({ code: 'reauth_required' })
    expect(server.api.judged).toEqual([])
    const before = server.tokenRequests.length
    await expect(tokens.fresh(id, { force: true })).rejects.toMatchObject({ code: 'reauth_required' })
    expect(server.tokenRequests).toHaveLength(before)
  } finally {
    await server.close()
  }
})
