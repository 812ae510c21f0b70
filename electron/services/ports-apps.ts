import type { IncomingMessage, ServerResponse } from 'node:http'
import type { CheckedInput } from '../../shared/contract.ts'
import type {
  App,
  Ask,
  AuditLimits,
  Binding,
  CallerFacts,
  PairInput,
  Pairing,
  Right,
  Usage,
} from '../../shared/contract-apps.ts'
import type { Activity, LatchkeyEvent } from '../../shared/models.ts'
import type { AccountRecord } from '../vault/ports.ts'
import type { Caller } from './ports.ts'

/** Where a call came from: asks the operating system who is at the other end, when that is wanted. */
export interface Origin {
  transport: 'http' | 'socket'
  /** null where it cannot be had, or when the process has gone. */
  facts(): Promise<CallerFacts | null>
  userAgent: string | null
}

/** Lets programs in and out. */
export interface PairingService {
  /**
   * `POST /v1/pair`. Says nothing of what is in the vault. Throws invalid_request, locked, rate_limited (too many wait).
   */
  pair(input: PairInput, origin: Origin): Promise<Pairing>
  /** `GET /v1/pair/{id}`. A wrong id and a wrong secret are the same `not_found`. */
  look(id: string, secret: string | null): Pairing
  /**
   * The app that holds this key, and notes that it was used. null: no such key. Throws `locked`, and `unauthenticated`
   * with what became of it for a key whose app was revoked or has expired.
   */
  authenticate(key: string): { id: string; name: string } | null
  /** Ends what is over by date or idleness and announces it; called now and then. */
  sweep(): void
}

/** The methods of shared/contract-apps.ts that are about apps, permissions and asks; for the person alone. */
export interface AppService {
  /** By name. */
  list(): App[]
  get(reference: string): App
  change(input: CheckedInput<'apps.change'>, caller: Caller): App
  revoke(reference: string, caller: Caller): void
  /** Hosts beyond the account's destination policy throw `invalid_request`. */
  addPermission(input: CheckedInput<'permissions.add'>, caller: Caller): Promise<App>
  changePermission(input: CheckedInput<'permissions.change'>, caller: Caller): Promise<App>
  withdrawPermission(id: string, caller: Caller): App
  asks(): Ask[]
  ask(reference: string): Ask
  approve(input: CheckedInput<'asks.approve'>, caller: Caller): Promise<Ask>
  deny(reference: string, caller: Caller): Ask
  /** After a sign-in that an app started: the app gets what its permission without an account says. */
  connected(appId: string, accountId: string): void
}

/** Host bindings (E19). */
export interface BindingService {
  list(): Binding[]
  /** Throws `destination_not_allowed` when the account's requests may not go to this host. */
  save(host: string, accountReference: string, caller: Caller): Promise<Binding>
  remove(host: string, caller: Caller): void
  /** The account that requests to this URL use. Throws `not_found` with how to bind one. */
  accountFor(url: URL): AccountRecord
}

/** One use of an account, whatever came of it: the audit (F14). */
export interface Use {
  account: AccountRecord
  caller: Caller
  right: Right
  method?: string
  /** The request's URL; query and fragment are not kept. */
  url?: URL
  /** Absent: no answer came, `error` says why. */
  status?: number
  error?: string
  bytesSent?: number
  bytesReceived?: number
  durationMs: number
  refreshed: boolean
  summary: string
}

/**
 * Entries without the fields that are filled in: who the app is comes from the caller.
 */
export type ActivityEntry = Omit<Activity, 'id' | 'at' | 'app_id' | 'app_name' | 'right'> &
  Partial<Pick<Activity, 'app_id' | 'app_name' | 'right'>>

export interface AuditService {
  /** Does nothing while the vault is locked. Kept in memory for a moment and written together; `flush` writes now. */
  use(use: Use): void
  flush(): void
  usage(account: AccountRecord, days: number): Usage
  limits(): AuditLimits
  limit(limits: AuditLimits): AuditLimits
  /** JSON lines, oldest first, in pieces. */
  export(filter: Omit<CheckedInput<'activity.export'>, 'limit'> & { limit?: number }): Iterable<string>
  /** Stops the timer, after writing what is left. */
  close(): void
}

/** The streaming proxy: `ANY /v1/accounts/{account}/proxy/{path or absolute URL}`. */
export interface ProxyService {
  /**
   * Answers the request. What goes wrong before the answer begins is thrown as a `LatchkeyError` and answered by the API.
   *
   * @param target What stands behind `/proxy/`, undecoded, with its query: a path below the base URL, or an absolute URL.
   * @param base The proxy's own address for this account, with its last slash: links in the answer are led back to it.
   */
  handle(call: {
    account: string
    target: string
    base: string
    request: IncomingMessage
    response: ServerResponse
    caller: Caller
  }): Promise<void>
}

/** Whether an event may be told to a program. */
export type EventFilter = (event: LatchkeyEvent, caller: Caller) => boolean
