import type { Account, Identity, VaultStatus } from '../../shared/models.ts'
import type { Grant } from '../../shared/standards.ts'
import type { ActivityRow, ActivityStore, AppStore, AskStore, BindingStore } from './ports-apps.ts'

/**
 * What the vault keeps, and how the services reach it. Times are milliseconds since 1970, lifetimes are seconds.
 * Every method of a store throws `LatchkeyError('locked')` while the vault is locked. Store methods are synchronous:
 * better-sqlite3 is, and a transaction that cannot be interleaved is easier to trust.
 */

export type ExpirySource = NonNullable<Account['token']>['expiry_source']

/** A token set with its secrets (RFC 6749 5.1). */
export interface TokenSet {
  accessToken: string
  refreshToken: string | null
  idToken: string | null
  tokenType: string
  scopes: string[]
  obtainedAt: number
  expiresAt: number | null
  expirySource: ExpirySource
  /** What else the token answer held (`oauth.NAME` in templates, `instance_url`), strings only. Kept sealed. */
  extra?: Record<string, string>
}

/** The same without secrets: what a list shows, read without opening a single ciphertext. */
export interface TokenSetFacts {
  tokenType: string
  scopes: string[]
  obtainedAt: number
  expiresAt: number | null
  expirySource: ExpirySource
  hasRefreshToken: boolean
  hasIdToken: boolean
  /** Counts the token sets this account has had: a reader that finds it changed reads again. */
  generation: number
}

export interface RegistrationRecord {
  id: string
  providerId: string
  name: string
  description: string
  clientId: string
  clientAuthentication: string
  scopes: string[]
  variables: Record<string, string>
  extraHosts: string[]
  fallbackExpiry: number | null
  hasClientSecret: boolean
  /** false: nothing of it can be used and no sign-in starts; tokens are kept. */
  enabled: boolean
  /** Since when it is not enabled. Absent for one that is. */
  disabledAt?: number
  options: RegistrationOptions
  createdAt: number
  updatedAt: number
}

/** What a registration chooses where the provider leaves a choice. Not secret. */
export interface RegistrationOptions {
  grant?: Grant
  /** Send only when the person wants it: RFC 9449, RFC 9126. */
  dpop?: boolean
  par?: boolean
  resource?: string
  audience?: string
  /** `id_token` instead of the access token is attached to signed requests (C9). */
  bearer?: 'access_token' | 'id_token'
  /** Header for signed requests where it differs from the provider's (C13). */
  header?: { name: string; prefix: string }
  /** Base URI for relative request URLs (D8). */
  baseUrl?: string
  /** private_key_jwt, client_secret_jwt */
  signingAlgorithm?: string
  keyId?: string
  /** jwt_bearer: `iss`, `sub`, `aud` of the assertion (RFC 7523 3). Absent: client ID, issuer, token endpoint. */
  assertion?: {
    issuer?: string
    /** Absent: the issuer itself. Empty: none is named, as Google wants it of a service account that acts for itself. */
    subject?: string
    audience?: string
  }
}

export type { Grant }

/** Secrets of a registration besides the client secret. PEM texts; a PKCS#12 is unpacked before it is stored. */
export interface RegistrationCredentials {
  privateKey?: string
  certificate?: string
}

/** Secrets of an account besides its tokens. */
export interface AccountCredentials {
  username?: string
  password?: string
  /** JWK of the DPoP key (RFC 9449). */
  dpopKey?: string
  /** token_exchange: the account whose token is exchanged. */
  subjectAccountId?: string
  /** jwt_bearer: `sub` of the assertion where it is not the registration's. */
  subject?: string
}

/** What keeps an account from working although it has a token set. */
export interface Trouble {
  kind: 'reauth_required' | 'unreachable'
  /** One sentence for a person. */
  reason: string
  since: number
  /** For `unreachable`: not before this time. */
  retryAt: number | null
  /** For `unreachable`: tries that failed in a row. */
  failures: number
}

