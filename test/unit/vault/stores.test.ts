import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../../shared/errors.ts'
import { account, registration, seed, settableClock, tokens, unlocked } from './support.ts'

describe('registrations', () => {
  it('come back as they were saved, the secret apart', async () => {
    const { vault } = await unlocked()
    vault.registrations.save(registration(), 'client-secret-1')
    expect(vault.registrations.get('reg_1')).toEqual({ ...registration(), hasClientSecret: true })
    expect(vault.registrations.list()).toHaveLength(1)
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
    expect(vault.registrations.get('none')).toBeNull()
    expect(vault.registrations.clientSecret('none')).toBeNull()
  })

  it('keep their secret when none is given, and lose it on null', async () => {
    const { vault } = await unlocked()
    vault.registrations.save(registration(), 'client-secret-1')
    vault.registrations.save(registration({ name: 'Renamed' }), undefined)
    expect(vault.registrations.get('reg_1')?.name).toBe('Renamed')
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
    vault.registrations.save(registration(), null)
    expect(vault.registrations.clientSecret('reg_1')).toBeNull()
    expect(vault.registrations.get('reg_1')?.hasClientSecret).toBe(false)
  })

  it('updating one keeps its accounts and their tokens; removing it removes them', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens())
    vault.tokens.beginRefresh('acc_1', 5)
    vault.registrations.save(registration({ name: 'Renamed' }), undefined)
    expect(vault.tokens.get('acc_1')).toEqual(tokens())
    vault.registrations.remove('reg_1')
    expect(vault.accounts.list()).toEqual([])
    expect(vault.tokens.get('acc_1')).toBeNull()
    expect(vault.tokens.allFacts().size).toBe(0)
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
  })
})

describe('accounts', () => {
  it('come back as they were saved, with and without identity and trouble', async () => {
    const { vault } = await unlocked()
    vault.registrations.save(registration(), null)
    const trouble = { kind: 'unreachable', reason: 'No answer.', since: 1, retryAt: 2, failures: 3 } as const
    const second = account({ id: 'acc_2', alias: 'two', identity: null, trouble, lastUsedAt: 7, lastRefreshAt: 8 })
    vault.accounts.save(account())
    vault.accounts.save(second)
    expect(vault.accounts.list()).toEqual([account(), second])
    expect(vault.accounts.get('acc_2')).toEqual(second)
    expect(vault.accounts.byRegistration('reg_1')).toHaveLength(2)
    expect(vault.accounts.get('none')).toBeNull()
  })

  it('are found by alias, whatever its case, and by identity', async () => {
    const { vault } = await unlocked()
    seed(vault)
    expect(vault.accounts.byAlias('Practice:ADA')?.id).toBe('acc_1')
    expect(vault.accounts.byAlias('practice')).toBeNull()
    expect(vault.accounts.byIdentity('practice', 'http://127.0.0.1:1', 'ada')).toHaveLength(1)
    expect(vault.accounts.byIdentity('practice', null, 'ada')).toEqual([])
    expect(vault.accounts.byIdentity('google', 'http://127.0.0.1:1', 'ada')).toEqual([])
    const issuerless = { subject: 'ada', issuer: null, name: null, username: null, email: null }
    vault.accounts.save(account({ id: 'acc_2', alias: 'two', identity: issuerless }))
    expect(vault.accounts.byIdentity('practice', null, 'ada').map((it) => it.id)).toEqual(['acc_2'])
  })

  it('a taken alias and a missing registration are refused by name', async () => {
    const { vault } = await unlocked()
    seed(vault)
    const taken = () => vault.accounts.save(account({ id: 'acc_2', alias: 'PRACTICE:ada' }))
    expect(taken).toThrow(expect.objectContaining({ code: 'invalid_request', details: { field: 'alias' } }))
    const orphan = () => vault.accounts.save(account({ id: 'acc_2', alias: 'two', registrationId: 'none' }))
    expect(orphan).toThrow(expect.objectContaining({ code: 'not_found', details: { field: 'registration' } }))
    expect(vault.accounts.list()).toEqual([account()])
  })

  it('saving one again keeps its tokens', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens())
    vault.accounts.save(account({ alias: 'other' }))
    expect(vault.tokens.get('acc_1')).toEqual(tokens())
  })

  it('the last use is written at most once a minute, and after the clock was set back', async () => {
    const { vault } = await unlocked()
    seed(vault)
    const used = () => vault.accounts.get('acc_1')?.lastUsedAt
    const start = 10_000_000
    vault.accounts.touchUsed('acc_1', start)
    vault.accounts.touchUsed('acc_1', start + 59_999)
    expect(used()).toBe(start)
    vault.accounts.touchUsed('acc_1', start + 60_000)
    expect(used()).toBe(start + 60_000)
    vault.accounts.touchUsed('acc_1', start - 60_000)
    expect(used()).toBe(start - 60_000)
  })
})

