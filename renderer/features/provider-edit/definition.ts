/** A definition as it is edited: JSON of any shape until the host has found it good (docs/providers.md). */
export type Draft = Record<string, unknown>

const isObject = (value: unknown): value is Draft =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** What stands at a path: `endpoints.token`. */
export function at(draft: Draft, path: string): unknown {
  let value: unknown = draft
  for (const name of path.split('.')) {
    if (!isObject(value)) return undefined
    value = value[name]
  }
  return value
}

/** A copy with another value at a path. `undefined` removes it, and the objects that it leaves empty. */
export function put(draft: Draft, path: string, value: unknown): Draft {
  const [name = '', ...rest] = path.split('.')
  const { [name]: before, ...others } = draft
  const next = rest.length === 0 ? value : put(isObject(before) ? before : {}, rest.join('.'), value)
  // An object that had been empty before (`authorization_parameters`) is wanted so.
  const emptied = rest.length > 0 && value === undefined && isObject(next) && Object.keys(next).length === 0
  if (next === undefined || emptied) return others
  // A property keeps its place, so that the JSON does not jump around.
  return { ...draft, [name]: next }
}

export function textAt(draft: Draft, path: string): string {
  const value = at(draft, path)
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}

export function listAt(draft: Draft, path: string): string[] {
  const value = at(draft, path)
  return Array.isArray(value) ? value.filter((it): it is string => typeof it === 'string') : []
}

export interface ScopeDraft {
  name: string
  text: string
  sensitivity: 'low' | 'medium' | 'high'
  default: boolean
}

export function scopesAt(draft: Draft): ScopeDraft[] {
  const value = draft.scopes
  return Array.isArray(value) ? (value.filter(isObject) as unknown as ScopeDraft[]) : []
}

/** `Name: value` or `name=value` lines and back. Lines that are neither are kept out. */
export function pairsOf(text: string): Record<string, string> {
  const pairs: Record<string, string> = {}
  for (const line of text.split('\n')) {
    const [, name, value] = /^\s*([^\s:=][^:=]*?)\s*[:=]\s?(.*)$/.exec(line) ?? []
    if (name) pairs[name] = (value ?? '').trim()
  }
  return pairs
}

/** The first line (from 1) that is no pair, or null. */
export function wrongPair(text: string): number | null {
  const index = text.split('\n').findIndex((line) => line.trim() !== '' && !/^\s*[^\s:=][^:=]*[:=]/.test(line))
  return index < 0 ? null : index + 1
}

export function linesOf(pairs: unknown): string {
  if (!isObject(pairs)) return ''
  return Object.entries(pairs)
    .map(([name, value]) => `${name}: ${String(value)}`)
    .join('\n')
}

/** One JSON object, or why the text is none. */
export function parseObject(text: string): { value: Draft } | { problem: string } {
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? { value } : { problem: '' }
  } catch (error) {
    return { problem: error instanceof Error ? error.message : '' }
  }
}

/** A field that the host names, as it stands in the definition: `definition.scopes[0].text` → `scopes[0].text`. */
export const ownField = (field: string | undefined): string | null =>
  field === undefined ? null : field.replace(/^definition\.?/, '')

/** Whether a complaint about `field` belongs to what is edited at `path`. */
export const belongs = (field: string | null, path: string): boolean =>
  field !== null && (field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`))

/** What a new provider starts with: the standard, and nothing that has to be known. */
export function emptyDraft(): Draft {
  return {
    id: '',
    name: '',
    category: 'other',
    description: '',
    evidence: 'unverified',
    sources: [],
    endpoints: { authorization: '', token: '' },
    grants: ['authorization_code'],
    client: 'registration',
    client_authentication: ['client_secret_basic'],
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'browser' },
    identity: { sources: ['userinfo'], subject: ['sub'], name: ['name'], email: ['email'] },
    api: { hosts: [], private_network: false, header: { name: 'Authorization', prefix: 'Bearer ' } },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
}

/** An id as definitions allow it, made of a name. */
export const idFrom = (name: string): string =>
  name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{M}+/gu, '')
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-+|-+$/g, '')

/** Paths of what everything else needs and is empty; the host judges the rest. */
export function missing(draft: Draft): string[] {
  const wanted = ['name', 'id', 'description']
  const where = draft.issuer === undefined ? ['endpoints.authorization', 'endpoints.token'] : ['issuer']
  return [...wanted, ...where].filter((path) => textAt(draft, path).trim() === '')
}
