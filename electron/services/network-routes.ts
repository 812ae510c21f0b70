import type { NetworkRouteInput, NetworkRoute as NetworkRouteView } from '../../shared/contract-network.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { isLoopbackHost } from '../platform/network-route.ts'
import type { Route } from '../platform/ports.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import { wholeUrlVariable } from '../providers/template.ts'
import type { NetworkRouteStore, Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { EgressService } from './egress.ts'
import { checkNetworkRoute } from './network-route-check.ts'
import type { Caller, Events } from './ports.ts'

/** How the requests of each provider travel (E8). */
export interface NetworkRouteService {
  list(): NetworkRouteView[]
  /** Throws `invalid_request` with the field, not_found, locked. */
  save(input: NetworkRouteInput, caller: Caller): NetworkRouteView
  /** Back to how the system does it. Throws not_found, locked. */
  remove(providerId: string, caller: Caller): void
  /** What every request of a client there is sent with. `variables` are the registration's. */
  forProvider(definition: Definition, variables: Record<string, string>): Route
}

interface Parts {
  vault: Pick<Vault, 'routes'>
  catalogue: Catalogue
  egress: Pick<EgressService, 'hosts'>
  events: Events
  activity: Pick<ActivityLog, 'add'>
}

export function createNetworkRoutes({ vault, catalogue, egress, events, activity }: Parts): NetworkRouteService {
  const list = () => vault.routes.list().map(view)
  const note = (providerId: string, actor: Caller['kind'], summary: string) => {
    activity.add({ kind: 'provider', account_id: null, provider_id: providerId, actor, summary, detail: {} })
    events.emit({ type: 'provider', provider_id: providerId })
  }

  return {
    list,
    save(input, caller) {
      const { id, name, client } = catalogue.get(input.provider_id)
      if (client === 'built_in') {
        throw new LatchkeyError('invalid_request', `${name} is inside Latchkey: no network is between.`, {
          field: 'provider_id',
        })
      }
      const { route, secrets } = checkNetworkRoute(input, vault.routes.get(id))
      vault.routes.save(id, route, secrets)
      note(id, caller.kind, `The network route of ${name} was changed.`)
      return {
        ...viewOf(id, route),
        has_proxy_password: secrets.proxyPassword !== null,
        has_private_key: secrets.privateKey !== null,
      }
    },
    remove(providerId, caller) {
      if (!list().some((route) => route.provider_id === providerId)) {
        throw new LatchkeyError('not_found', 'This provider has no network route of its own.', { field: 'provider_id' })
      }
      vault.routes.remove(providerId)
      note(providerId, caller.kind, `The network route of ${providerId} was removed.`)
    },
    forProvider(definition, variables) {
      const stored = vault.routes.get(definition.id)
      const privateNetwork = definition.api.private_network || stored?.privateNetwork === true
      const base: Route = {
        privateNetwork,
        loopback: isOnThisMachine(definition, variables),
        // The practice provider is Latchkey itself.
        allow: definition.client === 'built_in' ? null : egress.hosts(),
      }
      if (definition.client === 'built_in') return { ...base, proxy: null }
      if (stored === null) return base
      const { proxy, proxyUsername, proxyPassword, caBundle, certificate, privateKey } = stored
      return {
        ...base,
        ...(proxy === null ? {} : { proxy: proxy === 'direct' ? null : proxyOf(proxy, proxyUsername, proxyPassword) }),
        ...(caBundle === null ? {} : { caBundle }),
        ...(certificate === null || privateKey === null ? {} : { certificate, privateKey }),
      }
    },
  }
}

function proxyOf(url: string, username: string | null, password: string | null): NonNullable<Route['proxy']> {
  if (username === null) return { url }
  return { url, username, ...(password === null ? {} : { password }) }
}

type Stored = ReturnType<NetworkRouteStore['list']>[number]

const view = ({ providerId, route, hasProxyPassword, hasPrivateKey }: Stored): NetworkRouteView => ({
  ...viewOf(providerId, route),
  has_proxy_password: hasProxyPassword,
  has_private_key: hasPrivateKey,
})

const viewOf = (providerId: string, route: Stored['route']) => ({
  provider_id: providerId,
  proxy: route.proxy,
  proxy_username: route.proxyUsername,
  ca_bundle: route.caBundle,
  certificate: route.certificate,
  private_network: route.privateNetwork,
})

/**
 * Whether the person, or the definition, wrote an endpoint on this machine. What a discovery document names does not
 * count: otherwise any provider could have requests sent to what listens here.
 */
function isOnThisMachine({ issuer, endpoints, requests }: Definition, variables: Record<string, string>): boolean {
  const own = Object.values(requests ?? {}).map((request) => ('url' in request ? request.url : undefined))
  return [issuer, ...Object.values(endpoints ?? {}), ...own].some((template) => {
    if (template === undefined) return false
    const whole = wholeUrlVariable(template)
    const url = whole === null ? template.replaceAll(/[{}]/g, '') : (variables[whole] ?? '')
    return URL.canParse(url) && isLoopbackHost(new URL(url))
  })
}
