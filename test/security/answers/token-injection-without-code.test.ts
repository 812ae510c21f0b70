import { expect, it } from 'vitest'
import { startOldServer } from '../../doubles/old-server.ts'
import { newOAuth, quiet } from '../../integration/oauth/support.ts'
import { deliver, world } from '../../integration/protocol/world.ts'
import { redirectUri, refusal } from './support.ts'

it.each(['', '&state=another'])(
  '[B4] a token that somebody else puts into the fragment (%s) is not taken',
  async (state) => {
    const server = await startOldServer({ answer: () => ({ parameters: {} }) })
    try {
      const definition = server.definition({ grants: ['without_code'] })
      const { start, connect, vault } = await world([{ definition, clientId: server.clientId, scopes: [] }])
      const flow = await start()
      const forged = new URL(`${flow.redirect_uri}#access_token=mallory-s-own-token&token_type=Bearer${state}`)
      expect((await deliver({ url: forged, form: null })).status).toBe(400)
      expect(connect.get(flow.id).state).toBe('waiting_for_person')
      expect(vault.accounts.list()).toEqual([])
    } finally {
      await server.close()
    }
  },
)

it('[B4] a pasted or posted token is held to the state and the issuer as a code is', async () => {
  const server = await startOldServer({ answer: () => ({ parameters: {} }) })
  try {
    const oauth = newOAuth()
    const settings = {
      definition: server.definition({ grants: ['without_code'], issuer: server.origin }),
      clientId: server.clientId,
      clientSecret: null,
      clientAuthentication: 'none',
      variables: {},
      fallbackExpiry: null,
    }
    const pending = await oauth.beginAuthorization(settings, { redirectUri, scopes: [], ...quiet })
    const finish = (fragment: string) =>
      refusal(oauth.finishAuthorization(settings, pending, new URL(`${redirectUri}#${fragment}`), quiet))
    const token = 'access_token=mallory-s-own-token&token_type=Bearer'
    expect((await finish(`${token}&state=another`)).failure).toBe('state_mismatch')
    expect((await finish(token)).failure).toBe('state_mismatch')
    expect((await finish(`${token}&state=${pending.state}&iss=https://evil.example`)).failure).toBe('issuer_mismatch')
    expect((await finish(`${token}&state=${pending.state}&access_token=another`)).failure).toBe('duplicate_parameter')
    expect((await finish(`state=${pending.state}`)).failure).toBe('invalid_answer')
  } finally {
    await server.close()
  }
})
