import type { Permission, PermissionInput, Right, Want } from '../../../shared/contract-apps.ts'
import type { Account, Practice, Provider, Registration } from '../../../shared/models.ts'
import { requestMethods } from '../../../shared/standards.ts'
import { t } from '../../texts.ts'
import { filledBase } from '../playground/request-draft.ts'
import { type Grant, readsOnly } from './grant-text.ts'

export type RequestMethod = (typeof requestMethods)[number]
export const untils = ['day', 'month', 'year', 'none', 'date'] as const
export type Until = (typeof untils)[number]

/** In the place of an account's id: those that the app connects itself. No id begins with an underscore. */
export const ownAccounts = '_own'

/** When something ends, as the person chooses it. `date`: the last day, as `2026-12-20`. */
export interface EndDraft {
  until: Until
  date: string
}

/** A permission while it is written. */
export interface PermissionDraft extends EndDraft {
  key: string
  /** What the program asked for; null for one that the person adds. */
  want: Want | null
  /** Off: left out. */
  on: boolean
  /** An account's id, `ownAccounts`, or '' while none is chosen. */
  account: string
  rights: Right[]
  hostWay: 'all' | 'some'
  hosts: string[]
  methodWay: 'any' | 'read' | 'some'
  methods: RequestMethod[]
  path: string
}

let made = 0
const nextKey = () => {
  made += 1
  return `draft-${made}`
}

/** Rights that are never switched on for somebody: the person does that. */
const careful = new Set<Right>(['token', 'manage'])

const methodsPart = (methods: RequestMethod[]): Pick<PermissionDraft, 'methodWay' | 'methods'> => ({
  methodWay: methods.length === 0 ? 'any' : readsOnly(methods) ? 'read' : 'some',
  methods,
})

export function emptyDraft(): PermissionDraft {
  return {
    key: nextKey(),
    want: null,
    on: true,
    account: '',
    rights: ['see', 'request'],
    hostWay: 'all',
    hosts: [],
    ...methodsPart([]),
    path: '',
    until: 'year',
    date: '',
  }
}

export function draftOfWant(want: Want): PermissionDraft {
  const own = want.account === null && want.account_id === null && want.rights.includes('connect')
  return {
    ...emptyDraft(),
    want,
    account: want.account_id ?? (own ? ownAccounts : ''),
    rights: want.rights.filter((right) => !careful.has(right)),
    hostWay: want.hosts.length === 0 ? 'all' : 'some',
    hosts: want.hosts,
    ...methodsPart(want.methods),
    path: want.path_prefix ?? '',
  }
}

export function draftOfPermission(permission: Permission): PermissionDraft {
  return {
    ...emptyDraft(),
    account: permission.account_id ?? ownAccounts,
    rights: permission.rights,
    hostWay: permission.hosts.length === 0 ? 'all' : 'some',
    hosts: permission.hosts,
    ...methodsPart(permission.methods),
    path: permission.path_prefix ?? '',
    ...endOf(permission.until),
  }
}

