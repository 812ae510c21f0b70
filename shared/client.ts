import type { z } from 'zod'
import type { ConnectInput, RegistrationInput, requestInputSchema } from './contract.ts'
import type { Effects, LifecycleAction, RegistrationRevoked } from './contract-records.ts'
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
 * A client of the local API (v1) for programs that hold the owner key: the command line and the tests. It does no I/O
 * of its own: the transport carries one request to the socket or the loopback address and brings back status and text.
 * Answers are typed, not validated again: the host made them from the same schemas.
 */
export type ClientTransport = (request: {
  method: string
  /** With the query, for example `/v1/activity?limit=10`. */
  path: string
  headers: Record<string, string>
  body?: string
  /** Milliseconds until the transport gives up. */
  timeout: number
}) => Promise<{ status: number; text: string }>

/** `GET /v1/status`. */
export interface HostStatus {
  app: AppInfo
  vault: VaultStatus
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

export type Client = ReturnType<typeof createClient>

/** Every method throws `LatchkeyError` with the code that the API answered, or what the transport threw. */
export function createClient(options: { transport: ClientTransport; key: string; userAgent: string }) {
  async function call<T>(method: string, path: string, body?: unknown, timeout = patience): Promise<T> {
    const headers: Record<string, string> = {
      authorization: `Bearer ${options.key}`,
      accept: 'application/json',
      'user-agent': options.userAgent,
    }
    if (body !== undefined) headers['content-type'] = 'application/json'
    const answer = await options.transport({
      method,
      path,
      headers,
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
  const flowAt = (flow: string, rest = '') => `/v1/flows/${encodeURIComponent(flow)}${rest}`

  return {
    status: () => get<HostStatus>('/v1/status'),
    /** A link to the headless host's page: works once, for `expires_in` seconds. */
    pageLink: () => post<{ url: string; expires_in: number }>('/v1/page-link'),
    lock: () => post<VaultStatus>('/v1/lock'),
    /** Without a passphrase: with the key store of the host's computer. */
    unlock: (passphrase?: string) => post<VaultStatus>('/v1/unlock', passphrase === undefined ? {} : { passphrase }),

    providers: () => get<Provider[]>('/v1/providers'),
    registrations: () => get<Registration[]>('/v1/registrations'),
    saveRegistration: (input: RegistrationInput) => post<Registration>('/v1/registrations', input),
    removeRegistration: (id: string) => call<object>('DELETE', `/v1/registrations/${encodeURIComponent(id)}`),

    registrationAction: (id: string, action: 'enable' | 'disable' | 'reset') =>
      post<Registration>(`/v1/registrations/${encodeURIComponent(id)}/${action}`),
    revokeRegistration: (id: string) =>
      post<RegistrationRevoked>(`/v1/registrations/${encodeURIComponent(id)}/revoke`, {}, patience * 2),
    registrationEffects: (id: string, action: LifecycleAction) =>
      get<Effects>(`/v1/registrations/${encodeURIComponent(id)}/effects${query({ action })}`),

    accounts: () => get<Account[]>('/v1/accounts'),
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
    token: (account: string, input: { min_validity?: number } = {}) => post<TokenAnswer>(at(account, '/token'), input),
    request: (account: string, input: z.input<typeof requestInputSchema>) =>
      post<SignedAnswer>(at(account, '/request'), input, (input.timeout_ms ?? 60_000) + patience),

    connect: (input: ConnectInput) => post<Flow>('/v1/connect', input),
    flow: (flow: string) => get<Flow>(flowAt(flow)),
    cancel: (flow: string) => post<Flow>(flowAt(flow, '/cancel')),
    /** Hands over the address that the provider redirected to. */
    answer: (flow: string, url: string) => post<Flow>(flowAt(flow, '/answer'), { url }),
    decide: (flow: string, choice: 'add_account' | 'discard') => post<Flow>(flowAt(flow, '/decide'), { choice }),

    activity: (filter: { account?: string; limit?: number; before?: number } = {}) =>
      get<Activity[]>(`/v1/activity${query(filter)}`),
    practice: () => get<Practice>('/v1/practice'),
    configurePractice: (settings: { access_token_lifetime: number }) =>
      call<Practice>('PATCH', '/v1/practice', settings),
  }
}

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
