import { createHash } from 'node:crypto'
import type { TokenFacts, TokenInspection } from '../../shared/models.ts'
import { decodeJwt, isJsonObject, numericDate } from '../oauth/jwt.ts'
import type { AccountRecord, TokenSet } from '../vault/ports.ts'

/** Everything that can be told of an account's tokens without showing one of them. */
export function inspectTokens(
  record: Pick<AccountRecord, 'id' | 'scopesRequested'>,
  tokens: TokenSet | null,
): TokenInspection {
  return {
    account_id: record.id,
    token_type: tokens?.tokenType ?? null,
    tokens: tokens ? inspectSet(tokens) : [],
    scopes_requested: record.scopesRequested,
    scopes_granted: tokens?.scopes ?? [],
  }
}

function inspectSet(tokens: TokenSet): TokenFacts[] {
  const access = inspectToken('access_token', tokens.accessToken)
  const facts: TokenFacts[] = [
    // What Latchkey goes by: it allows for the server's clock, a fallback, and a tester's wish.
    { ...access, issued_at: access.issued_at ?? time(tokens.obtainedAt), expires_at: time(tokens.expiresAt) },
  ]
  if (tokens.refreshToken) facts.push(inspectToken('refresh_token', tokens.refreshToken))
  if (tokens.idToken) facts.push(inspectToken('id_token', tokens.idToken))
  return facts
}

function inspectToken(kind: TokenFacts['kind'], token: string): TokenFacts {
  const jwt = decodeJwt(token)
  return {
    kind,
    format: jwt ? 'jwt' : 'opaque',
    length: token.length,
    fingerprint: createHash('sha256').update(token).digest('hex').slice(0, 16),
    header: jwt && withoutSecrets(jwt.header),
    claims: jwt && withoutSecrets(jwt.claims),
    issued_at: time(numericDate(jwt?.claims.iat)),
    expires_at: time(numericDate(jwt?.claims.exp)),
  }
}

const secretName = /(?:^|_)(?:token|secret|password|assertion|credential)s?$/i

/** Claims for showing. Some servers put tokens for other services into one; those stay hidden. */
function withoutSecrets(claims: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(claims).map(([name, value]) => [name, secretName.test(name) ? hidden : masked(value)]),
  )
}

const hidden = '(hidden)'

function masked(value: unknown): unknown {
  if (typeof value === 'string') return decodeJwt(value) ? hidden : value
  if (Array.isArray(value)) return value.map(masked)
  return isJsonObject(value) ? withoutSecrets(value) : value
}

function time(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
