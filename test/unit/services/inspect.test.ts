import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { inspectTokens } from '../../../electron/services/inspect.ts'
import type { TokenSet } from '../../../electron/vault/ports.ts'
import { tokenInspectionSchema } from '../../../shared/models.ts'

const now = Date.parse('2025-06-01T12:00:00Z')
const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
const jwt = (claims: object) => `${encode({ alg: 'RS256', kid: 'k1' })}.${encode(claims)}.c2lnbmF0dXJl`

const inner = jwt({ sub: 'inner' })
const tokens: TokenSet = {
  accessToken: jwt({
    sub: 'ada',
    iat: now / 1000,
    exp: now / 1000 + 3600,
    at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng',
    subject_token: 'a-secret-of-another-service',
    list: [inner, 'fine'],
    nested: { client_secret: 'hush', name: 'Ada' },
  }),
  refreshToken: 'opaque-refresh-token',
  idToken: jwt({ sub: 'ada', nonce: 'n', iat: now / 1000, exp: now / 1000 + 60 }),
  tokenType: 'Bearer',
  scopes: ['openid'],
  obtainedAt: now,
  expiresAt: now + 1800_000,
  expirySource: 'tester',
}
const record = { id: 'acc_1', scopesRequested: ['openid', 'email'] }

describe('the inspection of tokens', () => {
  it('tells what they are and never what they read', () => {
    const shown = inspectTokens(record, tokens)
    expect(tokenInspectionSchema.parse(shown)).toEqual(shown)
    const text = JSON.stringify(shown)
    for (const secret of [tokens.accessToken, tokens.refreshToken, tokens.idToken, inner, 'hush', 'a-secret-of']) {
      expect(text).not.toContain(secret)
    }
    expect(text).not.toContain('c2lnbmF0dXJl')
    expect(shown).toMatchObject({
      token_type: 'Bearer',
      scopes_requested: ['openid', 'email'],
      scopes_granted: ['openid'],
    })
  })

  it('decodes claims, and hides tokens among them', () => {
    const [access] = inspectTokens(record, tokens).tokens
    expect(access).toMatchObject({ kind: 'access_token', format: 'jwt', header: { alg: 'RS256', kid: 'k1' } })
    expect(access?.claims).toMatchObject({
      sub: 'ada',
      at_hash: 'MTIzNDU2Nzg5MDEyMzQ1Ng',
      subject_token: '(hidden)',
      list: ['(hidden)', 'fine'],
      nested: { client_secret: '(hidden)', name: 'Ada' },
    })
  })

  it('shows the expiry that Latchkey goes by for the access token, and the own one of the ID token', () => {
    const [access, refresh, id] = inspectTokens(record, tokens).tokens
    expect(access?.expires_at).toBe(new Date(now + 1800_000).toISOString())
    expect(refresh).toMatchObject({ format: 'opaque', claims: null, issued_at: null, expires_at: null })
    expect(id?.expires_at).toBe(new Date(now + 60_000).toISOString())
  })

  it('tells two tokens apart by their fingerprints', () => {
    const [, refresh] = inspectTokens(record, tokens).tokens
    expect(refresh).toMatchObject({
      fingerprint: createHash('sha256').update('opaque-refresh-token').digest('hex').slice(0, 16),
      length: 'opaque-refresh-token'.length,
    })
  })

  it('is empty without tokens', () => {
    expect(inspectTokens(record, null)).toMatchObject({ account_id: 'acc_1', token_type: null, tokens: [] })
  })
})
