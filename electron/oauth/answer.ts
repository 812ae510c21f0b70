import { isJsonObject } from './jwt.ts'

/** An HTTP answer of a token endpoint, read to its end. */
export interface RawAnswer {
  status: number
  /** Without parameters, in small letters. */
  contentType: string
  body: string
}

/** The same in the shape of RFC 6749 5.1 or 5.2. `json` is null when there is no telling what it was. */
export interface TokenAnswer {
  status: number
  json: Record<string, unknown> | null
  /** What a mapping did not find, in a sentence without values (custom-requests.ts). */
  problem?: string | null
}

/**
 * Brings a token endpoint's answer into the shape of RFC 6749 5, for a library that rightly insists on it:
 * - form-encoded answers (GitHub without `Accept`, Facebook of old) become JSON;
 * - JSON under another content type is JSON all the same;
 * - `200` with an `error` (GitHub, Slack) becomes the `400` that 5.2 asks for;
 * - null and empty members are left out; `expires_in` becomes a number; scopes in a list become a string;
 * - a missing `token_type` means Bearer, the only type Latchkey asks for.
 * Nothing is made up: an answer that is neither JSON nor a form stays unread.
 */
export function normaliseTokenAnswer(raw: RawAnswer): TokenAnswer {
  const json = readObject(raw)
  if (!json) return { status: raw.status, json: null }
  if (typeof json.error === 'string' && json.error !== '') {
    return { status: raw.status < 400 ? 400 : raw.status, json }
  }
  if (raw.status !== 200 && raw.status !== 201) return { status: raw.status, json }
  return { status: 200, json: normaliseSuccess(json) }
}

function readObject({ contentType, body }: RawAnswer): Record<string, unknown> | null {
  try {
    const value: unknown = JSON.parse(body)
    return isJsonObject(value) ? value : null
  } catch {
    return readForm(contentType, body)
  }
}

function readForm(contentType: string, body: string): Record<string, unknown> | null {
  if (contentType !== 'application/x-www-form-urlencoded' && contentType !== 'text/plain') return null
  const form = new URLSearchParams(body.trim())
  if (!form.has('access_token') && !form.has('error')) return null
  return Object.fromEntries(form)
}

function normaliseSuccess(json: Record<string, unknown>): Record<string, unknown> {
  const answer: Record<string, unknown> = {}
  for (const [name, value] of Object.entries(json)) {
    if (value !== null && (value !== '' || name === 'scope')) answer[name] = value
  }
  if (answer.expires_in !== undefined) {
    const seconds = lifetime(answer.expires_in)
    if (seconds === null) delete answer.expires_in
    else answer.expires_in = seconds
  }
  if (Array.isArray(answer.scope)) answer.scope = answer.scope.join(' ')
  if (answer.access_token !== undefined) answer.token_type ??= 'Bearer'
  return answer
}

/**
 * `expires_in` as seconds: a number or a numeric string. Null for anything else, and for 0 and less, with which some
 * servers mean "does not expire": no token is issued dead.
 */
export function lifetime(value: unknown): number | null {
  if (typeof value !== 'number' && (typeof value !== 'string' || !/^\s*\d+(\.\d+)?\s*$/.test(value))) return null
  const seconds = Number(value)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null
}
