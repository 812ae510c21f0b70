import type { FlowFailure, Identity } from '../../shared/models.ts'
import type { Route } from '../platform/ports.ts'
import type { Definition } from '../providers/definition.ts'
import type { RegistrationCredentials, RegistrationOptions, TokenSet } from '../vault/ports.ts'

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
  /** What the registration chooses where the provider leaves a choice. */
  options?: RegistrationOptions
  /** PEM texts, for private_key_jwt, tls_client_auth and the JWT bearer grant. */
  credentials?: RegistrationCredentials
  /** The account's key that its tokens are bound to (RFC 9449), a private JWK as JSON. */
  dpopKey?: string | null
  /** How every request to this provider travels; absent: as the system does it. */
  route?: Route
}

/** An authorization request that has been prepared (RFC 6749 4.1.1, RFC 7636). Kept in memory only. */
export interface PendingAuthorization {
  authorizationUrl: string
  redirectUri: string
  state: string
  codeVerifier: string | null
  nonce: string | null
  scopes: string[]
  /** How the answer comes back, and under which names (authorization-answer.ts). */
  answer: AnswerShape
  /** The key that the tokens of this sign-in are bound to (RFC 9449), a private JWK as JSON. */
  dpopKey: string | null
}

/** Where an authorization response holds what (RFC 6749 4.1.2 and 4.2.2, Form Post Response Mode, JARM). */
export interface AnswerShape {
  mode: 'query' | 'fragment' | 'form_post'
  /** JARM: everything stands in one JWT, the parameter `response`. */
  jwt: boolean
  /** The answer holds the token itself instead of a code (RFC 6749 4.2.2). */
  withoutCode: boolean
  names: { code: string; state: string; error: string; errorDescription: string; accessToken: string }
}

/** Something worth a line in the flow's trace. `source` is an RFC section or the like. Never secret. */
export type Trace = (text: string, ok: boolean, source: string | null) => void

/** A grant that needs no redirect, and what it is obtained with. Secrets: memory only. */
export type GrantRequest =
  /** RFC 6749 4.4 */
  | { grant: 'client_credentials' }
  /** RFC 6749 4.3 */
  | { grant: 'password'; username: string; password: string }
  /** RFC 7523 2.1. `subject`: whom the assertion is about, where it is not whom the registration names. */
  | { grant: 'jwt_bearer'; subject: string | null }
  /** RFC 8693. `subjectIdentity`: whom the token that is exchanged belongs to. */
  | { grant: 'token_exchange'; subjectToken: string; subjectIdentity: Identity | null }

/** A device authorization (RFC 8628 3.2) that waits for the person. Kept in memory only. */
export interface PendingDevice {
  deviceCode: string
  userCode: string
  verificationUri: string
  verificationUriComplete: string | null
  /** Milliseconds since 1970. */
  expiresAt: number
  /** Seconds between two polls, at least. */
  interval: number
  scopes: string[]
}

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
  ): Promise<{ tokens: TokenSet; identity: Identity | null; dpopKey?: string | null }>
  /** RFC 6749 6. Keeps the old refresh token when the answer has none. Throws `RefreshError`. */
  refresh(settings: ClientSettings, tokens: TokenSet, options: { signal: AbortSignal }): Promise<TokenSet>
  /** Obtains a grant that needs no redirect. Throws `FlowError`. */
  obtain(
    settings: ClientSettings,
    request: GrantRequest,
    options: { scopes: string[]; signal: AbortSignal; trace: Trace },
  ): Promise<{ tokens: TokenSet; identity: Identity | null; dpopKey?: string | null }>
  /** The same once more for an account whose access token ends. Throws `RefreshError`. */
  renew(
    settings: ClientSettings,
    request: GrantRequest,
    options: { scopes: string[]; signal: AbortSignal },
  ): Promise<TokenSet>
  /** RFC 8628 3.1: asks for a user code. Throws `FlowError`. */
  beginDevice(
    settings: ClientSettings,
    options: { scopes: string[]; signal: AbortSignal; trace: Trace },
  ): Promise<PendingDevice>
  /** RFC 8628 3.4: polls until the person has answered or the code has expired. Throws `FlowError`. */
  finishDevice(
    settings: ClientSettings,
    pending: PendingDevice,
    options: { signal: AbortSignal; trace: Trace },
  ): Promise<{ tokens: TokenSet; identity: Identity | null; dpopKey?: string | null }>
  /**
   * Whether the provider still takes the access token (RFC 7662, userinfo, or its own request); null: it has no way of
   * telling. Throws `provider_unreachable`, `timeout`, `provider_error`.
   */
  validate(settings: ClientSettings, tokens: TokenSet, options: { signal: AbortSignal }): Promise<Validation | null>
  /** RFC 7009, when the provider has an endpoint; resolves to false when it has none. Throws `provider_*`. */
  revoke(settings: ClientSettings, tokens: TokenSet, options: { signal: AbortSignal }): Promise<boolean>
}

/** What a provider says of an access token. `reason` is a sentence for a person. */
export interface Validation {
  good: boolean
  by: 'introspection' | 'userinfo' | 'request'
  reason: string
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