export interface AccountRecord {
  id: string
  registrationId: string
  providerId: string
  alias: string
  identity: Identity | null
  scopesRequested: string[]
  grant: Grant
  /** false: tokens are kept but nothing can use them. */
  enabled: boolean
  /** Since when it is not enabled. Absent for one that is. */
  disabledAt?: number
  /** The last validation (D2), or null. */
  validation: { at: number; good: boolean; reason: string } | null
  trouble: Trouble | null
  createdAt: number
  lastUsedAt: number | null
  lastRefreshAt: number | null
}

export interface RegistrationStore {
  list(): RegistrationRecord[]
  get(id: string): RegistrationRecord | null
  /** `clientSecret`: undefined keeps the stored one, null removes it. */
  save(record: Omit<RegistrationRecord, 'hasClientSecret'>, clientSecret: string | null | undefined): void
  clientSecret(id: string): string | null
  /** `at`: since when. One that is disabled already keeps its own time. */
  setEnabled(id: string, enabled: boolean, at: number): void
  credentials(id: string): RegistrationCredentials
  /** Replaces all of them; an empty object removes them. */
  setCredentials(id: string, credentials: RegistrationCredentials): void
  /** Which of them there are, without opening a ciphertext. */
  hasCredentials(id: string): { privateKey: boolean; certificate: boolean }
  /** Removes its accounts and their token sets with it. */
  remove(id: string): void
}

export interface AccountStore {
  list(): AccountRecord[]
  /** By alias, whatever the case of its ASCII letters: those after this one, `limit` at most. */
  byName(after: string | null, limit: number): AccountRecord[]
  /** Every account whose state can be one that needs the person, and some others besides. By alias. */
  mayNeedPerson(): AccountRecord[]
  get(id: string): AccountRecord | null
  byAlias(alias: string): AccountRecord | null
  byRegistration(registrationId: string): AccountRecord[]
  /** The accounts of this provider that belong to (issuer, subject). */
  byIdentity(providerId: string, issuer: string | null, subject: string): AccountRecord[]
  /** Inserts or updates. A taken alias throws `invalid_request` with field `alias`. */
  save(record: AccountRecord): void
  setTrouble(id: string, trouble: Trouble | null): void
  /** `at`: since when. One that is disabled already keeps its own time. */
  setEnabled(id: string, enabled: boolean, at: number): void
  setValidation(id: string, validation: AccountRecord['validation']): void
  credentials(id: string): AccountCredentials
  setCredentials(id: string, credentials: AccountCredentials): void
  /** At most one write a minute for each account: speed matters more than the second. */
  touchUsed(id: string, at: number): void
  remove(id: string): void
}

export interface TokenStore {
  facts(accountId: string): TokenSetFacts | null
  /** All at once, for lists. */
  allFacts(): Map<string, TokenSetFacts>
  get(accountId: string): TokenSet | null
  /** Stores a token set from a sign-in, durably, and clears a marker and any trouble. */
  put(accountId: string, tokens: TokenSet): void
  /** The marker of DESIGN section 6: written durably before the refresh request leaves. */
  beginRefresh(accountId: string, at: number): void
  /** Commits the new token set with `synchronous=FULL`, sets `last_refresh_at`, clears trouble and the marker. */
  commitRefresh(accountId: string, tokens: TokenSet): void
  /** The provider answered, or the request was never sent: nothing was lost in flight. */
  endRefresh(accountId: string): void
  /** Accounts whose refresh request was under way when the process ended, with when it began. */
  interruptedRefreshes(): { accountId: string; startedAt: number }[]
  setExpiry(accountId: string, expiresAt: number, source: ExpirySource): void
  remove(accountId: string): void
}

/** A provider that the person made or changed: a whole definition as JSON text, checked by providers/check.ts. */
export interface ProviderRecord {
  id: string
  definition: string
  createdAt: number
  updatedAt: number
}

export interface ProviderStore {
  list(): ProviderRecord[]
  save(record: ProviderRecord): void
  remove(id: string): void
}

/** The network route of one provider's requests (E8). `caBundle`, `certificate` and `privateKey` are PEM texts. */
export interface NetworkRoute {
  /** `http://host:port`, `https://…` or `socks5://…`, without credentials. */
  proxy: string | null
  proxyUsername: string | null
  caBundle: string | null
  certificate: string | null
  privateNetwork: boolean
}
export interface NetworkRouteSecrets {
  proxyPassword: string | null
  privateKey: string | null
}

