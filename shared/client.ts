import type { z } from 'zod'
import type { activityInputSchema, ConnectInput, RegistrationInput, requestInputSchema } from './contract.ts'
import type {
  ActivityFilter,
  App,
  Ask,
  AuditLimits,
  appsContract,
  Binding,
  Pairing,
  pairInputSchema,
  permissionInputSchema,
  Usage,
} from './contract-apps.ts'
import type { Effects, LifecycleAction, ProviderDetails, RegistrationRevoked } from './contract-records.ts'
import type {
  Backup,
  DoctorCheck,
  ImportReport,
  LockSettings,
  Profile,
  VaultDetails,
  vaultContract,
} from './contract-vault.ts'
import { errorCodes, LatchkeyError, type WireError } from './errors.ts'
import type {
  Account,
  Activity,
  AppInfo,
  Flow,
  Practice,
  Provider,
  Registration,
  SignedAnswer,
  TokenInspection,
  VaultStatus,
} from './models.ts'

/**
 * A client of the local API (v1): for the command line and other programs of the owner, for paired apps, and, without a
 * key, for a program that is about to be paired. It does no I/O of its own: the transport carries one request to the
 * socket or the loopback address and brings back status and text. Answers are typed, not validated again: the host made
 * them from the same schemas.
 */
export type ClientTransport = (request: {
  method: string
  /** With the query, for example `/v1/activity?limit=10`. */
  path: string
  headers: Record<string, string>
  body?: string
  /** Milliseconds until the transport gives up. */
  timeout: number
  /** Takes the body of a 2xx answer piece by piece; `text` is empty then. Nothing more is read until it resolves. */
  pieces?: (text: string) => Promise<void>
}) => Promise<{ status: number; text: string }>

/** `GET /v1/status`. */
export interface HostStatus {
  app: AppInfo
  vault: VaultStatus
}

/** `GET /v1/health`. */
export interface Health {
  name: string
  version: string
  locked: boolean
}

/** `GET /v1/app`: the app that the key belongs to. */
export type OwnApp = App

/** What a token has to be good for. `rejected`: this one was refused by the API it is for; it is not given out again. */
export interface TokenInput {
  /** Seconds. */
  min_validity?: number
  scopes?: string[]
  audience?: string
  rejected?: string
}

/** `POST /v1/accounts/{account}/token`: the one answer that holds a secret. `expires_in` is in seconds. */
export interface TokenAnswer {
  access_token: string
  token_type: string
  expires_at: string | null
  expires_in: number | null
  scopes: string[]
}

/** Milliseconds. What a call may take on top of the work it names itself. */
const patience = 30_000
/** An export is as long as what was kept. */
const exportPatience = 3_600_000

export type Client = ReturnType<typeof createClient>

type Inputs = { [M in keyof typeof appsContract]: z.input<(typeof appsContract)[M]['input']> }
type VaultInputs = { [M in keyof typeof vaultContract]: z.input<(typeof vaultContract)[M]['input']> }
type PermissionFields = z.input<typeof permissionInputSchema>
type RequestFields = z.input<typeof requestInputSchema>

/**
 * Every method throws `LatchkeyError` with the code that the API answered, or what the transport threw.
 *
 * @param options.key The owner key or an app's. Absent: only `health`, `pair` and `lookAtPairing` are answered.
 * @param options.userAgent How the program calls itself, `my-backup/1.0`: shown to the person.
 */
