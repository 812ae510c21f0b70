import type { FlowFailure, Identity } from '../../shared/models.ts'
import type { Definition } from '../providers/definition.ts'
import type { TokenSet } from '../vault/ports.ts'

/** What every OAuth request needs to know: the provider, and one client there, secrets included. */
export interface ClientSettings {
  definition: Definition
  clientId: string
  clientSecret: string | null
  clientAuthentication: string
  /** Fill `{variable}` in the definition's URLs. */
  variables: Record<string, string>
  /** Seconds; the registration's own expiry where the server sends none. */
  fallbackExpiry: number | null
}

/** An authorization request that has been prepared (RFC 6749 4.1.1, RFC 7636). Kept in memory only. */
export interface PendingAuthorization {
  authorizationUrl: string
  redirectUri: string
  state: string
  codeVerifier: string | null
  nonce: string | null
  scopes: string[]
}

/** Something worth a line in the flow's trace. `source` is an RFC section or the like. Never secret. */
export type Trace = (text: string, ok: boolean, source: string | null) => void

export interface OAuth {
  /** Discovers if needed and builds the authorization URL. Throws `FlowError`. */
  beginAuthorization(
    settings: ClientSettings,
    options: { redirectUri: string; scopes: string[]; loginHint?: string; signal: AbortSignal; trace: Trace },
  ): Promise<PendingAuthorization>
  /** Checks the answer, exchanges the code, finds out who it is. Throws `FlowError`. */
  finishAuthorization(
    settings: ClientSettings,
    pending: PendingAuthorization,
    answer: URL,
    options: { signal: AbortSignal; trace: Trace },
  ): Promise<{ tokens: TokenSet; identity: Identity | null }>
  /** RFC 6749 6. Keeps the old refresh token when the answer has none. Throws `RefreshError`. */
  refresh(settings: ClientSettings, tokens: TokenSet, options: { signal: AbortSignal }): Promise<TokenSet>
  /** RFC 7009, when the provider has an endpoint; resolves to false when it has none. Throws `provider_*`. */
  revoke(settings: ClientSettings, tokens: TokenSet, options: { signal: AbortSignal }): Promise<boolean>
}

/** Why a flow ended, in words for a person, with the next thing to try. */
export class FlowError extends Error {
  readonly failure: FlowFailure
  readonly remedy: string
  constructor(failure: FlowFailure, message: string, remedy: string, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'FlowError'
    this.failure = failure
    this.remedy = remedy
  }
}

/**
 * Why a refresh did not work. `fatal`: only the person can help (`invalid_grant` and its known cousins). `transient`: try
 * later, the grant is kept. `refused`: the provider refuses the client or the request itself; the grant is kept.
 */
export class RefreshError extends Error {
  readonly kind: 'fatal' | 'transient' | 'refused'
  /** The OAuth error code, an HTTP status as text, or `network`, `timeout`, `invalid_answer`. Never a secret. */
  readonly code: string
  /** Milliseconds to wait, from Retry-After. */
  readonly retryAfter: number | null
  /** false: the request certainly never reached the provider. */
  readonly sent: boolean
  constructor(
    kind: RefreshError['kind'],
    code: string,
    message: string,
    options: { retryAfter?: number | null; sent?: boolean; cause?: unknown } = {},
  ) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = 'RefreshError'
    this.kind = kind
    this.code = code
    this.retryAfter = options.retryAfter ?? null
    this.sent = options.sent ?? true
  }
}
