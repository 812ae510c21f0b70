import { isIP } from 'node:net'
import { LatchkeyError } from '../../shared/errors.ts'
import { addressReach, type Reach } from '../platform/addresses.ts'

/**
 * The destination policy (DESIGN section 8): where a request may go before credentials are attached to it. Pure: the same
 * policy and URL always give the same answer. What the host's name resolves to is judged by resolve.ts when connecting.
 */
export interface DestinationPolicy {
  readonly hosts: readonly HostEntry[]
  /** The provider is on this machine or inside a private network. */
  readonly privateNetwork: boolean
  /** Host and port of the API base URL when that is a loopback address: plain http and loopback are allowed for it. */
  readonly loopbackHost: string | null
}

/** One host, or the hosts below one, as a policy names them. */
export interface HostEntry {
  /** As the URL parser writes it: lower case, punycode, dotted-decimal IPv4, IPv6 in brackets. */
  readonly name: string
  /** null: the scheme's default. */
  readonly port: string
  /** `*.` stood before it: every name below, not the name itself. */
  readonly below: boolean
}

const loopbackNames = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * @param parts.hosts `host`, `host:port`, `*.host` or `*.host:port`, from the provider's definition.
 * @param parts.extraHosts The same, added by the person. What is not a host is left out: it can match nothing.
 * @param parts.baseUrl The API base URL, filled; its host and port are allowed too.
 */
export function destinationPolicy(parts: {
  hosts: readonly string[]
  extraHosts: readonly string[]
  baseUrl: string | null
  privateNetwork: boolean
}): DestinationPolicy {
  const entries = [...parts.hosts, ...parts.extraHosts].map(parseHost)
  const base = parts.baseUrl === null ? null : new URL(parts.baseUrl)
  if (base !== null) entries.push({ name: bareName(base), port: portOf(base), below: false })
  return {
    hosts: entries.filter((entry) => entry !== null),
    privateNetwork: parts.privateNetwork,
    loopbackHost: base !== null && loopbackNames.has(bareName(base)) ? `${bareName(base)}:${portOf(base)}` : null,
  }
}

/**
 * Makes the absolute URL of a request. A reference without scheme and host stands below the base URL, as a path after an
 * SDK's base URL does: `/me` and `me` both become `https://graph.microsoft.com/v1.0/me`. `..`, backslashes, odd IP
 * spellings and international names are brought into one form by the URL parser, and only that form is judged and sent.
 *
 * @throws LatchkeyError `invalid_request` with field `url`.
 */
export function requestUrl(reference: string, baseUrl: string | null): URL {
  const trimmed = reference.trim()
  const absolute = /^[a-z][a-z0-9+.-]*:/i.test(trimmed)
  if (!absolute && baseUrl === null) {
    throw invalidUrl('This provider has no API base URL: give the whole URL, beginning with https://.')
  }
  // `//host/path` and its backslash spellings name a host of their own (RFC 3986 4.2), so they are not paths.
  const ownHost = absolute || /^[/\\]{2}/.test(trimmed)
  try {
    const url =
      ownHost || baseUrl === null
        ? new URL(trimmed, baseUrl ?? undefined)
        : new URL(trimmed.replace(/^[/\\]/, ''), withSlash(baseUrl))
    // A name with the root's dot is the same host under another spelling.
    if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
    url.hash = ''
    return url
  } catch {
    throw invalidUrl('This is not a URL that a request can be sent to.')
  }
}

/**
 * @returns What the host's name may resolve to. Credentials go nowhere else.
 * @throws LatchkeyError `destination_not_allowed`, naming what is wrong and what is allowed.
 */
