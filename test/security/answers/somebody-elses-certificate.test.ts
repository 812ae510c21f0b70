import { expect, it } from 'vitest'
import { newAuthority } from '../../doubles/certificates.ts'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { world } from '../../integration/protocol/world.ts'

it.each(['another name', 'another authority'] as const)(
  '[F4] a client certificate of %s opens nothing',
  async (kind) => {
    const authority = await newAuthority()
    const server = await startStrictServer({
      authentication: 'tls_client_auth',
      mtls: { authority, clientName: 'client.test' },
    })
    try {
      const credentials =
        kind === 'another name'
          ? await authority.issue('mallory.test', 'client')
          : await (await newAuthority()).issue('client.test', 'client')
      const client = { definition: server.definition(), clientId: server.clientId, credentials }
      const { connectAs, vault } = await world([client], { caBundle: authority.certificate })
      expect((await connectAs('ada')).failure).toMatchObject({ code: 'invalid_client' })
      expect(vault.accounts.list()).toEqual([])
    } finally {
      await server.close()
    }
  },
)
