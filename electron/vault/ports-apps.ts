import type { CallerFacts, Right } from '../../shared/contract-apps.ts'
import type { Activity } from '../../shared/models.ts'

/** What the vault keeps of apps, permissions, asks, host bindings and uses. Times are milliseconds since 1970. */

export interface AppRecord {
  id: string
  name: string
  purpose: string
  /** SHA-256 of its key. */
  keyHash: Buffer
  createdAt: number
  lastUsedAt: number | null
  expiresAt: number | null
  idleDays: number | null
  /** A revoked app stays, without permissions, so that its key is told what became of it. */
  revokedAt: number | null
  caller: CallerFacts | null
}

export interface PermissionRecord {
  id: string
  appId: string
  accountId: string | null
  rights: Right[]
  hosts: string[]
  methods: string[]
  pathPrefix: string | null
  until: number | null
  createdAt: number
  updatedAt: number
}

/** What a program wants, as it said it; which account it means is found when it is shown. */
export interface AskedFor {
  account: string | null
  provider: string | null
  rights: Right[]
  hosts: string[]
  methods: string[]
  pathPrefix: string | null
}

export interface AskRecord {
  id: string
  kind: 'pair' | 'permission'
  code: string
  state: 'waiting' | 'approved' | 'denied' | 'expired'
  appId: string | null
  name: string
  purpose: string
  userAgent: string | null
  wants: AskedFor[]
  caller: CallerFacts | null
  /** SHA-256 of the pairing's secret. */
  secretHash: Buffer | null
  times: number
  createdAt: number
  lastAt: number
  expiresAt: number
  decidedAt: number | null
}

export interface AppStore {
  /** Revoked ones too. */
  list(): AppRecord[]
  get(id: string): AppRecord | null
  byKeyHash(hash: Buffer): AppRecord | null
  save(record: AppRecord): void
  /** At most one write a minute for each app. */
  touchUsed(id: string, at: number): void
  /** Sets `revokedAt` and removes its permissions and waiting asks, in one transaction. */
  revoke(id: string, at: number): void
  permissions(appId?: string): PermissionRecord[]
  permission(id: string): PermissionRecord | null
  savePermission(record: PermissionRecord): void
  removePermission(id: string): void
}

export interface AskStore {
  /** Newest first. */
  list(): AskRecord[]
  /** By id or by code. */
  get(reference: string): AskRecord | null
  save(record: AskRecord): void
  /** Removes those that ended before this time. */
  sweep(before: number): void
}

export interface BindingRecord {
  host: string
  accountId: string
  createdAt: number
}

/** Goes with its account. */
export interface BindingStore {
  list(): BindingRecord[]
  get(host: string): BindingRecord | null
  save(record: BindingRecord): void
  remove(host: string): void
}

/** What the activity can be narrowed by; times in milliseconds. */
export interface ActivityQuery {
  accountId?: string
  appId?: string
  kind?: Activity['kind']
  right?: Right
  host?: string
  outcome?: 'ok' | 'failed'
  search?: string
  since?: number
  until?: number
  limit: number
  /** Older than this id. */
  before?: number
  /** Newer than this id, and then the oldest come first. */
  after?: number
}

/** An entry as it is stored. `status` and `host` of a use are columns, so that they can be searched. */
export type ActivityRow = Omit<Activity, 'id' | 'at'> & { at: number }

/** Uses added up by day, for what has left the activity again: busy programs fill it within minutes. */
export interface UsageRow {
  /** Days since 1970, UTC. */
  day: number
  accountId: string
  actor: string
  appId: string | null
  appName: string | null
  right: Right
  method: string | null
  host: string | null
  /** The first segments, ids as `*`. */
  path: string | null
  count: number
  failed: number
  lastAt: number
}

export interface ActivityStore {
  /** All of them in one transaction, with what they add to the sums; the ids in the same order. */
  addAll(entries: readonly ActivityRow[], sums?: readonly UsageRow[]): number[]
  /** Newest first, unless `after` is given. */
  list(query: ActivityQuery): Activity[]
  /** The id of the oldest among the newest `limit` that match; null: none does. */
  oldestOf(query: ActivityQuery): number | null
  /** How many entries are about this account. */
  count(accountId: string): number
  /** Adds to the sums, in one transaction. Those of an account that has been removed are passed over. */
  addUsage(rows: readonly UsageRow[]): void
  /** One account's sums since this day. */
  usage(accountId: string, sinceDay: number): UsageRow[]
  /** Keeps the newest `maxEntries` uses and as many other entries, none older than `before`; sums older than `beforeDay` go. */
  prune(limits: { maxEntries: number; before: number; beforeDay: number }): void
}
