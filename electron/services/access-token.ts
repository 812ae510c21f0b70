import { LatchkeyError } from '../../shared/errors.ts'
import type { Activity } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import type { Vault } from '../vault/ports.ts'
import type { AccountService, Caller, TokenService } from './ports.ts'

/** An access token for a program that must have one (RFC 6750). The only thing of Latchkey's that gives one away. */
export interface AccessToken {
  access_token: string
  token_type: string
  /** ISO 8601; null: the provider gave no expiry. */
  expires_at: string | null
  /** Seconds from now. */
  expires_in: number | null
  scopes: string[]
}

/** Hands out access tokens over the local API. The page and IPC have no way to it. */
export interface AccessTokenService {
  /**
   * @param options.minValidity Seconds that the token must still live.
   * Throws not_found, ambiguous_account, invalid_request (a token that is bound to a key), locked, reauth_required, provider_unreachable, provider_error.
   */
  get(reference: string, options: { minValidity?: number }, caller: Caller): Promise<AccessToken>
}

export function createAccessTokenService(parts: {
  vault: Pick<Vault, 'accounts'>
  accounts: Pick<AccountService, 'resolve'>
  tokens: Pick<TokenService, 'fresh'>
  activity: { add(entry: Omit<Activity, 'id' | 'at'>): void }
  clock: Clock
}): AccessTokenService {
  return {
    async get(reference, options, caller) {
      const account = parts.accounts.resolve(reference)
      const { tokens, refreshed } = await parts.tokens.fresh(account.id, options)
      if (tokens.tokenType === 'DPoP') throw boundToKey(account.alias)
      const now = parts.clock.now()
      parts.vault.accounts.touchUsed(account.id, now)
      parts.activity.add({
        kind: 'token',
        account_id: account.id,
        provider_id: account.providerId,
        actor: caller.kind,
        summary: `An access token of ${account.alias} was handed out.`,
        detail: { refreshed },
      })
      return {
        access_token: tokens.accessToken,
        token_type: tokens.tokenType,
        expires_at: tokens.expiresAt === null ? null : new Date(tokens.expiresAt).toISOString(),
        expires_in: tokens.expiresAt === null ? null : Math.max(0, Math.floor((tokens.expiresAt - now) / 1000)),
        scopes: tokens.scopes,
      }
    },
  }
}

/** The key stays here (RFC 9449 1), and without it the token is worth nothing to anybody. */
function boundToKey(alias: string): LatchkeyError {
  return new LatchkeyError(
    'invalid_request',
    `The token of ${alias} is bound to a key that never leaves Latchkey (DPoP), so a program could not use it.`,
    { action: { text: 'Send the request through Latchkey, which signs it: POST /v1/accounts/{account}/request.' } },
  )
}
