import type { EgressService } from './egress.ts'
import type { NetworkRouteService } from './network-routes.ts'
import type { Handlers } from './ports.ts'

export interface NetworkParts {
  routes: NetworkRouteService
  egress: EgressService
}

/** The methods of shared/contract-network.ts. */
export function createNetworkHandlers({
  routes,
  egress,
}: NetworkParts): Pick<
  Handlers,
  'network.routes' | 'network.save' | 'network.remove' | 'network.egress' | 'network.allow'
> {
  return {
    'network.routes': () => routes.list(),
    'network.save': (input, caller) => routes.save(input, caller),
    'network.remove': ({ provider_id }, caller) => {
      routes.remove(provider_id, caller)
      return {}
    },
    'network.egress': () => egress.get(),
    'network.allow': ({ hosts }, caller) => egress.allow(hosts, caller),
  }
}
