import { LatchkeyError } from '../../shared/errors.ts'
import type { RequestTemplate } from './definition.ts'
import { isSafeUrl } from './template.ts'

/**
 * The template engine of custom requests (docs/providers.md). `{{ NAME }}` in a string is replaced by a value, encoded
 * for where it stands. There is nothing else to it: no code, no functions, no conditions.
 */

/** The value of a name, or undefined when there is none. `place`: where it is going to stand. */
export type Resolve = (name: string, place: Place) => string | undefined
export type Place = 'origin' | 'host' | 'url' | 'header' | 'form' | 'json'

/** A request as it can be sent. Holds secrets: memory only. */
export interface RenderedRequest {
  method: string
  url: string
  headers: Record<string, string>
  body: string | null
}

const braces = /\{\{([\s\S]*?)\}\}/g
/** `code`, `oauth.instance_url`, `oauth.team.id`, `oauth.items[0].id` */
const nameShape = /^[A-Za-z_][\w-]*(?:\.[\w-]+|\[\d+\])*$/

/** The names in every string of a template, each once, in order. Throws `invalid_request` at what is no expression. */
export function expressionNames(template: unknown, where: string): string[] {
  const names = new Set<string>()
  for (const [field, text] of strings(template, where)) {
    for (const name of namesIn(text, field)) names.add(name)
  }
  return [...names]
}

/**
 * A request template with its values filled in.
 *
 * - in the URL: as a part of a host name, a path segment or a query value; at the very beginning it is a whole https URL;
 * - in `query` and form data: form-encoded; in JSON data: a string value, and a string it stays;
 * - in a header: as it is, without line breaks.
 *
 * `data` is the body as a form unless `body` says otherwise; GET and DELETE without a `body` have it in the query.
 *
 * @param where The field that the template stands in, for messages: `requests.token`.
 * @throws LatchkeyError `invalid_request` whose `field` is the place, naming the variable that is missing or cannot stand
 *   there.
 */
export function renderRequest(template: RequestTemplate, resolve: Resolve, where: string): RenderedRequest {
  const { method, data } = template
  const body = template.body ?? (method === 'GET' || method === 'DELETE' ? 'none' : 'form')
  const query = pairs(template.query ?? {}, resolve, `${where}.query`)
  if (body === 'none' && data) query.push(...pairs(data, resolve, `${where}.data`))

  const headers: Record<string, string> = { accept: 'application/json' }
  let text: string | null = null
  if (body === 'json' && data) {
    headers['content-type'] = 'application/json'
    text = JSON.stringify(renderJson(data, resolve, `${where}.data`))
  } else if (body === 'form' && data) {
    headers['content-type'] = 'application/x-www-form-urlencoded'
    text = new URLSearchParams(pairs(data, resolve, `${where}.data`)).toString()
  }
  for (const [name, value] of Object.entries(template.headers ?? {})) {
    headers[name.toLowerCase()] = renderHeader(name, value, resolve, `${where}.headers.${name}`)
  }
  return { method, url: withQuery(renderUrl(template.url, resolve, `${where}.url`), query), headers, body: text }
}

/** A URL template with its values filled in, each encoded for where it stands. */
export function renderUrl(template: string, resolve: Resolve, where: string): string {
  const url = replace(template, resolve, where, (name, value, offset) => {
    if (offset === 0) {
      if (!isSafeUrl(value))
        throw invalid(where, `“${name}” must be a whole https:// URL for ${where} to begin with it.`)
      return /^\{\{[^}]*\}\}\//.test(template) ? value.replace(/\/+$/, '') : value
    }
    return inUrl(template.slice(0, offset), name, value, where)
  })
  if (isSafeUrl(url)) return url.split('#')[0] ?? url
  throw invalid(where, `${where} has to be an https:// URL; http:// only on this machine.`)
}

/** Adds parameters to a URL without touching what it holds already. */
export function withQuery(url: string, parameters: [string, string][]): string {
  if (parameters.length === 0) return url
  return `${url}${url.includes('?') ? '&' : '?'}${new URLSearchParams(parameters).toString()}`
}