export interface NetworkRouteStore {
  get(providerId: string): (NetworkRoute & NetworkRouteSecrets) | null
  list(): { providerId: string; route: NetworkRoute; hasProxyPassword: boolean; hasPrivateKey: boolean }[]
  save(providerId: string, route: NetworkRoute, secrets: NetworkRouteSecrets): void
  remove(providerId: string): void
}

/** A webhook endpoint (D5, D6). `settings` is JSON that services/webhooks/ checks; the secret is sealed. */
export interface WebhookEndpointRecord {
  id: string
  name: string
  settings: string
  enabled: boolean
  accepted: number
  refused: number
  createdAt: number
  updatedAt: number
}

/** A delivery that was verified. `body` is sealed: it may hold anything. */
export interface WebhookDeliveryRecord {
  id: string
  endpointId: string
  /** What tells this delivery from every other of its endpoint; unique. */
  deduplicationKey: string
  eventType: string | null
  subject: string | null
  occurredAt: number | null
  receivedAt: number
  contentType: string
}

export interface WebhookStore {
  endpoints(): WebhookEndpointRecord[]
  endpoint(id: string): WebhookEndpointRecord | null
  /** `secret`: undefined keeps the stored one, null removes it. */
  saveEndpoint(record: WebhookEndpointRecord, secret: string | null | undefined): void
  secret(id: string): string | null
  removeEndpoint(id: string): void
  count(id: string, outcome: 'accepted' | 'refused'): void
  /** false: this delivery is there already. Keeps the newest `keep` of the endpoint. */
  addDelivery(record: WebhookDeliveryRecord, body: string, keep: number): boolean
  deliveries(filter: { endpointId?: string; limit: number; before?: number }): WebhookDeliveryRecord[]
  delivery(id: string): (WebhookDeliveryRecord & { body: string }) | null
}

/** Small encrypted values by kind and key, for the practice provider. Keys are stored as SHA-256, values encrypted. */
export interface RecordStore {
  get(kind: string, key: string): string | null
  put(kind: string, key: string, value: string, expiresAt: number | null): void
  delete(kind: string, key: string): void
  /** Removes what is past its time. */
  sweep(now: number): void
}

/** Settings that are not secret, as JSON values. */
export interface SettingsStore {
  get(key: string): unknown
  set(key: string, value: unknown): void
}

/**
 * Protects the data key with something that is not in the vault file. `wrap` and `unwrap` throw
 * `KeyGuardUnavailable` (locked, gone, refused) or `KeyGuardRejected` (wrong passphrase, changed key).
 */
export interface KeyGuard {
  readonly kind: VaultStatus['guards'][number]
  /**
   * `params` is stored beside the wrapped key; it is not secret. `before`: those of the slot that this one replaces. What
   * that slot relies on outside the vault is left as it was: whatever happens before the new slot is stored, and in a copy
   * of the vault, the old one still opens.
   */
  wrap(
    dataKey: Uint8Array,
    before?: Record<string, unknown>,
  ): Promise<{ wrapped: Uint8Array; params: Record<string, unknown> }>
  /** `rewrap`: the guard wants the key wrapped again (safeStorage's shouldReEncrypt). */
  unwrap(wrapped: Uint8Array, params: Record<string, unknown>): Promise<{ dataKey: Uint8Array; rewrap: boolean }>
  /** Whether it could be used here at all, found out without asking the person anything. Throws `KeyGuardUnavailable`. */
  probe?(): Promise<void>
}

/** One way into the vault. */
export interface KeySlot {
  kind: KeyGuard['kind']
  createdAt: number
  updatedAt: number
}

/** How far the rotation of the data key is. `done` of `total` values are sealed under the newest key. */
export interface Rotation {
  running: boolean
  done: number
  total: number
}

/**
 * The key slots and the data key of an open vault. What a guard refuses comes as its `KeyGuardUnavailable` or
 * `KeyGuardRejected`, and then nothing has changed.
 */
