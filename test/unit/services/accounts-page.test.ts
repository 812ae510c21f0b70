import { describe, expect, it } from 'vitest'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { account, registration, settableClock, tokens, unlocked } from '../vault/support.ts'

const trouble = { kind: 'reauth_required' as const, reason: 'Ended.', since: 1, retryAt: null, failures: 0 }

/** `z-*` need the person, each for another reason, from the time 100,000 on; the others never do. */
async function world() {
  const clock = settableClock(100_000)
  const { vault } = await unlocked({ clock })
  vault.registrations.save(registration(), null)
  const add = (alias: string, changes: Parameters<typeof account>[0] = {}) =>
    vault.accounts.save(account({ id: `acc_${alias}`, alias, ...changes }))
  for (const name of ['d', 'B', 'c', 'a']) {
    add(name)
    vault.tokens.put(`acc_${name}`, tokens())
  }
  add('z-ended')
  vault.tokens.put('acc_z-ended', tokens())
  vault.accounts.setTrouble('acc_z-ended', trouble)
  add('z-never')
  add('z-over')
  vault.tokens.put('acc_z-over', tokens({ refreshToken: null }))
  add('self', { grant: 'client_credentials' })
  vault.tokens.put('acc_self', tokens({ refreshToken: null }))
  const accounts = createAccountService({ vault, catalogue: loadCatalogue(), clock })
  const names = (page: Parameters<typeof accounts.list>[0] = {}) => accounts.list(page).map(({ alias }) => alias)
  return { vault, clock, names }
}

const all = ['z-ended', 'z-never', 'z-over', 'a', 'B', 'c', 'd', 'self']

describe('the list of accounts', () => {
  it('begins with those that need the person; then it is by alias', async () => {
    const { names } = await world()
    expect(names()).toEqual(all)
  })

  it.each([1, 2, 3, 4, 7, 8, 100])('is the same in pages of %i', async (limit) => {
    const { names } = await world()
    const seen: string[] = []
    for (let page = names({ limit }); page.length > 0; page = names({ limit, after: `acc_${seen.at(-1)}` })) {
      if (seen.length > all.length) break
      expect(page.length).toBeLessThanOrEqual(limit)
      seen.push(...page)
    }
    expect(seen).toEqual(all)
  })

  it('holds only those that a program may see, page by page', async () => {
    const { names } = await world()
    const among = new Set(['acc_z-over', 'acc_B', 'acc_d', 'acc_gone'])
    expect(names({ among })).toEqual(['z-over', 'B', 'd'])
    expect(names({ among, limit: 2 })).toEqual(['z-over', 'B'])
    expect(names({ among, limit: 2, after: 'acc_B' })).toEqual(['d'])
    expect(names({ among: new Set() })).toEqual([])
  })

  it('follows the time of day and what is written', async () => {
    const { vault, clock, names } = await world()
    clock.set(30_000)
    expect(names()).toEqual(['z-ended', 'z-never', 'a', 'B', 'c', 'd', 'self', 'z-over'])
    vault.accounts.setTrouble('acc_c', trouble)
    vault.tokens.put('acc_z-ended', tokens())
    expect(names({ limit: 3 })).toEqual(['c', 'z-never', 'a'])
  })

  it('says so when the account that a page ended with has gone', async () => {
    const { vault, names } = await world()
    vault.accounts.remove('acc_B')
    expect(() => names({ after: 'acc_B' })).toThrow(
      expect.objectContaining({ code: 'not_found', details: expect.objectContaining({ field: 'after' }) }),
    )
  })
})
