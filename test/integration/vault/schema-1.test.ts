import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { cheapGuard, freshFolder, locked } from '../../unit/vault/support.ts'

/** A vault that the first version wrote: two registrations, a practice account and its tokens, all made up. */
const written = path.join(import.meta.dirname, '../../fixtures/vault-schema-1.db')

async function opened() {
  const file = path.join(freshFolder(), 'vault.db')
  fs.copyFileSync(written, file)
  const { vault } = locked({ file })
  await vault.unlock(cheapGuard())
  return { vault, file }
}

describe('a vault of the first version', () => {
  it('opens with all that was in it, everything enabled', async () => {
    const { vault } = await opened()
    expect(vault.status().state).toBe('unlocked')
    expect(vault.registrations.list()).toMatchObject([
      { id: 'reg_own', clientId: 'client-1', fallbackExpiry: 3600, hasClientSecret: true, enabled: true, options: {} },
      { id: 'reg_practice', name: 'Practice provider', hasClientSecret: false, enabled: true, options: {} },
    ])
    expect(vault.registrations.clientSecret('reg_own')).toBe('not-a-real-secret')
    expect(vault.registrations.credentials('reg_own')).toEqual({})
    expect(vault.accounts.list()).toMatchObject([
      { alias: 'practice:ada', grant: 'authorization_code', enabled: true, validation: null, trouble: null },
    ])
    expect(vault.accounts.credentials('acc_ada')).toEqual({})
    expect(vault.tokens.get('acc_ada')).toMatchObject({
      accessToken: 'not-a-real-access-token',
      refreshToken: 'not-a-real-refresh-token',
    })
    expect(vault.tokens.get('acc_ada')?.extra).toBeUndefined()
    expect(vault.activity.list({ limit: 9 })).toHaveLength(1)
    expect(vault.providers.list()).toEqual([])
    expect(vault.routes.list()).toEqual([])
    expect(vault.webhooks.endpoints()).toEqual([])
    expect(vault.apps.list()).toEqual([])
  })

  it('is copied first, as it was', async () => {
    const { file } = await opened()
    const [copy] = fs.readdirSync(path.join(path.dirname(file), 'backups'))
    expect(copy).toMatch(/-schema1\.db$/)
  })

  it('takes what the new version keeps', async () => {
    const { vault } = await opened()
    vault.accounts.setCredentials('acc_ada', { password: 'lovelace' })
    vault.accounts.setEnabled('acc_ada', false, 5)
    vault.tokens.commitRefresh('acc_ada', {
      accessToken: 'second',
      refreshToken: null,
      idToken: null,
      tokenType: 'Bearer',
      scopes: [],
      obtainedAt: 1,
      expiresAt: null,
      expirySource: 'unknown',
      extra: { instance_url: 'https://one.example' },
    })
    expect(vault.tokens.get('acc_ada')?.extra).toEqual({ instance_url: 'https://one.example' })
    expect(vault.accounts.get('acc_ada')?.enabled).toBe(false)
    expect(vault.accounts.credentials('acc_ada')).toEqual({ password: 'lovelace' })
  })
})
