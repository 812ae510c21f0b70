import { LatchkeyError } from '../../shared/errors.ts'
import { requestUrl } from '../signer/policy.ts'

/**
 * What stands behind `/proxy/` in the address that a program asked for, and the way back: references in answers that lead
 * through the proxy again.
 */

/** A base URL, taken apart once. */
export interface BaseUrl {
  /** `https://host:port` */
  origin: string
  /** Ends with a slash. */
  path: string
}

export function baseOf(baseUrl: string): BaseUrl {
  const { origin, pathname } = new URL(baseUrl)
  return { origin, path: pathname.endsWith('/') ? pathname : `${pathname}/` }
}

/** Some routers and HTTP libraries make one slash of two, and some programs encode the whole URL. */
const absolute = /^(https?):[\\/]*/i
const encodedScheme = /^https?(?::|%3a)/i
const otherScheme = /^[a-z][a-z0-9+.-]*:(?:[\\/]|%2f|%5c){2}/i

/**
 * The URL that a target stands for, when it names one of its own; null: it is a path below the base URL.
 *
 * @param target As it was sent, undecoded, without the slash after `/proxy`.
 * @throws LatchkeyError `invalid_request`, `destination_not_allowed`.
 */
export function absoluteTarget(target: string): string | null {
  if (!encodedScheme.test(target)) {
    if (!otherScheme.test(target)) return null
    throw new LatchkeyError('destination_not_allowed', 'Requests go over https. Another scheme is not possible.')
  }
  const end = target.search(/[/?]/)
  const first = end === -1 ? target : target.slice(0, end)
  const rest = end === -1 ? '' : target.slice(end)
  // Only as far as the next slash: where that one is not encoded, what stands behind it is a path in its own spelling.
  const whole = decoded(first) + rest
  const scheme = absolute.exec(whole)
  if (scheme === null) return null
  return `${(scheme[1] as string).toLowerCase()}://${whole.slice(scheme[0].length)}`
}

/**
 * Where the request goes.
 *
 * @param target As for `absoluteTarget`, which `own` is the answer of.
 * @throws LatchkeyError `invalid_request` with field `url`; `destination_not_allowed` when the path climbs.
 */
export function targetUrl(target: string, own: string | null, base: BaseUrl | null): URL {
  const path = own ?? target
  if (climbs(path)) {
    throw new LatchkeyError(
      'destination_not_allowed',
      'The path climbs (“..”, or a backslash), so it cannot be told where it would end. Write down where it leads.',
      { field: 'url' },
    )
  }
  if (own !== null) {
    const url = requestUrl(own, null)
    if (!url.hostname.endsWith('.')) return url
    throw new LatchkeyError('invalid_request', 'This is no host name.', { field: 'url' })
  }
  if (base === null) {
    throw new LatchkeyError(
      'invalid_request',
      'This provider has no API base URL: put the whole URL behind /proxy/, beginning with https://.',
      { field: 'url' },
    )
  }
  // Put behind the base as text: a colon or a second slash at its beginning cannot make it a URL of its own.
  const url = new URL(base.origin + base.path + withoutSlash(utf8(target)))
  if (target.includes('#')) url.hash = ''
  if (url.origin === base.origin && url.pathname.startsWith(base.path)) return url
  throw new LatchkeyError('destination_not_allowed', 'The path leads out of the API’s base URL.', { field: 'url' })
}

/** `/proxy//user`, as a base URL with a slash and a path with one make it, is `/proxy/user`. */
const withoutSlash = (path: string) => (path.startsWith('/') ? path.slice(1) : path)

/** node:http gives the bytes of a request target as Latin-1 characters. */
const utf8 = (text: string) => (/[\u0080-\u00ff]/.test(text) ? Buffer.from(text, 'latin1').toString('utf8') : text)

/** What may be a dot segment, or a slash of another kind, here or to a server that decodes once more. */
const suspicious = /\\|\.\.|%(?:25)?(?:2e|5c)/i

function climbs(target: string): boolean {
  if (!suspicious.test(target)) return false
  const path = target.split(/[?#]/, 1)[0] as string
  const plain = path.replace(/%25/gi, '%').replace(/%2e/gi, '.').replace(/%2f/gi, '/').replace(/%5c/gi, '\\')
  if (plain.includes('\\')) return true
  return plain.split('/').some((segment) => segment.split(';', 1)[0] === '..')
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw new LatchkeyError('invalid_request', 'The URL behind /proxy/ is not encoded correctly.', { field: 'url' })
  }
}

/** What decides whether, and how, references are led back through the proxy. */
export interface WayBack {
  /** Of the request that was answered: what relative references start from. */
  url: URL
  base: BaseUrl | null
  /** The proxy's own address for the account, with its last slash. */
  proxy: string
  allowed: (url: URL) => boolean
  /** The query parameter that holds the credential, where that is how the provider wants it. */
  secretParameter: string | null
}

/**
 * `Location`, `Content-Location` (RFC 9110 10.2.2, 8.7) or `Link` (RFC 8288 3) with the targets that requests may go to
 * led through the proxy: the next page and the redirect of a program that was given the proxy as its base URL stay with
 * it, and its key for Latchkey never travels to the provider. What leads elsewhere stays as it is.
 */
export function leadBack(name: string, value: string, way: WayBack): string {
  if (name !== 'link') return reference(value, way)
  return value.replace(/"(?:[^"\\]|\\.)*"|<([^<>]*)>/g, (whole, target: string | undefined) =>
    target === undefined ? whole : `<${reference(target, way)}>`,
  )
}

function reference(value: string, { url, base, proxy, allowed, secretParameter }: WayBack): string {
  const text = utf8(value)
  if (!URL.canParse(text, url.href)) return value
  const target = new URL(text, url)
  if (!allowed(target)) return value
  if (secretParameter !== null && target.searchParams.has(secretParameter)) target.searchParams.delete(secretParameter)
  if (base !== null && target.origin === base.origin && target.pathname.startsWith(base.path)) {
    const rest = target.pathname.slice(base.path.length)
    // A path that reads like a URL of its own would be taken for one when it comes back.
    if (!encodedScheme.test(rest) && !otherScheme.test(rest) && !rest.startsWith('/')) {
      return `${proxy}${rest}${target.search}${target.hash}`
    }
  }
  return proxy + target.href
}