export function createClient(options: { transport: ClientTransport; key?: string; userAgent: string }) {
  const headersWith = (key: string | undefined, body: unknown): Record<string, string> => ({
    ...(key === undefined ? {} : { authorization: `Bearer ${key}` }),
    accept: 'application/json',
    'user-agent': options.userAgent,
    ...(body === undefined ? {} : { 'content-type': 'application/json' }),
  })
  async function call<T>(
    method: string,
    path: string,
    body?: unknown,
    timeout = patience,
    key = options.key,
  ): Promise<T> {
    const answer = await options.transport({
      method,
      path,
      headers: headersWith(key, body),
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      timeout,
    })
    const document = parse(answer.text)
    if (answer.status >= 200 && answer.status < 300 && document !== undefined) return document as T
    throw errorOf(answer.status, document)
  }
  const get = <T>(path: string) => call<T>('GET', path)
  const post = <T>(path: string, body: unknown = {}, timeout?: number) => call<T>('POST', path, body, timeout)
  const at = (account: string, rest = '') => `/v1/accounts/${encodeURIComponent(account)}${rest}`
  const appAt = (app: string, rest = '') => `/v1/apps/${encodeURIComponent(app)}${rest}`
  const askAt = (ask: string, rest = '') => `/v1/asks/${encodeURIComponent(ask)}${rest}`
  const flowAt = (flow: string, rest = '') => `/v1/flows/${encodeURIComponent(flow)}${rest}`

  return {
    /** Whether Latchkey is there, and locked or not. Needs no key. */
    health: () => get<Health>('/v1/health'),
    status: () => get<HostStatus>('/v1/status'),
    /** A link to the headless host's page: works once, for `expires_in` seconds. */
    pageLink: () => post<{ url: string; expires_in: number }>('/v1/page-link'),
    lock: () => post<VaultStatus>('/v1/lock'),
    /** Without a passphrase: with the key store of the host's computer. */
    unlock: (passphrase?: string) => post<VaultStatus>('/v1/unlock', passphrase === undefined ? {} : { passphrase }),

    /** How it is protected and locked, and its backups. */
    vaultDetails: () => get<VaultDetails>('/v1/vault'),
    setLock: (settings: LockSettings) => call<VaultDetails>('PUT', '/v1/vault/lock', settings),
    setEditLock: (enabled: boolean, passphrase: string) =>
      call<VaultDetails>('PUT', '/v1/vault/edit-lock', { enabled, passphrase }),
    /** Changes to providers and registrations are possible for five minutes. */
    unlockEditing: (passphrase: string) => post<VaultDetails>('/v1/vault/unlock-editing', { passphrase }),
    doctor: () => get<DoctorCheck[]>('/v1/doctor'),
    profiles: () => get<Profile[]>('/v1/profiles'),
    /** `document` of both: base64 of the file (docs/export-format.md). */
    exportVault: (input: VaultInputs['vault.export']) =>
      post<{ document: string; accounts: number }>('/v1/vault/export', input, patience * 4),
    importVault: (input: VaultInputs['vault.import']) => post<ImportReport>('/v1/vault/import', input, patience * 4),
    backUp: () => post<Backup>('/v1/vault/backups', {}, patience * 4),
    /** Puts a backup in the place of the vault, which is locked then. `kept_as`: the backup of what was there. */
    restoreVault: (name: string) => post<{ kept_as: string }>('/v1/vault/restore', { name }, patience * 4),

    providers: () => get<Provider[]>('/v1/providers'),
    /** One with its definition. */
    provider: (id: string) => get<ProviderDetails>(`/v1/providers/${encodeURIComponent(id)}`),
    registrations: () => get<Registration[]>('/v1/registrations'),
    saveRegistration: (input: RegistrationInput) => post<Registration>('/v1/registrations', input),
    removeRegistration: (id: string) => call<object>('DELETE', `/v1/registrations/${encodeURIComponent(id)}`),

    registrationAction: (id: string, action: 'enable' | 'disable' | 'reset') =>
      post<Registration>(`/v1/registrations/${encodeURIComponent(id)}/${action}`),
    revokeRegistration: (id: string) =>
      post<RegistrationRevoked>(`/v1/registrations/${encodeURIComponent(id)}/revoke`, {}, patience * 2),
    registrationEffects: (id: string, action: LifecycleAction) =>
      get<Effects>(`/v1/registrations/${encodeURIComponent(id)}/effects${query({ action })}`),

    /** All of them, or a page: at most `limit`, after the account with the id `after`. */
    accounts: (page: { limit?: number; after?: string } = {}) => get<Account[]>(`/v1/accounts${query(page)}`),
    account: (account: string) => get<Account>(at(account)),
    rename: (account: string, alias: string) => call<Account>('PATCH', at(account), { alias }),
    remove: (account: string) => call<object>('DELETE', at(account)),
    refresh: (account: string) => post<Account>(at(account, '/refresh')),
    validate: (account: string) => post<Account>(at(account, '/validate')),
    expire: (account: string) => post<Account>(at(account, '/expire')),
    reset: (account: string) => post<Account>(at(account, '/reset')),
    enable: (account: string) => post<Account>(at(account, '/enable')),
    disable: (account: string) => post<Account>(at(account, '/disable')),
    revoke: (account: string) => post<Account>(at(account, '/revoke')),
    /** What an action would touch; nothing is done. */
    effects: (account: string, action: LifecycleAction) => get<Effects>(at(account, `/effects${query({ action })}`)),
    inspect: (account: string) => get<TokenInspection>(at(account, '/tokens')),
    token: (account: string, input: TokenInput = {}) => post<TokenAnswer>(at(account, '/token'), input),
    request: (account: string, input: RequestFields) =>
      post<SignedAnswer>(at(account, '/request'), input, (input.timeout_ms ?? 60_000) + patience),
    /** With the account that the URL's host is bound to. */
    requestToHost: (input: RequestFields) =>
      post<SignedAnswer>('/v1/request', input, (input.timeout_ms ?? 60_000) + patience),
    /** Who used the account for what in the last `days` (30). */
    usage: (account: string, days?: number) => get<Usage>(at(account, `/usage${query({ days })}`)),

    connect: (input: ConnectInput) => post<Flow>('/v1/connect', input),
    flow: (flow: string) => get<Flow>(flowAt(flow)),
    cancel: (flow: string) => post<Flow>(flowAt(flow, '/cancel')),
    /** Hands over the address that the provider redirected to. */
    answer: (flow: string, url: string) => post<Flow>(flowAt(flow, '/answer'), { url }),
    decide: (flow: string, choice: 'add_account' | 'discard') => post<Flow>(flowAt(flow, '/decide'), { choice }),

    activity: (filter: z.input<typeof activityInputSchema> = {}) => get<Activity[]>(`/v1/activity${query(filter)}`),
    /** Everything that the filter lets through, oldest first, as JSON lines; in pieces that end anywhere. */
    async exportActivity(filter: ActivityFilter, pieces: (text: string) => Promise<void>): Promise<void> {
      const { status, text } = await options.transport({
        method: 'GET',
        path: `/v1/activity/export${query(filter)}`,
        headers: { ...headersWith(options.key, undefined), accept: 'application/x-ndjson, application/json' },
        timeout: exportPatience,
        pieces,
      })
      if (status < 200 || status > 299) throw errorOf(status, parse(text))
    },
    auditLimits: () => get<AuditLimits>('/v1/activity/limits'),
    setAuditLimits: (limits: AuditLimits) => call<AuditLimits>('PUT', '/v1/activity/limits', limits),

    /** Asks for access. Needs no key. The answer's `secret` proves later who asked; its `code` is for the person. */
    pair: (input: z.input<typeof pairInputSchema>) => post<Pairing>('/v1/pair', input),
    /** What became of it. `key` stands in the first answer after the approval and in no other. Needs no key. */
    lookAtPairing: (id: string, secret: string) =>
      call<Pairing>('GET', `/v1/pair/${encodeURIComponent(id)}`, undefined, patience, secret),
    /** The app that this client's key belongs to. */
    me: () => get<OwnApp>('/v1/app'),

    apps: () => get<App[]>('/v1/apps'),
    app: (app: string) => get<App>(appAt(app)),
    changeApp: (app: string, change: Omit<Inputs['apps.change'], 'app'>) => call<App>('PATCH', appAt(app), change),
    revokeApp: (app: string) => call<object>('DELETE', appAt(app)),
    addPermission: (app: string, permission: PermissionFields) => post<App>(appAt(app, '/permissions'), permission),
    /** Replaces all of it. */
    changePermission: (id: string, permission: PermissionFields) =>
      call<App>('PUT', `/v1/permissions/${encodeURIComponent(id)}`, permission),
    withdrawPermission: (id: string) => call<App>('DELETE', `/v1/permissions/${encodeURIComponent(id)}`),
    /** What waits for the person, and what was decided within the last day. */
    asks: () => get<Ask[]>('/v1/asks'),
    ask: (ask: string) => get<Ask>(askAt(ask)),
    approve: (ask: string, decision: Omit<Inputs['asks.approve'], 'ask'>) =>
      post<Ask>(askAt(ask, '/approve'), decision),
    deny: (ask: string) => post<Ask>(askAt(ask, '/deny')),
    bindings: () => get<Binding[]>('/v1/bindings'),
    bind: (host: string, account: string) => post<Binding>('/v1/bindings', { host, account }),
    unbind: (host: string) => call<object>('DELETE', `/v1/bindings/${encodeURIComponent(host)}`),

    practice: () => get<Practice>('/v1/practice'),
    configurePractice: (settings: { access_token_lifetime: number }) =>
      call<Practice>('PATCH', '/v1/practice', settings),
  }
}

/**
 * The base URL to give a program that is told to use this account's API: what stands behind it goes to the account's
 * base URL, signed. `http` as in the endpoint file.
 */
export const proxyUrl = (http: string, account: string): string =>
  new URL(`/v1/accounts/${encodeURIComponent(account)}/proxy/`, http).href

function query(values: Record<string, string | number | undefined>): string {
  const present = Object.entries(values).filter((it): it is [string, string | number] => it[1] !== undefined)
  if (present.length === 0) return ''
  return `?${new URLSearchParams(present.map(([name, value]) => [name, String(value)])).toString()}`
}

function parse(text: string): unknown {
  if (text.trim() === '') return {}
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function errorOf(status: number, document: unknown): LatchkeyError {
  const error = (document as { error?: Partial<WireError> } | undefined)?.error
  if (error && typeof error.message === 'string' && errorCodes.some((code) => code === error.code)) {
    const { code, message, ...details } = error as WireError
    return new LatchkeyError(code, message, details)
  }
  return new LatchkeyError('internal', `What answered (HTTP ${status}) does not speak Latchkey's API.`)
}
