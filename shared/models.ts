import { z } from 'zod'
import { activityKinds, type Grant, grants, signInPlaces } from './standards.ts'

/**
 * What Latchkey shows of its things: the same shapes over IPC, the local API, the command line and in the page.
 * Field names are snake_case, as in the RFCs. Times are ISO 8601 strings in UTC. None of these ever holds a secret.
 */

const time = z.string()

export const accountStates = [
  'active',
  'expiring',
  'expired',
  'reauth_required',
  'disabled',
  'unreachable',
  'never_connected',
  'locked',
] as const
export const accountStateSchema = z.enum(accountStates)
export type AccountState = z.infer<typeof accountStateSchema>

/** One word for how an account is, since when, why in one sentence, and what would fix it (null: nothing to fix). */
export const accountStatusSchema = z.object({
  state: accountStateSchema,
  since: time,
  reason: z.string(),
  remedy: z.string().nullable(),
  retry_at: time.nullable(),
})
export type AccountStatus = z.infer<typeof accountStatusSchema>

/** Who an account belongs to, from the ID token or userinfo (OIDC Core 5.1 claim names). */
export const identitySchema = z.object({
  subject: z.string(),
  issuer: z.string().nullable(),
  name: z.string().nullable(),
  username: z.string().nullable(),
  email: z.string().nullable(),
})
export type Identity = z.infer<typeof identitySchema>

export const accountSchema = z.object({
  id: z.string(),
  alias: z.string(),
  provider_id: z.string(),
  provider_name: z.string(),
  registration_id: z.string(),
  registration_name: z.string(),
  identity: identitySchema.nullable(),
  status: accountStatusSchema,
  /** How it was obtained (providers/definition.ts). */
  grant: z.string(),
  enabled: z.boolean(),
  /** The last answer to "is this token good?" (RFC 7662, userinfo, or the provider's own request). */
  validation: z.object({ at: time, good: z.boolean(), reason: z.string() }).nullable(),
  scopes_requested: z.array(z.string()),
  scopes_granted: z.array(z.string()),
  /** Facts of the token set; null when there is none (never connected, or reset). */
  token: z
    .object({
      token_type: z.string(),
      obtained_at: time,
      /** null: the provider gave none and nothing else tells; used until refused. */
      expires_at: time.nullable(),
      /** Where `expires_at` comes from. */
      expiry_source: z.enum(['expires_in', 'fallback', 'jwt', 'unknown', 'tester']),
      has_refresh_token: z.boolean(),
      has_id_token: z.boolean(),
    })
    .nullable(),
  created_at: time,
  last_used_at: time.nullable(),
  last_refresh_at: time.nullable(),
})
export type Account = z.infer<typeof accountSchema>

/** What can be told of one token without showing it. */
export const tokenFactsSchema = z.object({
  kind: z.enum(['access_token', 'refresh_token', 'id_token']),
  format: z.enum(['jwt', 'opaque']),
  length: z.number(),
  /** First 16 hex digits of its SHA-256: tells two tokens apart, opens nothing. */
  fingerprint: z.string(),
  header: z.record(z.string(), z.unknown()).nullable(),
  claims: z.record(z.string(), z.unknown()).nullable(),
  issued_at: time.nullable(),
  expires_at: time.nullable(),
})
export type TokenFacts = z.infer<typeof tokenFactsSchema>

export const tokenInspectionSchema = z.object({
  account_id: z.string(),
  token_type: z.string().nullable(),
  tokens: z.array(tokenFactsSchema),
  scopes_requested: z.array(z.string()),
  scopes_granted: z.array(z.string()),
})
export type TokenInspection = z.infer<typeof tokenInspectionSchema>

/** The ways to obtain a grant (providers/definition.ts). */
export const grantSchema = z.enum(grants)
export type { Grant }

/** Where the person signs in: Latchkey's own window, the system browser, or any browser with the answer pasted back. */
export const viaSchema = z.enum(signInPlaces)
export type Via = z.infer<typeof viaSchema>

