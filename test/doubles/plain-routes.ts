import type { NetworkRouteService } from '../../electron/services/network-routes.ts'

/** No route of any provider's own: for tests whose servers are on this machine. */
export const plainRoutes: Pick<NetworkRouteService, 'forProvider'> = {
  forProvider: (definition) => ({ privateNetwork: definition.api.private_network, loopback: true, allow: null }),
}
