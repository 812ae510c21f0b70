import { idShape } from './ids.ts'

/**
 * Masks what looks like a secret, for everything that is written down: logs, activity, traces. It is the second line of
 * defence: no caller passes a secret on purpose. So it rather masks too much, and keeps ids, states and error codes
 * readable.
 */

const mask = '[redacted]'

/** How the name of a secret ends: `access_token`, `clientSecret`, `set-cookie`, `device_code`, … */
const secretEnding =
  '(?:token|secret|password|passwd|passphrase|authorization|cookie|verifier|assertion|credentials?' +
  '|(?:private|api|access|owner|data|client)[_-]?key|(?:authorization|auth|device)[_-]?code)'
/** A whole name. Tried only where a name begins, or long texts would take quadratic time. */
const secretName = `(?<![A-Za-z0-9_.-])[A-Za-z0-9_.-]*?${secretEnding}`
/** Secret in an authorization response (RFC 6749 4.1.2), harmless words nearly everywhere else. */
const answerName = '(?<![A-Za-z0-9_-])(?:code|state)'

/** Between a name and its value, in JSON at any depth of escaping, forms, URLs, headers and inspected objects. */
const between = `([\\\\"']*\\s*(?:=>|[:=]|%3[dD])\\s*\\[?\\s*[\\\\"']*)`
const value = `(?!\\[redacted|redacted\\]|(?:true|false|null|undefined)\\b)([^\\s"'\\\\&,;<>(){}[\\]]+)`

const isSecretName = new RegExp(`^[A-Za-z0-9_.-]*?${secretEnding}$`, 'i')
const isAnswerName = /^(?:code|state)$/i
/** Error codes, states, HTTP statuses: what a `code` or `state` is when it is no secret. */
const harmlessWord =
  /^(?=.{1,40}$)(?:[a-z]{1,16}(?:[_-][a-z]{1,16})*|[A-Z][A-Z0-9]{0,15}(?:_[A-Z0-9]{1,16})*|-?\d{1,6})$/

