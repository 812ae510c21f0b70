import { LatchkeyError } from '../../shared/errors.ts'

/** RFC 6749 3.3: printable ASCII without space, quotation mark and backslash. */
const scopeToken = /^[\x21\x23-\x5b\x5d-\x7e]+$/

/**
 * Scopes as a list of single names, each once. An entry may hold several, written with commas or spaces. Throws
 * `invalid_request` with `field` for one that no provider could read.
 */
export function splitScopes(entries: string[], field: string): string[] {
  const names = entries.flatMap((entry) => entry.split(/[\s,]+/)).filter((name) => name !== '')
  const wrong = names.find((name) => !scopeToken.test(name))
  if (wrong === undefined) return [...new Set(names)]
  throw new LatchkeyError('invalid_request', `“${wrong}” is not a scope: scopes are plain letters, digits and signs.`, {
    field,
  })
}
