import { describe, expect, it } from 'vitest'
import { readClaim, readIdentity } from '../../../electron/oauth/identity.ts'

describe('claims', () => {
  const claims = {
    sub: 'abc',
    id: 42,
    empty: '',
    none: null,
    deep: { er: { mail: 'ada@example.com' } },
    'https://example.com/name': 'Ada',
  }
  it.each([
    ['by name', ['sub'], 'abc'],
    ['that are numbers, as text', ['id'], '42'],
    ['by path', ['deep.er.mail'], 'ada@example.com'],
    ['with dots in their name', ['https://example.com/name'], 'Ada'],
    ['by the first path that leads somewhere', ['missing', 'empty', 'none', 'sub', 'id'], 'abc'],
    ['that are not there', ['deep.nothing.here'], null],
    ['that are objects', ['deep'], null],
    ['that only prototypes have', ['constructor.name', '__proto__', 'toString'], null],
  ])('are read %s', (_, paths, expected) => {
    expect(readClaim(claims, paths)).toBe(expected)
  })
})

describe('an identity', () => {
  const mapping = { sources: ['id_token' as const], subject: ['sub'], name: ['name'], email: ['email', 'upn'] }

  it('has what the mapping names and null for the rest', () => {
    const identity = readIdentity({ sub: 'a', upn: 'ada@example.com', preferred_username: 'x' }, mapping, 'https://op')
    expect(identity).toEqual({
      subject: 'a',
      issuer: 'https://op',
      name: null,
      username: null,
      email: 'ada@example.com',
    })
  })

  it('is nothing without a subject', () => {
    expect(readIdentity({ email: 'ada@example.com' }, mapping, null)).toBeNull()
  })
})
