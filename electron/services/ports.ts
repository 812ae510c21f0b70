import type { CheckedInput, Method, Output, RequestInput } from '../../shared/contract.ts'
import type { CallerFacts, Right } from '../../shared/contract-apps.ts'
import type { Account, Flow, LatchkeyEvent, Practice, SignedAnswer, VaultStatus } from '../../shared/models.ts'
import type { EventBus } from '../platform/ports.ts'
import type { AccountRecord, TokenSet } from '../vault/ports.ts'

/** Who asks. Every entry (IPC, page session, local API) makes one and no service trusts anything else. */
export interface Caller {
  kind: 'page' | 'owner' | 'cli' | 'app' | 'latchkey'
  /** For `app`: which one. Everybody else acts for the person and needs no permission. */
  app?: CallingApp
  /** Aborts when the caller goes away. */
  signal?: AbortSignal
}

export interface CallingApp {
  id: string
  name: string
  /** What the operating system says of the process that called; asked when something is to be shown to the person. */
  facts(): Promise<CallerFacts | null>
  userAgent: string | null
}

export type Events = EventBus<LatchkeyEvent>

/** Access tokens, kept fresh (DESIGN section 6, Refresh and Expiry). */
export interface TokenService {
  /**
   * The account's token set, refreshed first when less than max(60 s, a tenth of the lifetime, never more than half of
   * it) is left, when `minValidity` (seconds) asks for more, or when `force` is set. One refresh per account at a time.
   * `rejected`: this access token was refused with 401; refresh unless it has been replaced already.
   * Throws locked, not_found, account_disabled, reauth_required, provider_unreachable, provider_error.
   */
  fresh(
    accountId: string,
    options?: { minValidity?: number; force?: boolean; rejected?: string },
  ): Promise<{ tokens: TokenSet; refreshed: boolean }>
  /** Tester: the token counts as expired from now on. */
  expire(accountId: string): void
  /** Revokes nothing, forgets the tokens, keeps the account. Waits for, or cancels, a refresh under way. */
  reset(accountId: string): Promise<void>
  /** Waits for a refresh under way and lets no other begin until the hold is released. */
  hold(accountId: string): Promise<() => void>
  /** Marks accounts whose refresh was cut off by a crash; called after unlock. */
  recover(): void
}

/** A part of the list of accounts. */
export interface AccountPage {
  /** Absent: all of them. */
  limit?: number | undefined
  /** The id of the last account of the page before. */
  after?: string | undefined
  /** Only these; null or absent: no matter which. */
  among?: ReadonlySet<string> | null
}

/** Accounts: found, shown, renamed, removed. */
export interface AccountService {
  /** `{account}` of the API: an id, an alias, or `provider:identity`. Throws not_found, ambiguous_account. */
  resolve(reference: string): AccountRecord
  view(record: AccountRecord): Account
  /** Those that need the person first, then by alias. Throws `not_found` when the account of `after` has gone. */
  list(page?: AccountPage): Account[]
}

/** The sign-ins of one account that is reconnected, or all with one registration. */
export type FlowsOf = { accountId: string } | { registrationId: string }

/** Sign-ins. */
export interface ConnectService {
  start(input: CheckedInput<'connect.start'>, caller: Caller): Promise<Flow>
  get(flowId: string): Flow
  /** Opens the authorization URL of a waiting flow in the system browser again. */
  open(flowId: string): Promise<Flow>
  cancel(flowId: string): Promise<Flow>
  paste(flowId: string, url: string): Promise<Flow>
  decide(flowId: string, choice: 'add_account' | 'discard'): Promise<Flow>
  /** How many sign-ins with this registration, or for this account, are under way. */
  underWay(of: FlowsOf): number
  /** Cancels them, for a reason that their trace tells. */
  cancelFor(of: FlowsOf, why: NonNullable<Flow['failure']>): Promise<void>
  /** Cancels every flow under way, on lock and on exit. */
  cancelAll(): Promise<void>
}

/** Signed requests. */
export interface RequestService {
  send(accountReference: string, request: RequestInput, caller: Caller): Promise<SignedAnswer>
  /** To the account that the URL's host is bound to (E19). Throws `not_found` when it is bound to none. */
  sendToHost(request: RequestInput, caller: Caller): Promise<SignedAnswer>
}

/** What a request wants, for the ask when it is refused. */
export interface Attempt {
  method: string
  url: string
}

/**
 * Whether a caller may. An app whose permissions do not cover something gets `forbidden`, with where to go; the person
 * is asked, once for each app and account however often it tries. Callers other than apps always may.
 */
export interface Gate {
  /**
   * The account that `reference` names, if the caller has this right on it. An app cannot tell an account that it may not
   * use from one that is not there. Throws forbidden, not_found, ambiguous_account.
   */
  account(reference: string, caller: Caller, right: Right, attempt?: Attempt): AccountRecord
  /** Host, method and path of a signed request, before a token is touched. Throws forbidden. */
  request(account: AccountRecord, caller: Caller, request: { method: string; url: URL }): void
  /** Whether a sign-in may be started: for a provider or registration, or to reconnect an account. Throws forbidden. */
  connect(input: CheckedInput<'connect.start'>, caller: Caller): void
  /** The accounts that the caller may see; null: all. */
  visible(caller: Caller): ReadonlySet<string> | null
}

/** The built-in authorization server and API, in this process, on loopback. */
export interface PracticeService {
  get(): Practice
  configure(settings: { access_token_lifetime: number }): Promise<Practice>
  /** Starts it if needed. `clientId` is a public client whose redirect URIs are loopback (RFC 8252 7.3). */
  ensureRunning(): Promise<{ issuer: string; apiBaseUrl: string; clientId: string }>
  stop(): Promise<void>
}

/** Opens, locks and describes the vault for the page, API and CLI. */
export interface VaultService {
  status(): VaultStatus
  setup(passphrase: string): Promise<VaultStatus>
  /** Without a passphrase: with the key guard that needs no person. */
  unlock(passphrase?: string): Promise<VaultStatus>
  lock(reason: string): Promise<VaultStatus>
}

/** One function for each method of the contract. Input has been checked against its schema. */
export type Handlers = {
  [M in Method]: (input: CheckedInput<M>, caller: Caller) => Promise<Output<M>> | Output<M>
}

/**
 * Checks `input` against the contract, then calls the handler. Unknown methods and bad input throw `invalid_request`
 * with the field's name. The IPC router and the headless page's route both use it.
 */
export type Dispatch = (method: string, input: unknown, caller: Caller) => Promise<unknown>
