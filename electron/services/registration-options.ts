import { LatchkeyError } from '../../shared/errors.ts'
import type { Definition } from '../providers/definition.ts'
import { isSafeUrl } from '../providers/template.ts'
import type { RegistrationOptions } from '../vault/ports.ts'

/** The name of a header (RFC 9110 5.1), and the ones that belong to the connection. */
const headerName = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/
const forbiddenHeaders = new Set(['host', 'content-length', 'transfer-encoding', 'connection', 'cookie'])

/** What a registration chooses, without what was left empty. Throws `invalid_request` with field `options.NAME`. */
export function checkOptions(entered: RegistrationOptions, definition: Definition): RegistrationOptions {
  const options = withoutEmpty(entered)
  const { grant, resource, header, baseUrl, dpop, par } = options
  const possible = definition.grants ?? ['authorization_code']
  if (grant !== undefined && !possible.includes(grant)) {
    throw invalid('grant', `${definition.name} does not offer ${grant}. It offers: ${possible.join(', ')}.`)
  }
  if (resource !== undefined && !isResource(resource)) {
    throw invalid('resource', 'A resource is an absolute URI without a # part (RFC 8707 2).')
  }
  if (baseUrl !== undefined && !isSafeUrl(baseUrl)) {
    throw invalid('baseUrl', 'The base URI has to be a whole https:// URL (http:// only on this machine).')
  }
  if (header !== undefined && (!headerName.test(header.name) || forbiddenHeaders.has(header.name.toLowerCase()))) {
    throw invalid('header', `“${header.name}” cannot be the header that carries the token.`)
  }
  if (header !== undefined && !/^[\x20-\x7e]*$/.test(header.prefix)) {
    throw invalid('header', 'What stands before the token in the header has to be plain characters.')
  }
  if (dpop === false && definition.dpop === 'required') {
    throw invalid('dpop', `${definition.name} takes only tokens that are bound to a key (RFC 9449).`)
  }
  if (par === false && definition.authorization?.par === 'required') {
    throw invalid('par', `${definition.name} takes only pushed authorization requests (RFC 9126).`)
  }
  if (par === true && definition.authorization?.par === 'refused') {
    throw invalid('par', `${definition.name} takes no pushed authorization requests.`)
  }
  return options
}

/** What an input field left empty says is nothing. */
function withoutEmpty(entered: RegistrationOptions): RegistrationOptions {
  const kept = Object.entries(entered).flatMap(([name, value]): [string, unknown][] => {
    if (value === undefined) return []
    if (typeof value === 'string') return value.trim() === '' ? [] : [[name, value.trim()]]
    if (name !== 'assertion') return [[name, value]]
    const parts = Object.entries(value).filter(
      // An empty subject is a choice: an assertion without `sub`, as Google's service accounts want it.
      ([part, text]) => typeof text === 'string' && (part === 'subject' || text.trim() !== ''),
    )
    return parts.length === 0 ? [] : [[name, Object.fromEntries(parts)]]
  })
  return Object.fromEntries(kept)
}

/** One or several, separated by spaces. */
function isResource(value: string): boolean {
  return value.split(/\s+/).every((uri) => URL.canParse(uri) && !uri.includes('#'))
}

function invalid(name: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field: `options.${name}` })
}
