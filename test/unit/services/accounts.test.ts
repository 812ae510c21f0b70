import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { accountSchema } from '../../../shared/models.ts'
import { account, registration, seed, settableClock, tokens, unlocked } from '../vault/support.ts'

async function world() {
  const clock = settableClock(30_000)
  const { vault } = await unlocked({ clock })
  seed(vault)
  return { vault, clock, accounts: createAccountService({ vault, catalogue: loadCatalogue(), clock }) }
}

const grace = { subject: '7', issuer: null, name: 'Grace', username: 'grace', email: 'grace@example.com' }

describe('finding an account', () => {
  it.each(['acc_1', 'practice:ada', 'Practice:Ada', 'practice:ada@example.com', 'practice:ADA@EXAMPLE.COM'])(
    'by id, alias, or provider and identity: %s',
    async (reference) => {
      expect((await world()).accounts.resolve(reference).id).toBe('acc_1')
    },
  )

  it('by user name, email or subject, whatever the alias', async () => {
    const { accounts, vault } = await world()
    vault.accounts.save(account({ id: 'acc_2', alias: 'work', identity: grace }))
    for (const reference of ['work', 'practice:grace', 'practice:Grace@Example.com', 'practice:7']) {
      expect(accounts.resolve(reference).id).toBe('acc_2')
    }
  })

  it.each(['', 'ada', 'practice', 'practice:', ':ada', 'google:ada', 'practice:nobody', 'acc_9'])(
    'says that there is none: “%s”',
    async (reference) => {
      const { accounts } = await world()
      expect(() => accounts.resolve(reference)).toThrow(
        expect.objectContaining({ code: 'not_found', details: expect.objectContaining({ field: 'account' }) }),
      )
    },
  )

  it('[A3] lists the candidates when several match', async () => {
    const { accounts, vault } = await world()
    vault.registrations.save(registration({ id: 'reg_2' }), null)
    vault.accounts.save(account({ id: 'acc_2', alias: 'second', identity: grace }))
    vault.accounts.save(account({ id: 'acc_3', alias: 'third', identity: grace, registrationId: 'reg_2' }))
    expect(() => accounts.resolve('practice:grace')).toThrow(
      expect.objectContaining({
        code: 'ambiguous_account',
        details: expect.objectContaining({ candidates: ['acc_2 (second)', 'acc_3 (third)'] }),
      }),
    )
    expect(accounts.resolve('third').id).toBe('acc_3')
  })

  it('prefers an id and an alias over what a provider says of a person', async () => {
    const { accounts, vault } = await world()
    vault.accounts.save(account({ id: 'acc_2', alias: 'other', identity: { ...grace, username: 'ada' } }))
    expect(accounts.resolve('practice:ada').id).toBe('acc_1')
  })
})

describe('showing accounts', () => {
  it('is what the contract promises, alone and in a list', async () => {
    const { accounts, vault } = await world()
    vault.tokens.put('acc_1', tokens())
    const shown = accountSchema.strict().parse(accounts.view(accounts.resolve('acc_1')))
    expect(shown).toMatchObject({
      alias: 'practice:ada',
      provider_name: 'Practice provider',
      registration_name: 'Practice',
      scopes_granted: ['openid'],
      token: { expires_at: '1970-01-01T00:01:01.000Z', has_refresh_token: true, has_id_token: true },
      created_at: '1970-01-01T00:00:01.000Z',
      last_used_at: null,
    })
    expect(accounts.list()).toEqual([shown])
  })

  it('holds no token', async () => {
    const { accounts, vault } = await world()
    vault.tokens.put('acc_1', tokens({ accessToken: 'canary-a', refreshToken: 'canary-r', idToken: 'canary-i' }))
    expect(JSON.stringify(accounts.list())).not.toContain('canary')
  })

  it('shows one that was never connected, and one whose provider has left the catalogue', async () => {
    const { accounts, vault } = await world()
    vault.registrations.save(registration({ id: 'reg_2', providerId: 'gone' }), null)
    vault.accounts.save(account({ id: 'acc_2', alias: 'old', providerId: 'gone', registrationId: 'reg_2' }))
    const [gone, never] = accounts.list()
    expect(never).toMatchObject({ token: null, status: { state: 'never_connected' } })
    expect(gone).toMatchObject({ provider_name: 'gone', alias: 'old' })
  })

  it('shows nothing while the vault is locked', async () => {
    const { accounts, vault } = await world()
    vault.lock('for the test')
    expect(() => accounts.list()).toThrow(expect.objectContaining({ code: 'locked' }))
    expect(() => accounts.resolve('acc_1')).toThrow(expect.objectContaining({ code: 'locked' }))
  })
})
