import { describe, expect, it } from 'vitest'
import { checkAlias, deriveAlias, uniqueAlias } from '../../../electron/services/connect-alias.ts'
import { describePerson, judgePerson } from '../../../electron/services/connect-person.ts'
import { account } from '../vault/support.ts'

const ada = {
  subject: '1',
  issuer: 'https://id.example',
  name: 'Ada Lovelace',
  username: 'ada',
  email: 'ada@a.example',
}
const grace = { ...ada, subject: '2', name: 'Grace Hopper', username: 'grace', email: 'grace@a.example' }
const nobody = { ...ada, name: null, username: null, email: null }

describe('who signed in', () => {
  const hers = account({ identity: ada })
  const other = account({ id: 'acc_2', identity: grace })
  const unnamed = account({ identity: null })

  it('[G8] brings the account of the same person up to date instead of adding another', () => {
    expect(judgePerson(ada, null, [hers])).toEqual({ kind: 'update', account: hers })
    expect(judgePerson(ada, hers, [hers])).toEqual({ kind: 'update', account: hers })
  })

  it('[A3] adds an account for somebody new, and for a sign-in without an identity', () => {
    expect(judgePerson(grace, null, [])).toEqual({ kind: 'create' })
    expect(judgePerson(null, null, [])).toEqual({ kind: 'create' })
  })

  it('asks when somebody else signed in than the account belongs to', () => {
    expect(judgePerson(grace, hers, [])).toEqual({ kind: 'ask', account: hers })
    expect(judgePerson(grace, hers, [other])).toEqual({ kind: 'ask', account: hers })
  })

  it('takes the same subject of another issuer for somebody else (OpenID Connect Core 5.7)', () => {
    expect(judgePerson({ ...ada, issuer: 'https://other.example' }, hers, []).kind).toBe('ask')
    expect(judgePerson({ ...ada, issuer: null }, hers, []).kind).toBe('ask')
  })

  it('asks when the provider no longer says who it is', () => {
    expect(judgePerson(null, hers, []).kind).toBe('ask')
  })

  it('lets an account without an identity be reconnected, unless the person has an account already', () => {
    expect(judgePerson(null, unnamed, [])).toEqual({ kind: 'update', account: unnamed })
    expect(judgePerson(ada, unnamed, [])).toEqual({ kind: 'update', account: unnamed })
    expect(judgePerson(ada, unnamed, [other]).kind).toBe('ask')
  })

  it('describes people by name and handle', () => {
    expect(describePerson(ada)).toBe('Ada Lovelace (ada)')
    expect(describePerson({ ...ada, username: null })).toBe('Ada Lovelace (ada@a.example)')
    expect(describePerson(nobody)).toBe('1')
    expect(describePerson(null)).toBe('someone the provider does not name')
  })
})

describe('the alias of a new account', () => {
  it('[C4] is derived from user name, else email, else subject', () => {
    expect(deriveAlias('practice', ada)).toBe('practice:ada')
    expect(deriveAlias('practice', { ...ada, username: null })).toBe('practice:ada@a.example')
    expect(deriveAlias('practice', nobody)).toBe('practice:1')
    expect(deriveAlias('practice', null)).toBe('practice')
    expect(deriveAlias('practice', { ...ada, username: ' \n ' })).toBe('practice')
  })

  it('is made unique', () => {
    const taken = new Set(['practice:ada', 'practice:ada-2'])
    expect(uniqueAlias('practice:ada', (alias) => taken.has(alias))).toBe('practice:ada-3')
    expect(uniqueAlias('practice:grace', (alias) => taken.has(alias))).toBe('practice:grace')
  })

  it('is one visible line', () => {
    expect(checkAlias(' work ')).toBe('work')
    for (const alias of ['', '  ', 'a\nb', 'a\u001b[2J', 'a\u0000']) expect(() => checkAlias(alias)).toThrow('one line')
  })
})
