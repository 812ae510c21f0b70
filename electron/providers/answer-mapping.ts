import type { AnswerMapping } from './definition.ts'

/** Reads provider answers by mapping (docs/providers.md). Pure: what comes in is text, what goes out are fields. */

/** An answer as it arrived. `contentType` without parameters, in small letters. */
export interface AnswerText {
  status: number
  contentType: string
  body: string
}

/** The same under the names of RFC 6749 5.1 or 5.2. */
export interface MappedAnswer {
  status: number
  /** null: neither JSON nor a form nor plain text. */
  json: Record<string, unknown> | null
  /** What is wrong with it, in a sentence that holds nothing of its values, or null. */
  problem: string | null
}

/** An answer in which nothing is mapped has the names of RFC 6749 5.1. */
const standard: AnswerMapping = { access_token: ['access_token'] }

/**
 * An answer of a token endpoint under the standard's names.
 *
 * - A field that the mapping leaves out is looked for under its own name.
 * - `success` that does not hold, an error name without an access token, and any status of 400 and more make it an error
 *   (5.2), whatever its status was.
 * - A missing `access_token` is a problem, and so is a missing `scope` that the mapping names, where `needsScope`.
 * - A `token_type` of the provider's own (Slack's `bot`) is Bearer: that is how it is sent.
 */
export function mapAnswer(
  answer: AnswerText,
  mapping: AnswerMapping = standard,
  { needsScope = false }: { needsScope?: boolean } = {},
): MappedAnswer {
  const document = readDocument(answer, mapping)
  if (document === null) return { status: answer.status, json: null, problem: null }
  const json: Record<string, unknown> = {}
  for (const field of fields) {
    const value = readFirst(document, mapping[field] ?? [field])
    if (value !== undefined) json[field] = value
  }

  const error = errorOf(document, mapping, json.access_token === undefined)
  if (error !== null) return { status: Math.max(answer.status, 400), json: error, problem: null }
  if (answer.status < 200 || answer.status >= 300) return { status: answer.status, json: {}, problem: null }

  if (typeof json.access_token === 'number') json.access_token = String(json.access_token)
  if (typeof json.token_type !== 'string' || !/^(?:bearer|dpop)$/i.test(json.token_type)) json.token_type = 'Bearer'
  const absent = [
    ...(typeof json.access_token === 'string' && json.access_token !== '' ? [] : ['access_token' as const]),
    ...(needsScope && mapping.scope && json.scope === undefined ? ['scope' as const] : []),
  ][0]
  if (absent === undefined) return { status: 200, json, problem: null }
  const places = (mapping[absent] ?? [absent]).join(' or ')
  return { status: 200, json: {}, problem: `The answer holds no ${absent} at ${places}. ${inventory(document)}` }
}

const fields = ['access_token', 'refresh_token', 'id_token', 'expires_in', 'scope', 'token_type'] as const

/** The error that an answer tells of (RFC 6749 5.2), or null. */
function errorOf(document: unknown, mapping: AnswerMapping, noToken: boolean): Record<string, unknown> | null {
  const { success } = mapping
  const failed = success !== undefined && String(readPath(document, success.path)) !== String(success.equals)
  const name = text(readFirst(document, mapping.error ?? ['error']))
  const description = text(readFirst(document, mapping.error_description ?? ['error_description']))
  if (!failed && (name === null || !noToken)) return null
  return { error: name ?? 'unsuccessful', ...(description === null ? {} : { error_description: description }) }
}

/** Which names an answer does hold: what a person needs to mend the mapping. Names, never values. */
function inventory(document: unknown): string {
  const names = Object.keys(flatten(document))
    .map((name) => name.replace(/[^\w.[\]-]/g, '').slice(0, 60))
    .slice(0, 12)
  return names.length === 0 ? 'It is empty.' : `It holds: ${names.join(', ')}.`
}

/**
 * What an answer says: JSON under whatever content type, a form, or plain text, which stands under the name `text`.
 * Null for anything else, a page of HTML above all.
 */
export function readDocument(answer: Pick<AnswerText, 'contentType' | 'body'>, mapping?: AnswerMapping): unknown {
  const { contentType, body } = answer
  try {
    const value: unknown = JSON.parse(body)
    if (typeof value === 'object' && value !== null) return value
  } catch {
    // Not JSON: perhaps one of the others.
  }
  if (contentType === 'application/x-www-form-urlencoded') return Object.fromEntries(new URLSearchParams(body.trim()))
  if (contentType !== 'text/plain') return null
  const form = new URLSearchParams(body.trim())
  const names = [...(mapping?.access_token ?? []), ...(mapping?.error ?? []), 'access_token', 'error']
  if (names.some((name) => form.has(name))) return Object.fromEntries(form)
  return { text: body.trim() }
}

/**
 * What stands at a path: property names joined by dots, `[0]` for the items of a list. A property whose own name is the
 * whole path comes first: names may hold dots (`https://example.com/name`, OpenID Connect Core 5.1.2).
 */
export function readPath(document: unknown, path: string): unknown {
  if (isObject(document) && Object.hasOwn(document, path)) return document[path]
  let value: unknown = document
  for (const [, name, index] of path.matchAll(/([^.[\]]+)|\[(\d+)\]/g)) {
    if (index !== undefined) value = Array.isArray(value) ? value[Number(index)] : undefined
    else value = name !== undefined && isObject(value) && Object.hasOwn(value, name) ? value[name] : undefined
  }
  return value
}

/** The first of several paths at which something stands. Null and empty text count as nothing. */
export function readFirst(document: unknown, paths: string[]): unknown {
  for (const path of paths) {
    const value = readPath(document, path)
    if (value !== undefined && value !== null && value !== '') return value
  }
  return undefined
}

const mostValues = 100
const longestValue = 8_000

/**
 * Everything an answer holds besides its tokens, flat: `team.id`, `items[0].name`. Texts, numbers and booleans, as text.
 * This is what `{{ oauth.NAME }}` reads, and what `{instance_url}` in an API's base URL can be.
 */
export function savedValues(document: unknown): Record<string, string> {
  const values = Object.entries(flatten(document)).filter(([name]) => !ownTokens.has(name))
  return Object.fromEntries(values.slice(0, mostValues))
}

/** These stand in the token set itself, where a refresh replaces them. */
const ownTokens = new Set(['access_token', 'refresh_token', 'id_token'])

function flatten(value: unknown, name = '', depth = 0): Record<string, string> {
  if (typeof value === 'string') return value.length > longestValue ? {} : { [name]: value }
  if (typeof value === 'number' || typeof value === 'boolean') return { [name]: String(value) }
  if (typeof value !== 'object' || value === null || depth > 6) return {}
  const members: [string, unknown][] = Array.isArray(value)
    ? value.map((it, index) => [`${name}[${index}]`, it])
    : Object.entries(value).map(([key, it]) => [name === '' ? key : `${name}.${key}`, it])
  return Object.assign({}, ...members.slice(0, mostValues).map(([key, it]) => flatten(it, key, depth + 1)))
}

function text(value: unknown): string | null {
  if (typeof value === 'number') return String(value)
  return typeof value === 'string' && value !== '' ? value : null
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
