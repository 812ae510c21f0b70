import { BlockList, isIP } from 'node:net'

/**
 * Where an IP address leads. `public`: the internet. `private`: RFC 1918, carrier-grade NAT (RFC 6598), unique local
 * (RFC 4193). `loopback`: this machine. `none`: never a server's own address, or one that must not be asked: unspecified,
 * link-local (where clouds keep their metadata service), multicast, broadcast, reserved, documentation, tunnels.
 * Source: IANA IPv4 and IPv6 Special-Purpose Address Registries.
 */
export type Reach = 'public' | 'private' | 'loopback' | 'none'

type Family = 'ipv4' | 'ipv6'

function list(family: Family, subnets: string): BlockList {
  const blocks = new BlockList()
  for (const subnet of subnets.trim().split(/\s+/)) {
    const [network = '', prefix] = subnet.split('/')
    blocks.addSubnet(network, Number(prefix), family)
  }
  return blocks
}

const loopback4 = list('ipv4', '127.0.0.0/8')
const private4 = list('ipv4', '10.0.0.0/8 172.16.0.0/12 192.168.0.0/16 100.64.0.0/10')
const none4 = list(
  'ipv4',
  `0.0.0.0/8 169.254.0.0/16 192.0.0.0/24 192.0.2.0/24 192.88.99.0/24 198.18.0.0/15 198.51.100.0/24 203.0.113.0/24
   224.0.0.0/4 240.0.0.0/4`,
)
const loopback6 = list('ipv6', '::1/128')
const private6 = list('ipv6', 'fc00::/7')
/** Global unicast (RFC 4291 2.4); whatever is outside leads nowhere. */
const global6 = list('ipv6', '2000::/3')
/** Inside it: IETF protocols with Teredo and ORCHID, documentation, 6to4. */
const none6 = list('ipv6', '2001::/23 2001:db8::/32 2002::/16 3fff::/20')
/** An IPv4 address in its last 32 bits: IPv4-mapped (RFC 4291 2.5.5.2) and NAT64's well-known prefix (RFC 6052 2.1). */
const embedding6 = list('ipv6', '::ffff:0:0/96 64:ff9b::/96')

/** @param address An IPv4 or IPv6 literal as name resolution gives it, with or without a zone (`fe80::1%eth0`). */
export function addressReach(address: string): Reach {
  const plain = address.replace(/%.*$/, '')
  switch (isIP(plain)) {
    case 4:
      return reach4(plain)
    case 6:
      return reach6(plain)
    default:
      return 'none'
  }
}

function reach4(address: string): Reach {
  if (loopback4.check(address, 'ipv4')) return 'loopback'
  if (private4.check(address, 'ipv4')) return 'private'
  return none4.check(address, 'ipv4') ? 'none' : 'public'
}

function reach6(address: string): Reach {
  // What counts is where the packet ends up, so the address inside decides.
  if (embedding6.check(address, 'ipv6')) return reach4(embeddedIPv4(address))
  if (loopback6.check(address, 'ipv6')) return 'loopback'
  if (private6.check(address, 'ipv6')) return 'private'
  if (none6.check(address, 'ipv6')) return 'none'
  return global6.check(address, 'ipv6') ? 'public' : 'none'
}

/** The last 32 bits as dotted decimal. The URL parser brings every spelling into one form (WHATWG URL, IPv6 serializer). */
function embeddedIPv4(address: string): string {
  const canonical = new URL(`http://[${address}]/`).hostname.slice(1, -1)
  const [head = '', tail] = canonical.split('::')
  const groups = (text: string) => (text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16)))
  const left = groups(head)
  const right = tail === undefined ? [] : groups(tail)
  const all = [...left, ...new Array<number>(8 - left.length - right.length).fill(0), ...right]
  const [high = 0, low = 0] = all.slice(6)
  return [high >> 8, high & 255, low >> 8, low & 255].join('.')
}