export function checkDestination(policy: DestinationPolicy, url: URL): ReadonlySet<Reach> {
  if (url.username !== '' || url.password !== '') {
    throw refused('The URL holds a user name or password. Leave them out: Latchkey attaches the credentials itself.')
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw refused(`Requests go over https. ${url.protocol}// is not possible.`)
  }
  if (!policy.hosts.some((entry) => hostMatches(entry, url))) {
    throw refused(`${url.host} is not among the hosts of this account: ${listed(policy)}.`, {
      text: 'If the account’s credentials may go there, add the host to the registration.',
    })
  }
  const allowed = reachOf(policy, url)
  const literal = bareName(url).replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !allowed.has(addressReach(literal))) throw forbiddenAddress(url.host, literal)
  return allowed
}

const onlyPublic: ReadonlySet<Reach> = new Set(['public'])
const onlyLoopback: ReadonlySet<Reach> = new Set(['loopback'])
const anyServer: ReadonlySet<Reach> = new Set(['public', 'private', 'loopback'])

function reachOf(policy: DestinationPolicy, url: URL): ReadonlySet<Reach> {
  const isBase = policy.loopbackHost === `${bareName(url)}:${portOf(url)}`
  if (url.protocol === 'http:') {
    if (loopbackNames.has(bareName(url)) && (policy.privateNetwork || isBase)) return onlyLoopback
    throw refused(`Plain http to ${url.host} would show the credentials to the network. Use https.`)
  }
  if (policy.privateNetwork) return anyServer
  return isBase ? onlyLoopback : onlyPublic
}

/** Used here for literals and by resolve.ts for what a name resolves to. */
export function forbiddenAddress(host: string, address: string): LatchkeyError {
  const own = host === address || host.startsWith(`${address}:`) || host.startsWith(`[${address}]`)
  const what = own ? `${address} is` : `${host} leads to ${address},`
  return refused(`${what} an address inside this machine or a private network, where credentials are not sent.`)
}

/** @param entry `host`, `host:port`, `*.host` or `*.host:port`. null: it is none of them, or too wide. */
export function parseHost(entry: string): HostEntry | null {
  const text = entry.trim()
  const below = text.startsWith('*.')
  const host = below ? text.slice(2) : text
  if (host === '' || /[/?#@\\\s*]/.test(host) || !URL.canParse(`https://${host}`)) return null
  const url = new URL(`https://${host}`)
  const name = bareName(url)
  // `*.com` would hand the credentials to whoever buys a name there.
  if (below && (!name.includes('.') || isIP(name) !== 0)) return null
  return { name, port: portOf(url), below }
}

export function hostMatches(entry: HostEntry, url: URL): boolean {
  if (portOf(url) !== entry.port) return false
  const name = bareName(url)
  return entry.below ? name.endsWith(`.${entry.name}`) : name === entry.name
}

/** Whether all that the entry covers is covered by the policy. */
export function coversHost(policy: Pick<DestinationPolicy, 'hosts'>, { name, port, below }: HostEntry): boolean {
  return policy.hosts.some((it) => {
    if (it.port !== port) return false
    if (!it.below) return !below && it.name === name
    return name.endsWith(`.${it.name}`) || (below && name === it.name)
  })
}

/** As `parseHost` reads it; the port of https is left out. */
export function hostText({ name, port, below }: HostEntry): string {
  return `${below ? '*.' : ''}${name}${port === '443' ? '' : `:${port}`}`
}

const bareName = (url: URL) => url.hostname.replace(/\.$/, '')

const portOf = (url: URL) => url.port || (url.protocol === 'http:' ? '80' : '443')

const withSlash = (baseUrl: string) => (baseUrl.endsWith('/') ? baseUrl : `${baseUrl}/`)

function listed(policy: DestinationPolicy): string {
  const names = policy.hosts.map(hostText)
  return names.length === 0 ? 'it has none' : [...new Set(names)].join(', ')
}

function refused(message: string, action?: { text: string }): LatchkeyError {
  return new LatchkeyError('destination_not_allowed', message, action === undefined ? {} : { action })
}

function invalidUrl(message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field: 'url' })
}
