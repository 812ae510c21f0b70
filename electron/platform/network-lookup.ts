import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { addressReach, type Reach } from './addresses.ts'

/**
 * Name resolution that refuses to lead anywhere but to `allowed`. The check sits in the `lookup` of the connection
 * itself: the addresses that were judged are the ones that are connected to, so a name cannot answer differently the
 * second time (DNS rebinding). All answers are judged, because any of them may be tried (RFC 8305).
 *
 * @param forbidden The error for a name that leads elsewhere.
 */
export function guardedLookup(
  allowed: ReadonlySet<Reach>,
  forbidden: (hostname: string, address: string) => Error,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const wrong = addresses.find(({ address }) => !allowed.has(addressReach(address)))
      if (wrong !== undefined) return callback(forbidden(hostname, wrong.address), '', 0)
      if (options.all === true) return callback(null, addresses)
      const first = addresses[0]
      if (first === undefined) return callback(notFound(hostname), '', 0)
      return callback(null, first.address, first.family)
    })
  }
}

function notFound(hostname: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`getaddrinfo ENOTFOUND ${hostname}`), { code: 'ENOTFOUND' })
}