/** A bare number that stood in JSON is replaced by a string in the same quotes as its name, so that JSON stays JSON. */
function masked(name: string, separator: string): string {
  const quote = /^[\\"']*/.exec(separator)?.[0] ?? ''
  // Escapes may follow the quote: `["\\\\#"]`.
  const open = /(?:[:=>]|%3d)\s*\[?\s*\\*["'][\\"']*$/i.test(separator)
  return quote !== '' && !open ? `${name}${separator}${quote}${mask}${quote}` : `${name}${separator}${mask}`
}

const privateKeyBlock = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g
const jsonString = new RegExp(`("${secretName}"\\s*:\\s*)"(?:[^"\\\\]|\\\\.)*"`, 'gi')
/** The same inside a JSON string, where every quote and backslash is escaped once more. */
const nestedJsonString = new RegExp(
  `(\\\\"${secretName}\\\\"\\s*:\\s*)\\\\"(?:[^"\\\\]|\\\\\\\\(?:\\\\.|[^"\\\\])|\\\\[^"\\\\])*\\\\"`,
  'gi',
)
const headerLine = /(?<![\w-])((?:proxy-)?authorization|(?:set-)?cookie)(\s*:\s*)(?!\s*\[redacted)[^\r\n"'\\]+/gi
const scheme = /\b(Bearer|DPoP)(\s+|%20)(?!(?:realm|error|error_description|scope|algs)=|tokens?\b)[\w.~+/=:%-]+/gi
const basic = /\b(Basic)(\s+|%20)(?=[a-z]*[A-Z0-9+/=])[A-Za-z0-9+/=_-]{6,}/g
const jwt = /\beyJ[\w-]{4,}\.[\w-]+(?:\.[\w-]*){0,3}/g
const namedValue = new RegExp(`(${secretName})${between}${value}`, 'gi')
const argument = new RegExp(
  `(--?${secretName.replace('[A-Za-z0-9_.-])', '[A-Za-z0-9_.])')})(\\s+)(?!-|\\[redacted)[^\\s"'\\\\]+`,
  'gi',
)
const answerInUrl = /((?:[?&#]|%3[fF]|%26|%23)(?:code|state)(?:=|%3[dD]))(?!\[redacted)[^&\s"'\\#<>]+/gi
const answerValue = new RegExp(`(${answerName})${between}${value}`, 'gi')
const userInfo = /(\/\/[^\s/:@"'\\]*:)(?!\[redacted)[^\s/@"'\\]+@/g
const longRun = /[A-Za-z0-9_-]{20,}/g
const base64Run = /(?<![A-Za-z0-9+/])[A-Za-z0-9+/]{32,}={0,2}/g

/** Small letter, capital or digit; null for what only separates. */
function characterClass(character: string): 'a' | 'A' | '0' | null {
  if (character >= 'a' && character <= 'z') return 'a'
  if (character >= 'A' && character <= 'Z') return 'A'
  return character >= '0' && character <= '9' ? '0' : null
}

/**
 * Random characters change their class at nearly every second place; words, paths and identifiers seldom do. Hexadecimal
 * of 128 bits or more counts as random whatever it looks like.
 */
function looksRandom(run: string): boolean {
  if (idShape.test(run)) return false
  if (/^(?:[0-9a-f]{2}-?){16,}$/i.test(run)) return true
  let previous: string | null = null
  let changes = 0
  let characters = 0
  let digits = 0
  for (const character of run) {
    const kind = characterClass(character)
    if (kind === null) continue
    if (previous !== null && kind !== previous) changes++
    if (kind === '0') digits++
    characters++
    previous = kind
  }
  const ratio = characters < 2 ? 0 : changes / (characters - 1)
  return ratio >= 0.4 || (ratio >= 0.3 && digits >= 2)
}

/** `text` with everything that looks like a secret replaced by `[redacted]`. JSON stays JSON; twice is the same as once. */
export function redact(text: string): string {
  return text
    .replace(privateKeyBlock, mask)
    .replace(jsonString, `$1"${mask}"`)
    .replace(nestedJsonString, `$1\\"${mask}\\"`)
    .replace(headerLine, `$1$2${mask}`)
    .replace(scheme, `$1$2${mask}`)
    .replace(basic, `$1$2${mask}`)
    .replace(jwt, mask)
    .replace(namedValue, (_, name: string, separator: string) => masked(name, separator))
    .replace(argument, `$1$2${mask}`)
    .replace(answerInUrl, `$1${mask}`)
    .replace(answerValue, (whole, name: string, separator: string, found: string) =>
      harmlessWord.test(found) ? whole : masked(name, separator),
    )
    .replace(userInfo, `$1${mask}@`)
    .replace(longRun, (run) => (looksRandom(run) ? mask : run))
    .replace(base64Run, (run) => (looksRandom(run) ? mask : run))
}

/** Name, message, code, stack and cause of an error, redacted; nothing else that a library may have hung on it. */
function redactError(error: Error, ancestors: object[]): Record<string, unknown> {
  const code = (error as NodeJS.ErrnoException).code
  return {
    name: error.name,
    message: redact(error.message),
    ...(typeof code === 'string' || typeof code === 'number' ? { code } : {}),
    ...(error.stack === undefined ? {} : { stack: redact(error.stack) }),
    ...(error.cause === undefined ? {} : { cause: redactInside(error.cause, ancestors) }),
  }
}

function redactMember(name: string, member: unknown, ancestors: object[]): unknown {
  const bare = member === null || member === undefined || typeof member === 'boolean'
  if (!bare && isSecretName.test(name)) return mask
  if (typeof member === 'string' && isAnswerName.test(name)) return harmlessWord.test(member) ? member : mask
  return redactInside(member, ancestors)
}

function redactInside(found: unknown, ancestors: object[]): unknown {
  if (typeof found === 'string') return redact(found)
  if (typeof found === 'bigint') return found.toString()
  if (typeof found === 'function' || typeof found === 'symbol') return undefined
  if (typeof found !== 'object' || found === null) return found
  if (ancestors.includes(found)) return '[circular]'
  if (ancestors.length >= 6) return '[deeper]'
  const inside = [...ancestors, found]
  if (found instanceof Error) return redactError(found, inside)
  if (found instanceof Date) return Number.isNaN(found.getTime()) ? null : found.toISOString()
  if (found instanceof URL) return redact(found.href)
  if (ArrayBuffer.isView(found)) return `[${found.byteLength} bytes]`
  if (Array.isArray(found) || found instanceof Set) return [...found].map((it) => redactInside(it, inside))
  const entries: [unknown, unknown][] = found instanceof Map ? [...found.entries()] : Object.entries(found)
  return Object.fromEntries(entries.map(([name, member]) => [String(name), redactMember(String(name), member, inside)]))
}

/**
 * Any value as plain JSON-able data without secrets: members whose name suggests a secret are masked whole, texts are
 * redacted, errors reduced, bytes counted.
 */
export function redactValue(found: unknown): unknown {
  return redactInside(found, [])
}
