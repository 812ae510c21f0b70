import { describe, expect, it } from 'vitest'
import { accountStatus } from '../../../electron/services/account-state.ts'
import type { TokenSetFacts, Trouble } from '../../../electron/vault/ports.ts'

const now = Date.parse('2025-06-01T12:00:00Z')
const hour = 3_600_000
const iso = (at: number) => new Date(at).toISOString()

const facts = (changes: Partial<TokenSetFacts> = {}): TokenSetFacts => ({
  tokenType: 'Bearer',
  scopes: [],
  obtainedAt: now - hour / 2,
  expiresAt: now + hour / 2,
  expirySource: 'expires_in',
  hasRefreshToken: true,
  hasIdToken: false,
  generation: 1,
  ...changes,
})
const unreachable: Trouble = {
  kind: 'unreachable',
  reason: 'Google could not be reached.',
  since: now - 60_000,
  retryAt: now + 60_000,
  failures: 3,
}
const ended: Trouble = {
  kind: 'reauth_required',
  reason: 'Google no longer accepts it.',
  since: now - 5,
  retryAt: null,
  failures: 0,
}

const status = (token: TokenSetFacts | null, trouble: Trouble | null = null) =>
  accountStatus({ trouble, createdAt: now - 2 * hour, enabled: true }, null, token, now)

describe('the state of an account', () => {
  it.each([
    ['active while its token is good', facts(), null, 'active', now - hour / 2, false],
    [
      'active without an expiry',
      facts({ expiresAt: null, expirySource: 'unknown' }),
      null,
      'active',
      now - hour / 2,
      false,
    ],
    [
      'active near the end when it can be refreshed',
      facts({ expiresAt: now + 5000 }),
      null,
      'active',
      now - hour / 2,
      false,
    ],
    [
      'active without a refresh token while there is time',
      facts({ hasRefreshToken: false }),
      null,
      'active',
      now - hour / 2,
      false,
    ],
    [
      'expiring near the end without a refresh token',
      facts({ hasRefreshToken: false, obtainedAt: now - 58 * 60_000, expiresAt: now + 2 * 60_000 }),
      null,
      'expiring',
      now - 4 * 60_000,
      true,
    ],
    ['expired when it is refreshed on use', facts({ expiresAt: now - 1000 }), null, 'expired', now - 1000, false],
    ['expired at the very moment', facts({ expiresAt: now }), null, 'expired', now, false],
    [
      'reauth_required when it cannot be',
      facts({ expiresAt: now - 1000, hasRefreshToken: false }),
      null,
      'reauth_required',
      now - 1000,
      true,
    ],
    ['reauth_required when the grant has ended', facts(), ended, 'reauth_required', now - 5, true],
    ['reauth_required after a reset', null, ended, 'reauth_required', now - 5, true],
    [
      'unreachable when the last refresh failed',
      facts({ expiresAt: now - 1 }),
      unreachable,
      'unreachable',
      now - 60_000,
      true,
    ],
    [
      'reauth_required rather than unreachable',
      facts({ expiresAt: now - 1000, hasRefreshToken: false }),
      unreachable,
      'reauth_required',
      now - 1000,
      true,
    ],
    ['never_connected without a token set', null, null, 'never_connected', now - 2 * hour, true],
  ] as const)('is %s', (_, token, trouble, state, since, needsMending) => {
    const shown = status(token, trouble)
    expect(shown).toMatchObject({ state, since: iso(since) })
    expect(shown.remedy !== null).toBe(needsMending)
    expect(shown.reason).toMatch(/\.$/)
  })

  it('tells of a passing failure when the next try is due and whether the token still works', () => {
    expect(status(facts({ expiresAt: now - 1 }), unreachable)).toMatchObject({
      reason: 'Google could not be reached.',
      retry_at: iso(now + 60_000),
    })
    expect(status(facts(), unreachable).reason).toContain('still works')
    expect(status(facts()).retry_at).toBeNull()
  })
})