export const flowStates = [
  'preparing',
  'waiting_for_person',
  'exchanging',
  'needs_decision',
  'completed',
  'failed',
  'cancelled',
] as const
export const flowFailures = [
  'cancelled',
  'window_closed',
  'timed_out',
  'access_denied',
  'state_mismatch',
  'issuer_mismatch',
  'duplicate_parameter',
  'invalid_answer',
  'provider_unreachable',
  'provider_error',
  'invalid_client',
  'destination_not_allowed',
  'locked',
  'internal',
] as const
export type FlowFailure = (typeof flowFailures)[number]

/** One attempt to obtain a grant, and everything that happened in it, redacted. */
export const flowSchema = z.object({
  id: z.string(),
  provider_id: z.string(),
  provider_name: z.string(),
  registration_id: z.string(),
  /** The account that is reconnected, or the one that came of it. */
  account_id: z.string().nullable(),
  via: viaSchema,
  state: z.enum(flowStates),
  /** Open this to sign in (RFC 6749 4.1.1). Present while waiting for the person. */
  authorization_url: z.string().nullable(),
  redirect_uri: z.string().nullable(),
  /** Device authorization grant (RFC 8628 3.2): what the person enters, and where. */
  device: z
    .object({ user_code: z.string(), verification_uri: z.string(), verification_uri_complete: z.string().nullable() })
    .nullable(),
  failure: z.object({ code: z.enum(flowFailures), message: z.string(), remedy: z.string() }).nullable(),
  /** For `needs_decision`: the account that was reconnected and the different person who signed in. */
  decision: z.object({ expected: z.string(), found: z.string() }).nullable(),
  steps: z.array(z.object({ at: time, text: z.string(), ok: z.boolean(), source: z.string().nullable() })),
  started_at: time,
  expires_at: time,
  ended_at: time.nullable(),
})
export type Flow = z.infer<typeof flowSchema>

export const scopeSchema = z.object({
  name: z.string(),
  text: z.string(),
  sensitivity: z.enum(['low', 'medium', 'high']),
  default: z.boolean(),
})
export type Scope = z.infer<typeof scopeSchema>

export const variableSchema = z.object({
  name: z.string(),
  label: z.string(),
  help: z.string(),
  pattern: z.string().nullable(),
  example: z.string(),
  required: z.boolean(),
  default: z.string().nullable(),
})
export type Variable = z.infer<typeof variableSchema>

/** A provider of the catalogue as the page, API and CLI show it. */
export const providerSchema = z.object({
  id: z.string(),
  name: z.string(),
  category: z.string(),
  description: z.string(),
  documentation_url: z.string().nullable(),
  console_url: z.string().nullable(),
  /** Where the person signs in by default, and why where there is no choice. */
  sign_in: z.object({ via: z.enum(['window', 'browser']), reason: z.string().nullable() }),
  client_authentication: z.array(z.string()),
  /** The ways to obtain a grant there; the first is the usual one. */
  grants: z.array(z.string()),
  /** `catalogue`, or made (`own`) or changed (`changed`) by the person. */
  origin: z.enum(['catalogue', 'own', 'changed']),
  /** false: Latchkey brings the client itself (the practice provider). */
  needs_registration: z.boolean(),
  /** The redirect URI to enter at the provider; `{port}` where a port of the moment is used. */
  redirect_uri: z.string(),
  redirect_note: z.string().nullable(),
  variables: z.array(variableSchema),
  scopes: z.array(scopeSchema),
  setup_steps: z.array(z.string()),
  notices: z.array(z.string()),
  api_base_url: z.string().nullable(),
  api_hosts: z.array(z.string()),
  evidence: z.enum(['documented', 'secondary', 'unverified']),
  sources: z.array(z.object({ url: z.string(), read_on: z.string() })),
})
export type Provider = z.infer<typeof providerSchema>

