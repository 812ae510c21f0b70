import type { Account, Activity, Identity, VaultStatus } from '../../shared/models.ts'

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
  createdAt: number
  updatedAt: number
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
  /** Removes its accounts and their token sets with it. */
  remove(id: string): void
}

export interface AccountStore {
  list(): AccountRecord[]
  get(id: string): AccountRecord | null
  byAlias(alias: string): AccountRecord | null
  byRegistration(registrationId: string): AccountRecord[]
  /** The accounts of this provider that belong to (issuer, subject). */
  byIdentity(providerId: string, issuer: string | null, subject: string): AccountRecord[]
  /** Inserts or updates. A taken alias throws `invalid_request` with field `alias`. */
  save(record: AccountRecord): void
  setTrouble(id: string, trouble: Trouble | null): void
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

export interface ActivityStore {
  add(entry: Omit<Activity, 'id' | 'at'> & { at: number }): number
  /** Newest first. */
  list(filter: { accountId?: string; limit: number; before?: number }): Activity[]
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
  /** `params` is stored beside the wrapped key; it is not secret. */
  wrap(dataKey: Uint8Array): Promise<{ wrapped: Uint8Array; params: Record<string, unknown> }>
  /** `rewrap`: the guard wants the key wrapped again (safeStorage's shouldReEncrypt). */
  unwrap(wrapped: Uint8Array, params: Record<string, unknown>): Promise<{ dataKey: Uint8Array; rewrap: boolean }>
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
  close(): void
  readonly registrations: RegistrationStore
  readonly accounts: AccountStore
  readonly tokens: TokenStore
  readonly activity: ActivityStore
  readonly records: RecordStore
  readonly settings: SettingsStore
}
