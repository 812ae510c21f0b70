import { lookup as systemLookup } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent, type Dispatcher } from 'undici'
import { addressReach, type Reach } from '../platform/addresses.ts'
import { forbiddenAddress } from './policy.ts'

/**
 * Name resolution under the destination policy. The check sits in the `lookup` of the connection itself: the addresses
 * that were judged are the ones that are connected to, so a name cannot answer differently the second time (DNS
 * rebinding). All answers are judged, because any of them may be tried (RFC 8305).
 */
export function guardedLookup(
  allowed: ReadonlySet<Reach>,
  resolve: typeof systemLookup = systemLookup,
): LookupFunction {
  return (hostname, options, callback) => {
    resolve(hostname, { ...options, all: true }, (error, addresses) => {
      if (error !== null) return callback(error, '', 0)
      const wrong = addresses.find(({ address }) => !allowed.has(addressReach(address)))
      if (wrong !== undefined) return callback(forbiddenAddress(hostname, wrong.address), '', 0)
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

/** Connections, kept apart by what they may lead to: one made for a private provider never serves a public one. */
export interface Connections {
  for(allowed: ReadonlySet<Reach>): Dispatcher
  close(): Promise<void>
}

/** @param resolve Name resolution, replaced in tests alone. */
export function createConnections(resolve: typeof systemLookup = systemLookup): Connections {
  const agents = new Map<string, Agent>()
  return {
    for(allowed) {
      const key = [...allowed].sort().join(' ')
      const known = agents.get(key)
      if (known !== undefined) return known
      const agent = new Agent({
        connect: { lookup: guardedLookup(allowed, resolve), timeout: 15_000 },
        // The request's own timeout covers the whole exchange.
        headersTimeout: 0,
        bodyTimeout: 0,
        // A thousand callers at once share these; the rest wait their turn in undici's queue.
        connections: 64,
      })
      agents.set(key, agent)
      return agent
    },
    async close() {
      const all = [...agents.values()]
      agents.clear()
      await Promise.all(all.map((agent) => agent.destroy()))
    },
  }
}