/** The local calendar day of a moment, as a date field writes it. */
function dayOf(at: string): string {
  const date = new Date(at)
  const two = (part: number) => String(part).padStart(2, '0')
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`
}

export const endOf = (until: string | null): EndDraft =>
  until === null ? { until: 'none', date: '' } : { until: 'date', date: dayOf(until) }

const spans: Record<Exclude<Until, 'none' | 'date'>, number> = { day: 1, month: 30, year: 365 }

/** The moment that was chosen; null: no end. A date lasts to the end of that day, here. Throws for a date that is none. */
export function momentOf({ until, date }: EndDraft, now: number): string | null {
  if (until === 'none') return null
  if (until === 'date') return new Date(`${date}T23:59:59`).toISOString()
  return new Date(now + spans[until] * 86_400_000).toISOString()
}

export function endProblem(end: EndDraft, now: number): string | null {
  if (end.until !== 'date') return null
  const at = Date.parse(`${end.date}T23:59:59`)
  return Number.isNaN(at) || at <= now ? t.apps.fields.errors.date : null
}

export type Problems = Partial<Record<'account' | 'rights' | 'hosts' | 'methods' | 'path' | 'date', string>>

/** What keeps a draft from being saved. A draft that is left out has no problems. */
export function problemsOf(draft: PermissionDraft, now: number): Problems {
  const { errors } = t.apps.fields
  const problems: Problems = {}
  if (!draft.on) return problems
  if (draft.account === '') problems.account = errors.account
  if (draft.rights.length === 0) problems.rights = errors.rights
  // Without it the app would never have an account of its own.
  else if (draft.account === ownAccounts && !draft.rights.includes('connect')) problems.rights = errors.connect
  const end = endProblem(draft, now)
  if (end !== null) problems.date = end
  if (!draft.rights.includes('request')) return problems
  if (draft.hostWay === 'some' && draft.hosts.length === 0) problems.hosts = errors.hosts
  if (draft.methodWay === 'some' && draft.methods.length === 0) problems.methods = errors.methods
  if (draft.path.trim() !== '' && !/^\/[^?#\s]*$/.test(draft.path.trim())) problems.path = errors.path
  return problems
}

/** The narrowing parts, which count for requests alone. */
function limits(draft: PermissionDraft): Pick<Grant, 'hosts' | 'methods' | 'path_prefix'> {
  if (!draft.rights.includes('request')) return { hosts: [], methods: [], path_prefix: null }
  return {
    hosts: draft.hostWay === 'all' ? [] : draft.hosts,
    methods: draft.methodWay === 'any' ? [] : draft.methods,
    path_prefix: draft.path.trim() === '' ? null : draft.path.trim(),
  }
}

/** As the host takes it. The draft has no problems. */
export function permissionInput(draft: PermissionDraft, now: number): PermissionInput {
  return {
    account: draft.account === ownAccounts ? null : draft.account,
    rights: draft.rights,
    ...limits(draft),
    until: momentOf(draft, now),
  }
}

/** What the sentence needs, also while the draft is unfinished. */
export function grantOf(draft: PermissionDraft, app: string, alias: string | null, now: number): Grant {
  const until = endProblem(draft, now) === null ? momentOf(draft, now) : null
  return { app, account: alias, rights: draft.rights, ...limits(draft), until }
}

/** Whether `host` stands under `pattern` (`host`, `host:port`, `*.host`, `*.host:port`). */
export function covers(pattern: string, host: string): boolean {
  const wide = pattern.toLowerCase()
  const narrow = host.toLowerCase()
  if (wide === narrow) return true
  return wide.startsWith('*.') && narrow.replace(/^\*/, '').endsWith(wide.slice(1)) && narrow !== wide.slice(2)
}

/** `host`, `host:port`, `*.host`: as the contract takes it. What is pasted with a scheme or a path is not one. */
export const isHost = (text: string): boolean =>
  /^(\*\.)?([a-z0-9_-]+\.)*[a-z0-9_-]+(:\d{1,5})?$/i.test(text) || /^\[[0-9a-f:]+\](:\d{1,5})?$/i.test(text)

/** The hosts that an account's requests may go to, so far as the page can know them; the wide ones stand for the rest. */
export function policyHosts(
  provider: Provider | undefined,
  registration: Registration | undefined,
  practice: Practice | undefined,
): string[] {
  if (!provider) return []
  const base = provider.needs_registration
    ? filledBase(provider.api_base_url, registration?.variables ?? {})
    : (practice?.api_base_url ?? null)
  const baseHost = base !== null && URL.canParse(base) ? [new URL(base).host] : []
  const all = [...new Set([...provider.api_hosts, ...baseHost, ...(registration?.extra_hosts ?? [])])]
  return all.filter((host) => !host.includes('{') && !all.some((other) => other !== host && covers(other, host)))
}

/** How an account is called in a sentence: its alias, or null for those that the app connects. */
export const aliasOf = (id: string, accounts: readonly Account[]): string | null =>
  id === ownAccounts ? null : (accounts.find((it) => it.id === id)?.alias ?? t.apps.app.unknownAccount)

export const allMethods: readonly RequestMethod[] = requestMethods
