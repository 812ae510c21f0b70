import { describe, expect, it } from 'vitest'
import { fits, needsYou, nextChange, sortAccounts, subtitle } from '../../../renderer/features/accounts/need.ts'
import { makeAccount, manyAccounts, mixed } from './fake-data.ts'

const accounts = mixed.map(makeAccount)
const aliases = (list: { alias: string }[]) => list.map(({ alias }) => alias)

describe('the order of accounts', () => {
  it('puts what needs the person first', () => {
    const sorted = sortAccounts(accounts, 'need')
    expect(sorted.slice(0, 4).map(({ status }) => status.state)).toEqual([
      'reauth_required',
      'never_connected',
      'unreachable',
      'expiring',
    ])
    expect(sorted.filter(needsYou)).toHaveLength(2)
    expect(sorted.at(-1)?.status.state).toBe('disabled')
  })

  it('sorts names as people count', () => {
    const sorted = sortAccounts(
      [10, 9, 1].map((n) => makeAccount({ id: `x${n}`, alias: `box ${n}`, provider: 'google', state: 'active' })),
      'name',
    )
    expect(aliases(sorted)).toEqual(['box 1', 'box 9', 'box 10'])
  })

  it('by time left: the soonest first, what has no end last', () => {
    const sorted = sortAccounts(accounts, 'expiry')
    expect(sorted[0]?.alias).toBe('work mail')
    expect(sorted.slice(-2).every(({ token }) => !token?.expires_at)).toBe(true)
  })

  it('by use: the latest first, the never used last', () => {
    const sorted = sortAccounts(accounts, 'used')
    expect(sorted[0]?.alias).toBe('google:ada')
    expect(sorted.at(-1)?.last_used_at).toBeNull()
  })

  it('leaves the list it was given alone', () => {
    const before = aliases(accounts)
    sortAccounts(accounts, 'name')
    expect(aliases(accounts)).toEqual(before)
  })

  it('sorts 10,000 accounts in well under a second', () => {
    const many = manyAccounts(10_000).map(makeAccount)
    const begun = performance.now()
    sortAccounts(many, 'need')
    expect(performance.now() - begun).toBeLessThan(1000)
  })
})

describe('finding accounts', () => {
  const [ada] = accounts
  if (!ada) throw new Error('The fixture is empty.')
  it('looks at name, provider, registration and identity, whatever the order of the words', () => {
    for (const words of ['', 'ada', 'example.org google', 'lovelace']) expect(fits(ada, words)).toBe(true)
    expect(fits(ada, 'ada microsoft')).toBe(false)
  })
  it('says whom an account belongs to, without repeating its name', () => {
    expect(subtitle(ada)).toBe('ada@example.org · Google')
    expect(subtitle({ ...ada, alias: 'ada@example.org' })).toBe('Google')
    expect(subtitle({ ...ada, identity: null })).toBe('Google')
  })
})

describe('when to look again', () => {
  const now = Date.parse('2026-03-10T12:00:00Z')
  const account = (left: number, life: number) => {
    const made = makeAccount({ id: 'x', alias: 'x', provider: 'google', state: 'active' })
    if (!made.token) throw new Error('The fixture has no token.')
    const ends = now + left * 1000
    const token = {
      ...made.token,
      obtained_at: new Date(ends - life * 1000).toISOString(),
      expires_at: new Date(ends).toISOString(),
    }
    return { ...made, token }
  }
  it('is just after the moment a state changes by itself', () => {
    expect(nextChange([account(20, 3600)], now)).toBe(20_300)
    // A token of 20 s begins to expire at half of its life.
    expect(nextChange([account(15, 20)], now)).toBe(5300)
  })
  it('is never sooner than a second nor later than a minute', () => {
    expect(nextChange([account(0.1, 3600)], now)).toBe(1000)
    expect(nextChange([account(3600, 3600)], now)).toBe(60_000)
  })
  it('is never when nothing will change', () => {
    expect(nextChange([account(-10, 60)], now)).toBe(false)
    expect(nextChange([], now)).toBe(false)
  })
})