export interface KeyStore {
  slots(): KeySlot[]
  /** Counts the data keys that this vault has had. */
  version(): number
  rotation(): Rotation
  /** Tries the slot of this guard, which changes nothing. */
  check(guard: KeyGuard): Promise<void>
  /** Throws `invalid_request` when there is a slot of this kind. */
  add(guard: KeyGuard): Promise<void>
  /** The same kind of guard with another secret. `guard` has to open the slot as it is. */
  replace(guard: KeyGuard, by: KeyGuard): Promise<void>
  /** Throws `invalid_request` for the last one, `not_found` for one that is not there. */
  remove(kind: KeyGuard['kind']): Promise<void>
  /**
   * A new data key, wrapped anew in every slot: each needs its guard, which has to open the slot as it is. Resolves when the
   * new key is in force. Values are sealed under it in the background from then on, and after a restart; until the last
   * one is, the key before stays, sealed under the new one. Throws `invalid_request` when a guard is missing.
   */
  rotate(guards: readonly KeyGuard[]): Promise<void>
  /** Resolves when nothing is being sealed anew in the background: it has ended, or the vault was locked. */
  settled(): Promise<void>
}

/** A copy of the whole vault, in `backups/` beside it. */
export interface BackupFile {
  name: string
  at: number
  schema: number
  bytes: number
}

export interface BackupStore {
  /** The newest first. None for a vault that is in memory alone. */
  list(): BackupFile[]
  /** Throws `invalid_request` for a vault that is in memory alone. */
  make(): BackupFile
}

/** Why a key guard cannot work now, and the way out. Nothing is deleted because of it. */
export class KeyGuardUnavailable extends Error {
  readonly reason: string
  readonly remedy: string
  constructor(reason: string, remedy: string) {
    super(reason)
    this.name = 'KeyGuardUnavailable'
    this.reason = reason
    this.remedy = remedy
  }
}

/** The guard answered, but its key does not open this slot. */
export class KeyGuardRejected extends Error {
  constructor(message: string) {
    super(message)
    this.name = 'KeyGuardRejected'
  }
}

export interface Vault {
  status(): VaultStatus
  /** Creates a new vault's data key under this guard and unlocks. Only for `new`. */
  create(guard: KeyGuard): Promise<VaultStatus>
  /** Tries the slot of this guard. Stays locked, with the reason in `status()`, when the guard cannot open it. */
  unlock(guard: KeyGuard): Promise<VaultStatus>
  /** Forgets the data key. Says why in `status().reason`. */
  lock(reason: string): VaultStatus
  /** Notes why no guard can be tried at all (for example basic_text), for `status()`. */
  explain(reason: string, remedy: string): void
  /** Runs `work` in one transaction: all of it or nothing. */
  transaction<T>(work: () => T): T
  /**
   * A reader that remembers what it has read until anything is written or the vault is locked, for what every request
   * asks. What it gives is shared and therefore frozen. Made once for each thing, not for each call; what depends on the
   * time of day is not for it. The reader throws `locked` as the stores do.
   */
  remember<V>(read: (key: string) => V): (key: string) => V
  /**
   * Puts a backup in the place of the vault, which is kept as a backup itself. `lock` is called once the backup has been
   * found good, and has to lock the vault; it opens with the key slots of the backup afterwards. `entry` goes into the
   * activity of what has been put back. Throws `not_found`, `invalid_request`, `rate_limited`, and has changed nothing.
   */
  restore(name: string, entry: ActivityRow, lock: () => Promise<unknown>): Promise<{ keptAs: BackupFile }>
  close(): void
  readonly registrations: RegistrationStore
  readonly accounts: AccountStore
  readonly tokens: TokenStore
  readonly activity: ActivityStore
  readonly records: RecordStore
  readonly providers: ProviderStore
  readonly routes: NetworkRouteStore
  readonly webhooks: WebhookStore
  readonly apps: AppStore
  readonly asks: AskStore
  readonly bindings: BindingStore
  readonly settings: SettingsStore
  readonly keys: KeyStore
  readonly backups: BackupStore
}
