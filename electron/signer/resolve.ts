import { lookup as systemLookup } from 'node:dns'
import type { Dispatcher } from 'undici'
import type { Reach } from '../platform/addresses.ts'
import { createDispatchers } from '../platform/network-dispatchers.ts'
import type { Route } from '../platform/ports.ts'
import { forbiddenAddress } from './policy.ts'

/** Connections, kept apart by what they may lead to: one made for a private provider never serves a public one. */
export interface Connections {
  for(url: URL, allowed: ReadonlySet<Reach>, route?: Route): Dispatcher
  /** Lets go of every connection once what is under way has ended. */
  forget(): void
  close(): Promise<void>
}

/**
 * The connections of signed requests: each provider's own route, and name resolution under the destination policy.
 *
 * @param resolve Name resolution, replaced in tests alone.
 * @param connections To one origin. A thousand callers at once share them; the rest wait their turn in undici's queue.
 */
export function createConnections(resolve: typeof systemLookup = systemLookup, connections = 64): Connections {
  return createDispatchers({
    forbidden: forbiddenAddress,
    connectTimeout: 15_000,
    connections,
    resolve,
  })
}
