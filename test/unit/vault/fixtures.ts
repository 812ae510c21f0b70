import type { Clock, Logger } from '../../../electron/platform/ports.ts'
import { passphraseGuard } from '../../../electron/vault/passphrase-guard.ts'
import type { AccountRecord, RegistrationRecord, TokenSet, Vault } from '../../../electron/vault/ports.ts'

/** Far too cheap for a real vault, and quick enough for a test. */
export const cheap = { N: 16, r: 1, p: 1 }
export const cheapGuard = (passphrase = 'correct horse') => passphraseGuard(passphrase, cheap)

export const noLog: Logger = { debug() {}, info() {}, warn() {}, error() {} }

export function settableClock(
  start = Date.UTC(2026, 0, 1),
): Clock & { set(now: number): void; advance(by: number): void } {
  let now = start
  return {
    now: () => now,
    set: (at) => {
      now = at
    },
    advance: (by) => {
      now += by
    },
  }
}

export const registration = (
  changes: Partial<RegistrationRecord> = {},
): Omit<RegistrationRecord, 'hasClientSecret'> => ({
  id: 'reg_1',
  providerId: 'practice',
  name: 'Practice',
  description: 'For trying',
  clientId: 'client-1',
  clientAuthentication: 'client_secret_basic',
  scopes: ['openid', 'profile'],
  variables: { tenant: 'common' },
  extraHosts: ['api.example.com'],
  fallbackExpiry: 3600,
  enabled: true,
  options: {},
  createdAt: 1000,
  updatedAt: 2000,
  ...changes,
})

export const account = (changes: Partial<AccountRecord> = {}): AccountRecord => ({
  id: 'acc_1',
  registrationId: 'reg_1',
  providerId: 'practice',
  alias: 'practice:ada',
  identity: { subject: 'ada', issuer: 'http://127.0.0.1:1', name: 'Ada', username: 'ada', email: 'ada@example.com' },
  scopesRequested: ['openid'],
  grant: 'authorization_code',
  enabled: true,
  validation: null,
  trouble: null,
  createdAt: 1000,
  lastUsedAt: null,
  lastRefreshAt: null,
  ...changes,
})

export const tokens = (changes: Partial<TokenSet> = {}): TokenSet => ({
  accessToken: 'access-1',
  refreshToken: 'refresh-1',
  idToken: 'id-1',
  tokenType: 'Bearer',
  scopes: ['openid'],
  obtainedAt: 1000,
  expiresAt: 61_000,
  expirySource: 'expires_in',
  ...changes,
})

/** A registration and an account, ready for tokens. */
export function seed(vault: Vault): void {
  vault.registrations.save(registration(), 'client-secret-1')
  vault.accounts.save(account())
}