const upToHost = /^[a-z]+:\/\/[^/?#]*$/i

function placeAt(template: string, offset: number): Place {
  if (offset === 0) return 'origin'
  return upToHost.test(template.slice(0, offset)) ? 'host' : 'url'
}

function inUrl(before: string, name: string, value: string, where: string): string {
  const refuse = () => invalid(where, `The value of “${name}” holds characters that cannot stand in ${where}.`)
  if (upToHost.test(before)) {
    if (!/^[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?$/.test(value)) throw refuse()
    return value
  }
  // URL parsers take these out of a path even when they are percent-encoded (URL Standard 4.4).
  if (!before.includes('?') && (value === '.' || value === '..')) throw refuse()
  try {
    return encodeURIComponent(value)
  } catch {
    throw refuse()
  }
}

/** RFC 9110 5.5: visible characters, spaces and tabs. A line break would be another header. */
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/
const fieldName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/

function renderHeader(name: string, template: string, resolve: Resolve, where: string): string {
  if (!fieldName.test(name)) throw invalid(where, `“${name}” cannot be the name of a header.`)
  const value = replace(
    template,
    (it) => resolve(it, 'header'),
    where,
    (variable, text) => {
      if (fieldValue.test(text)) return text
      throw invalid(where, `The value of “${variable}” holds characters that no header can have.`)
    },
  )
  if (fieldValue.test(value)) return value.trim()
  throw invalid(where, `${where} holds characters that no header can have.`)
}

/** Names and values of a form or query: texts, numbers and booleans; a list repeats its name; null is left out. */
function pairs(data: Record<string, unknown>, resolve: Resolve, where: string): [string, string][] {
  return Object.entries(data).flatMap(([name, value]): [string, string][] => {
    const field = `${where}.${name}`
    const values = Array.isArray(value) ? value : [value]
    return values.filter((it) => it !== null).map((it) => [name, formValue(it, resolve, field)])
  })
}

function formValue(value: unknown, resolve: Resolve, where: string): string {
  if (typeof value === 'string')
    return replace(
      value,
      (name) => resolve(name, 'form'),
      where,
      (_, text) => text,
    )
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  throw invalid(where, `${where} is an object, which a form or query cannot hold. Use "body": "json".`)
}

function renderJson(value: unknown, resolve: Resolve, where: string): unknown {
  if (typeof value === 'string')
    return replace(
      value,
      (name) => resolve(name, 'json'),
      where,
      (_, text) => text,
    )
  if (Array.isArray(value)) return value.map((it, index) => renderJson(it, resolve, `${where}[${index}]`))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [name, renderJson(member, resolve, `${where}.${name}`)]),
  )
}

function replace(
  template: string,
  resolve: Resolve,
  where: string,
  encode: (name: string, value: string, offset: number) => string,
): string {
  namesIn(template, where)
  return template.replace(braces, (_, inside: string, offset: number) => {
    const name = inside.trim()
    const value = resolve(name, placeAt(template, offset))
    if (value === undefined) throw missing(name, where)
    return encode(name, value, offset)
  })
}

/** The names in one string. What stands between braces and is not a name, or is left open, is named. */
function namesIn(text: string, where: string): string[] {
  const names = [...text.matchAll(braces)].map((match) => (match[1] ?? '').trim())
  for (const name of names) {
    if (nameShape.test(name)) continue
    throw invalid(where, `${where} holds {{ ${name.slice(0, 60)} }}: only the name of a variable may stand there.`)
  }
  if (text.replace(braces, '').includes('{{')) throw invalid(where, `${where} opens {{ and does not close it with }}.`)
  return names
}

function* strings(value: unknown, where: string): Generator<[string, string]> {
  if (typeof value === 'string') yield [where, value]
  else if (Array.isArray(value)) for (const [index, it] of value.entries()) yield* strings(it, `${where}[${index}]`)
  else if (typeof value === 'object' && value !== null) {
    for (const [name, member] of Object.entries(value)) yield* strings(member, `${where}.${name}`)
  }
}

function missing(name: string, where: string): LatchkeyError {
  const answer = /^oauth\.(.+)$/.exec(name)?.[1]
  const message =
    answer === undefined
      ? `${where} uses {{ ${name} }}, which has no value here.`
      : `${where} uses {{ ${name} }}, but the token answer held no “${answer}”.`
  return invalid(where, message)
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