export const registrationSchema = z.object({
  id: z.string(),
  provider_id: z.string(),
  name: z.string(),
  description: z.string(),
  client_id: z.string(),
  has_client_secret: z.boolean(),
  has_private_key: z.boolean(),
  has_certificate: z.boolean(),
  enabled: z.boolean(),
  /** What it chooses where the provider leaves a choice: grant, dpop, par, resource, audience, bearer, header, … */
  options: z.record(z.string(), z.unknown()),
  client_authentication: z.string(),
  scopes: z.array(z.string()),
  variables: z.record(z.string(), z.string()),
  /** Hosts that the person added to the destination policy. */
  extra_hosts: z.array(z.string()),
  /** Seconds; used when the server sends no expiry. */
  fallback_expiry: z.number().nullable(),
  accounts: z.number(),
  created_at: time,
  updated_at: time,
})
export type Registration = z.infer<typeof registrationSchema>

export const vaultStatusSchema = z.object({
  /** `new`: no vault yet, a key guard has to be chosen. */
  state: z.enum(['new', 'locked', 'unlocked']),
  /** The key guards that have a slot. */
  guards: z.array(z.enum(['safe-storage', 'os-keyring', 'passphrase'])),
  /** Why it is locked, or how it is protected, in one sentence. */
  reason: z.string(),
  remedy: z.string().nullable(),
})
export type VaultStatus = z.infer<typeof vaultStatusSchema>

/** One line of what happened. `summary` is for people; `detail` is flat and never secret. */
export const activitySchema = z.object({
  id: z.number(),
  at: time,
  kind: z.enum(activityKinds),
  account_id: z.string().nullable(),
  provider_id: z.string().nullable(),
  /** Who asked: `page`, `cli`, `owner`, `app`, `latchkey`. */
  actor: z.string(),
  /** For `app`, and what is about one. Its name is kept here, as it was then. */
  app_id: z.string().nullable(),
  app_name: z.string().nullable(),
  /** For a use: the right it needed; the rest (method, host, path, status, bytes, duration_ms, refreshed) is in `detail`. */
  right: z.enum(['see', 'request', 'token', 'manage', 'connect']).nullable(),
  summary: z.string(),
  detail: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})
export type Activity = z.infer<typeof activitySchema>

/** The answer to a signed request, buffered. `body` when it is text, else `body_base64`. */
export const signedAnswerSchema = z.object({
  status: z.number(),
  status_text: z.string(),
  headers: z.record(z.string(), z.string()),
  body: z.string().nullable(),
  body_base64: z.string().nullable(),
  duration_ms: z.number(),
  refreshed: z.boolean(),
  url: z.string(),
})
export type SignedAnswer = z.infer<typeof signedAnswerSchema>

export const appInfoSchema = z.object({
  name: z.string(),
  version: z.string(),
  host: z.enum(['desktop', 'headless']),
  platform: z.string(),
  profile: z.string(),
  http: z.string().nullable(),
  socket: z.string().nullable(),
})
export type AppInfo = z.infer<typeof appInfoSchema>

/** The settings of the practice provider and whether it runs. */
export const practiceSchema = z.object({
  running: z.boolean(),
  issuer: z.string().nullable(),
  api_base_url: z.string().nullable(),
  /** Seconds. */
  access_token_lifetime: z.number(),
})
export type Practice = z.infer<typeof practiceSchema>

/** What main tells the page, the API's event stream and the CLI: ids and states, never secrets. */
export type LatchkeyEvent =
  | { type: 'account'; account_id: string; state: AccountState | 'removed' }
  | { type: 'flow'; flow_id: string; state: Flow['state'] }
  | { type: 'registration'; registration_id: string }
  | { type: 'activity'; activity_id: number }
  | { type: 'provider'; provider_id: string }
  | { type: 'app'; app_id: string; state: 'active' | 'expired' | 'revoked' }
  | { type: 'ask'; ask_id: string; state: 'waiting' | 'approved' | 'denied' | 'expired' }
  | { type: 'webhook'; endpoint_id: string; delivery_id: string | null }
  | { type: 'vault'; state: VaultStatus['state'] }
