import { expect, it } from 'vitest'
import { createAccessTokenService } from '../../../electron/services/access-token.ts'
import { tokens } from '../../unit/vault/support.ts'
import { ok, owner, refusal, requesting } from './support.ts'

it('[F11] a revoked key opens nothing, and what was under way for it gets no token', async () => {
  const { app, apps, api, pairing, send, gate, vault, clock } = await requesting(ok)
  const { key, id, caller } = await app([{ rights: ['request', 'token'] }])
  const accessTokens = createAccessTokenService({
    vault,
    gate,
    clock,
    audit: { use() {} },
    tokens: {
      fresh: async () => {
        // Taken back while the provider is asked.
        apps.revoke(id, owner)
        return { tokens: tokens(), refreshed: true }
      },
    },
  })
  await expect(accessTokens.get('practice:ada', {}, caller)).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(refusal(() => pairing.authenticate(key)).code).toBe('unauthenticated')
  await expect(send(caller, { url: '/v1' })).rejects.toMatchObject({ code: 'unauthenticated' })
  expect(api.received).toEqual([])
})
