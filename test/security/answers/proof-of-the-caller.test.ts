import { expect, it } from 'vitest'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { world } from '../../integration/protocol/world.ts'

it('[F5] a program cannot put a proof of its own beside Latchkey’s', async () => {
  const server = await startStrictServer({ dpop: true })
  try {
    const client = { definition: server.definition(), clientId: server.clientId, options: { dpop: true } }
    const { connectAs, send } = await world([client])
    const id = (await connectAs('ada')).account_id ?? ''
    await expect(send(id, { url: '/me', headers: { DPoP: 'mine' } })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'headers.DPoP' },
    })
    expect(server.api.judged).toEqual([])
  } finally {
    await server.close()
  }
})