describe('tokens', () => {
  it('come back as they were put, absent ones as null', async () => {
    const { vault } = await unlocked()
    seed(vault)
    expect(vault.tokens.get('acc_1')).toBeNull()
    expect(vault.tokens.facts('acc_1')).toBeNull()
    for (const set of [
      tokens(),
      tokens({ refreshToken: null, idToken: null, expiresAt: null, expirySource: 'unknown' }),
    ]) {
      vault.tokens.put('acc_1', set)
      expect(vault.tokens.get('acc_1')).toEqual(set)
    }
  })

  it('facts tell what is there, and the generation counts on even after a reset', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens())
    expect(vault.tokens.facts('acc_1')).toEqual({
      tokenType: 'Bearer',
      scopes: ['openid'],
      obtainedAt: 1000,
      expiresAt: 61_000,
      expirySource: 'expires_in',
      hasRefreshToken: true,
      hasIdToken: true,
      generation: 1,
    })
    vault.tokens.commitRefresh('acc_1', tokens({ idToken: null }))
    expect(vault.tokens.facts('acc_1')).toMatchObject({ generation: 2, hasIdToken: false })
    vault.tokens.remove('acc_1')
    expect(vault.tokens.get('acc_1')).toBeNull()
    vault.tokens.put('acc_1', tokens())
    expect(vault.tokens.facts('acc_1')?.generation).toBe(3)
  })

  it('a commit clears marker and trouble and notes the time; an end clears the marker alone', async () => {
    const clock = settableClock(5000)
    const { vault } = await unlocked({ clock })
    seed(vault)
    const trouble = { kind: 'unreachable', reason: 'No answer.', since: 1, retryAt: null, failures: 1 } as const
    vault.tokens.put('acc_1', tokens())
    vault.accounts.setTrouble('acc_1', trouble)
    vault.tokens.beginRefresh('acc_1', 4000)
    expect(vault.tokens.interruptedRefreshes()).toEqual([{ accountId: 'acc_1', startedAt: 4000 }])
    vault.tokens.endRefresh('acc_1')
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
    expect(vault.accounts.get('acc_1')).toMatchObject({ trouble, lastRefreshAt: null })
    vault.tokens.beginRefresh('acc_1', 4500)
    vault.tokens.commitRefresh('acc_1', tokens({ accessToken: 'access-2', refreshToken: 'refresh-2' }))
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
    expect(vault.accounts.get('acc_1')).toMatchObject({ trouble: null, lastRefreshAt: 5000 })
    expect(vault.tokens.get('acc_1')?.refreshToken).toBe('refresh-2')
  })

  it('an expiry can be set without touching the tokens', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens())
    vault.tokens.setExpiry('acc_1', 7.4, 'tester')
    expect(vault.tokens.get('acc_1')).toEqual(tokens({ expiresAt: 7, expirySource: 'tester' }))
  })

  it('tokens of an account that is gone are not stored', async () => {
    const { vault } = await unlocked()
    for (const work of [
      () => vault.tokens.put('acc_1', tokens()),
      () => vault.tokens.commitRefresh('acc_1', tokens()),
      () => vault.tokens.beginRefresh('acc_1', 1),
    ]) {
      expect(work).toThrow(expect.objectContaining({ code: 'not_found' }))
    }
  })
})

describe('records and settings', () => {
  it('records come back by kind and key until their time', async () => {
    const clock = settableClock(1000)
    const { vault } = await unlocked({ clock })
    vault.records.put('Session', 'key', 'one', null)
    vault.records.put('Grant', 'key', 'two', 2000)
    expect(vault.records.get('Session', 'key')).toBe('one')
    expect(vault.records.get('Grant', 'key')).toBe('two')
    vault.records.put('Session', 'key', 'again', null)
    expect(vault.records.get('Session', 'key')).toBe('again')
    clock.set(2000)
    expect(vault.records.get('Grant', 'key')).toBeNull()
    clock.set(1000)
    expect(vault.records.get('Grant', 'key')).toBe('two')
    vault.records.sweep(2000)
    expect(vault.records.get('Grant', 'key')).toBeNull()
    vault.records.delete('Session', 'key')
    expect(vault.records.get('Session', 'key')).toBeNull()
  })

  it('settings hold any JSON value, and undefined removes', async () => {
    const { vault } = await unlocked()
    expect(vault.settings.get('a')).toBeUndefined()
    for (const value of [{ a: [1] }, null, false, 'x']) {
      vault.settings.set('a', value)
      expect(vault.settings.get('a')).toEqual(value)
    }
    vault.settings.set('a', undefined)
    expect(vault.settings.get('a')).toBeUndefined()
  })
})

describe('a transaction', () => {
  it('is all or nothing, tokens included, and can be nested', async () => {
    const { vault } = await unlocked()
    const work = (fail: boolean) =>
      vault.transaction(() => {
        seed(vault)
        vault.tokens.put('acc_1', tokens())
        try {
          vault.transaction(() => {
            vault.accounts.remove('acc_1')
            throw new Error('inner')
          })
        } catch {
          // The inner one alone is undone.
        }
        if (fail) throw new LatchkeyError('internal', 'outer')
        return 'done'
      })
    expect(() => work(true)).toThrow('outer')
    expect(vault.registrations.list()).toEqual([])
    expect(work(false)).toBe('done')
    expect(vault.tokens.get('acc_1')).toEqual(tokens())
  })
})
