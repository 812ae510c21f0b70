import type { TokenEndpointResponse } from 'openid-client'
import type { TokenSet } from '../vault/ports.ts'
import type { RecordedAnswer } from './exchange.ts'
import { accessTokenExpiry } from './expiry.ts'

/**
 * A token set from a checked token answer (RFC 6749 5.1). What the answer leaves out comes from `before`: a refresh that
 * brings no refresh token, scope or ID token leaves those as they were (RFC 6749 6, OpenID Connect Core 12.2).
 */
export function tokenSetFrom(
  answer: TokenEndpointResponse,
  recorded: RecordedAnswer,
  before: Pick<TokenSet, 'refreshToken' | 'idToken' | 'scopes' | 'extra'>,
  fallbackExpiry: number | null,
): TokenSet {
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before.refreshToken,
    idToken: answer.id_token ?? before.idToken,
    tokenType: tokenTypeNames[answer.token_type] ?? answer.token_type,
    scopes: answer.scope === undefined ? before.scopes : splitScopes(answer.scope),
    extra: { ...before.extra, ...recorded.saved },
    obtainedAt: recorded.answeredAt,
    ...accessTokenExpiry({
      accessToken: answer.access_token,
      expiresIn: answer.expires_in ?? null,
      fallbackExpiry,
      receivedAt: recorded.answeredAt,
      skew: recorded.skew,
    }),
  }
}

/** openid-client writes them in small letters (RFC 6749 7.1: case does not matter); a header field does not. */
const tokenTypeNames: Record<string, string> = { bearer: 'Bearer', dpop: 'DPoP' }

/** Scopes as the server wrote them: spaces (RFC 6749 3.3), or commas as GitHub answers. */
export function splitScopes(scope: string): string[] {
  return [...new Set(scope.split(/[\s,]+/).filter((name) => name !== ''))]
}
