import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock } from '../platform/ports.ts'
import type { RegistrationRecord, TokenSet, Vault } from '../vault/ports.ts'
import type { Caller, Gate, TokenService } from './ports.ts'
import type { AuditService } from './ports-apps.ts'

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

/** What the token has to be good for. */
export interface AccessTokenOptions {
  /** Seconds that it must still live. */
  minValidity?: number
  /** An API refused this one: it is refreshed, unless it has been replaced already. */
  rejected?: string
  /** All of them have to be granted. */
  scopes?: string[]
  /** As in the registration: a token is for whom it was asked for. */
  audience?: string
}

/** Hands out access tokens over the local API. The page and IPC have no way to it. */
export interface AccessTokenService {
  /**
   * Throws forbidden, not_found, ambiguous_account, invalid_request (a token that is bound to a key; fields `scopes` and
   * `audience` where it has others), locked, reauth_required, provider_unreachable, provider_error.
   */
  get(reference: string, options: AccessTokenOptions, caller: Caller): Promise<AccessToken>
}

export function createAccessTokenService(parts: {
  vault: Pick<Vault, 'accounts' | 'registrations'>
  gate: Pick<Gate, 'account'>
  tokens: Pick<TokenService, 'fresh'>
  audit: Pick<AuditService, 'use'>
  clock: Clock
}): AccessTokenService {
  return {
    async get(reference, { minValidity, rejected, scopes = [], audience }, caller) {
      const started = parts.clock.now()
      const account = parts.gate.account(reference, caller, 'token')
      const use = { account, caller, right: 'token' as const }
      try {
        if (audience !== undefined) checkAudience(parts.vault.registrations.get(account.registrationId), audience)
        const demand = {
          ...(minValidity === undefined ? {} : { minValidity }),
          ...(rejected === undefined ? {} : { rejected }),
        }
        const { tokens, refreshed } = await parts.tokens.fresh(account.id, demand)
        if (tokens.tokenType === 'DPoP') throw boundToKey(account.alias)
        checkScopes(tokens.scopes, scopes)
        // The permission may have gone while the token was refreshed.
        parts.gate.account(account.id, caller, 'token')
        const now = parts.clock.now()
        parts.vault.accounts.touchUsed(account.id, now)
        const summary = `An access token of ${account.alias} was handed out.`
        parts.audit.use({ ...use, status: 200, durationMs: now - started, refreshed, summary })
        return answerOf(tokens, now)
      } catch (error) {
        if (error instanceof LatchkeyError && error.code !== 'locked') {
          const durationMs = parts.clock.now() - started
          parts.audit.use({ ...use, error: error.code, durationMs, refreshed: false, summary: error.message })
        }
        throw error
      }
    },
  }
}

function answerOf(tokens: TokenSet, now: number): AccessToken {
  return {
    access_token: tokens.accessToken,
    token_type: tokens.tokenType,
    expires_at: tokens.expiresAt === null ? null : new Date(tokens.expiresAt).toISOString(),
    expires_in: tokens.expiresAt === null ? null : Math.max(0, Math.floor((tokens.expiresAt - now) / 1000)),
    scopes: tokens.scopes,
  }
}

/** A token for somebody else would need a grant of its own (RFC 8707 2.2). */
function checkAudience(registration: RegistrationRecord | null, audience: string): void {
  const { audience: own, resource } = registration?.options ?? {}
  if (audience === own || audience === resource) return
  throw new LatchkeyError('invalid_request', 'The tokens of this account are not made for this audience.', {
    field: 'audience',
    action: { text: 'Connect an account with a registration whose audience or resource is this one.' },
  })
}

function checkScopes(granted: string[], wanted: string[]): void {
  const missing = wanted.filter((scope) => !granted.includes(scope))
  if (missing.length === 0) return
  throw new LatchkeyError('invalid_request', `The person has not granted: ${missing.join(', ')}.`, {
    field: 'scopes',
    action: { text: 'Connect the account again with these scopes.' },
  })
}

/** The key stays here (RFC 9449 1), and without it the token is worth nothing to anybody. */
function boundToKey(alias: string): LatchkeyError {
  return new LatchkeyError(
    'invalid_request',
    `The token of ${alias} is bound to a key that never leaves Latchkey (DPoP), so a program could not use it.`,
    { action: { text: 'Send the request through Latchkey, which signs it: POST /v1/accounts/{account}/request.' } },
  )
}
