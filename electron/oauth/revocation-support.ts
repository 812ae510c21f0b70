import type { Clock, Network } from '../platform/ports.ts'
import { configure } from './configuration.ts'
import { createDiscoveryCache } from './discovery.ts'
import { createExchange } from './exchange.ts'
import type { ClientSettings } from './ports.ts'

/** Whether a provider can be told that a grant has ended (RFC 7009). null: its metadata could not be read. */
export type RevocationSupport = (settings: ClientSettings, signal: AbortSignal) => Promise<boolean | null>

export function createRevocationSupport(parts: { network: Network; clock: Clock }): RevocationSupport {
  const discovered = createDiscoveryCache(parts)
  return async (settings, signal) => {
    if (settings.definition.requests?.revoke) return true
    const { fetch } = createExchange({ ...parts, signal, route: settings.route })
    try {
      const { config } = await configure(settings, { fetch, discovered: discovered(signal, settings.route) })
      return config.serverMetadata().revocation_endpoint !== undefined
    } catch {
      // Down, in another network, or a registration that is not complete: asked again when it matters.
      return null
    }
  }
}
