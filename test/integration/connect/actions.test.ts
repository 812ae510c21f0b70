import { describe, expect, it } from 'vitest'
import { createAccountActions } from '../../../electron/services/account-actions.ts'
import { tokenInspectionSchema } from '../../../shared/models.ts'
import { world } from './world.ts'

const caller = { kind: 'cli' } as const

async function connected() {
  const parts = await world()
  await parts.connectAs('ada')
  return { ...parts, actions: createAccountActions(parts), ada: parts.accounts.resolve('test:ada') }
}

describe('what can be done with an account', () => {
  it('[F6] is removed for good, revoked at the provider first', async () => {
    const { actions, ada, vault, oauth, clientSettings, activity, seen } = await connected()
    const tokens = vault.tokens.get(ada.id)
    const settings = await clientSettings.forAccount(ada.id)
    await actions.remove(ada, caller)
    expect([vault.accounts.get(ada.id), vault.tokens.get(ada.id)]).toEqual([null, null])
    if (!tokens) throw new Error('There were no tokens.')
    const refresh = oauth.refresh(settings, tokens, { signal: new AbortController().signal })
    await expect(refresh).rejects.toMatchObject({ kind: 'fatal' })
    expect(activity.list({ limit: 1 })[0]).toMatchObject({ kind: 'removed', actor: 'cli', detail: { revoked: true } })
    expect(seen).toContainEqual({ type: 'account', account_id: ada.id, state: 'removed' })
  })

  it('is removed although the provider is down', async () => {
    const { actions, ada, vault, server, activity } = await connected()
    await server.close()
    await actions.remove(ada, caller)
    expect(vault.accounts.list()).toEqual([])
    expect(activity.list({ limit: 1 })[0]?.detail).toMatchObject({ revoked: false })
  })

  it('is renamed, unless the name is taken', async () => {
    const { actions, ada, accounts, connectAs } = await connected()
    await connectAs('grace')
    expect(actions.rename(ada, ' work ', caller).alias).toBe('work')
    expect(accounts.resolve('work').id).toBe(ada.id)
    expect(() => actions.rename(ada, 'test:grace', caller)).toThrow(
      expect.objectContaining({ code: 'invalid_request', details: { field: 'alias' } }),
    )
  })

  it('is inspected without a token being shown', async () => {
    const { actions, ada, vault } = await connected()
    const inspection = tokenInspectionSchema.parse(actions.inspect(ada))
    expect(inspection.tokens.map(({ kind }) => kind)).toEqual(['access_token', 'refresh_token', 'id_token'])
    const tokens = vault.tokens.get(ada.id)
    for (const token of [tokens?.accessToken, tokens?.refreshToken, tokens?.idToken]) {
      expect(token).toBeTruthy()
      expect(JSON.stringify(inspection)).not.toContain(token)
    }
  })
})
