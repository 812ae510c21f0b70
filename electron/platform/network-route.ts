import { isIP } from 'node:net'
import { LatchkeyError } from '../../shared/errors.ts'
import { addressReach, type Reach } from './addresses.ts'
import type { Route } from './ports.ts'

/**
 * Where the endpoints of a provider may be (E7), judged before anything is sent. Pure: the same route and URL always
 * give the same answer. What the host's name leads to is judged while connecting (network-lookup.ts).
 */

const onlyPublic: ReadonlySet<Reach> = new Set(['public'])
const onlyLoopback: ReadonlySet<Reach> = new Set(['loopback'])
const anyServer: ReadonlySet<Reach> = new Set(['public', 'private', 'loopback'])

const loopbackNames = new Set(['localhost', '127.0.0.1', '[::1]'])
export const isLoopbackHost = (url: URL) => loopbackNames.has(bareName(url))

/**
 * @returns What the host's name may lead to.
 * @throws LatchkeyError `destination_not_allowed`, naming the host and how it can be allowed.
 */
export function checkRoute(route: Route, url: URL): ReadonlySet<Reach> {
  if (route.allow !== null && !route.allow.some((entry) => covers(entry, url))) throw notListed(url)
  const allowed = route.privateNetwork ? anyServer : route.loopback && isLoopbackHost(url) ? onlyLoopback : onlyPublic
  const literal = bareName(url).replace(/^\[|\]$/g, '')
  if (isIP(literal) !== 0 && !allowed.has(addressReach(literal))) throw forbiddenEndpoint(url.host, literal)
  // Where a proxy looks names up, this one would lead back to the proxy's own machine.
  if (bareName(url) === 'localhost' && !allowed.has('loopback')) throw forbiddenEndpoint(url.host, 'this machine')
  return allowed
}

/** For literals, and for what a name led to. */
export function forbiddenEndpoint(host: string, address: string): LatchkeyError {
  const own = host === address || host.startsWith(`${address}:`) || host.startsWith(`[${address}]`)
  const what = own ? `${host} is` : `${host} leads to ${address},`
  return new LatchkeyError(
    'destination_not_allowed',
    `${what} an address inside this machine or a private network, and this provider is not marked as being there.`,
    { action: { text: 'If the provider is in your own network, mark it as private in its network settings.' } },
  )
}

function notListed(url: URL): LatchkeyError {
  return new LatchkeyError(
    'destination_not_allowed',
    `${url.host} is not among the hosts that endpoints may be at in this profile, so nothing was sent there.`,
    { action: { text: `To allow it, add ${url.host} to the allowed endpoint hosts in Settings, Network.` } },
  )
}

/** A host of the allow list as the URL parser writes it, or null when it is none. */
export function parseAllowedHost(entry: string): { name: string; port: string; below: boolean } | null {
  const text = entry.trim()
  const below = text.startsWith('*.')
  const host = below ? text.slice(2) : text
  if (host === '' || /[/?#@\\\s*]/.test(host) || !URL.canParse(`https://${host}`)) return null
  const url = new URL(`https://${host}`)
  const name = bareName(url)
  if (below && (!name.includes('.') || isIP(name) !== 0)) return null
  return { name, port: url.port, below }
}

/** An entry without a port covers the scheme's own, as in the destination policy. */
function covers(entry: string, url: URL): boolean {
  const allowed = parseAllowedHost(entry)
  if (allowed === null || allowed.port !== url.port) return false
  const name = bareName(url)
  return allowed.below ? name.endsWith(`.${allowed.name}`) : name === allowed.name
}

const bareName = (url: URL) => url.hostname.replace(/\.$/, '')
