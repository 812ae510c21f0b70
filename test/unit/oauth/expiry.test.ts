import { describe, expect, it } from 'vitest'
import { accessTokenExpiry, clockSkew, refreshThreshold } from '../../../electron/oauth/expiry.ts'

const now = Date.parse('2025-06-01T12:00:00Z')
const jwt = (claims: object) =>
  ['{"alg":"none"}', JSON.stringify(claims), ''].map((part) => Buffer.from(part).toString('base64url')).join('.')
const inAnHour = jwt({ exp: now / 1000 + 3600 })

describe('the expiry of an access token', () => {
  it.each([
    ['expires_in first', { expiresIn: 60, fallbackExpiry: 900, accessToken: inAnHour }, 60_000, 'expires_in'],
    ['then the fallback', { expiresIn: null, fallbackExpiry: 900, accessToken: inAnHour }, 900_000, 'fallback'],
    ['then the exp of a JWT', { expiresIn: null, fallbackExpiry: null, accessToken: inAnHour }, 3_600_000, 'jwt'],
    ['else unknown', { expiresIn: null, fallbackExpiry: null, accessToken: 'opaque' }, null, 'unknown'],
    ['a JWT without exp', { expiresIn: null, fallbackExpiry: null, accessToken: jwt({ sub: 'a' }) }, null, 'unknown'],
    [
      'a JWT with a bad exp',
      { expiresIn: null, fallbackExpiry: null, accessToken: jwt({ exp: 'x' }) },
      null,
      'unknown',
    ],
    ['what only looks like a JWT', { expiresIn: null, fallbackExpiry: null, accessToken: 'a.b.c' }, null, 'unknown'],
  ] as const)('[E6] is %s', (_, facts, life, source) => {
    const { expiresAt, expirySource } = accessTokenExpiry({ ...facts, receivedAt: now, skew: 0 })
    expect(expirySource).toBe(source)
    expect(expiresAt === null ? null : expiresAt - now).toBe(life)
  })

  it('takes the difference of the clocks off an exp and off nothing else', () => {
    const facts = { accessToken: inAnHour, fallbackExpiry: null, receivedAt: now, skew: 600_000 }
    expect(accessTokenExpiry({ ...facts, expiresIn: null }).expiresAt).toBe(now + 3_000_000)
    expect(accessTokenExpiry({ ...facts, expiresIn: 60 }).expiresAt).toBe(now + 60_000)
  })
})

describe('the difference of the clocks', () => {
  const at = (ms: number) => new Date(now + ms).toUTCString()

  it.each([
    ['no Date header', null, 0],
    ['no date in it', 'yesterday', 0],
    ['the same second', at(0), 0],
    ['a second that began before the answer', at(-900), 0],
    ['an hour ahead', at(3_600_000), 3_600_000],
    ['an hour behind', at(-3_600_000), -3_600_000],
  ])('with %s', (_, date, expected) => {
    expect(Math.abs(clockSkew(date, now, now + 200) - expected)).toBeLessThanOrEqual(500)
  })

  it('is none when a slow answer explains it', () => {
    expect(clockSkew(at(4000), now, now + 10_000)).toBe(0)
  })
})

describe('the time that must be left', () => {
  it.each([
    ['a tenth of a long life', 36_000, 3600],
    ['a minute of an hour', 600, 60],
    ['a minute of ten minutes', 599, 60],
    ['half of a short life', 100, 50],
    ['half of a very short life', 2, 1],
    ['nothing of no life', 0, 0],
  ])('is %s', (_, life, threshold) => {
    expect(refreshThreshold({ obtainedAt: now, expiresAt: now + life * 1000 })).toBe(threshold * 1000)
  })

  it('is nothing where the expiry is unknown', () => {
    expect(refreshThreshold({ obtainedAt: now, expiresAt: null })).toBe(0)
  })
})
