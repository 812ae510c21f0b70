import type { Input } from '../../../shared/contract.ts'
import type { NetworkRoute } from '../../../shared/contract-network.ts'

/** The form as it stands: text in every field. */
export interface RouteDraft {
  way: 'system' | 'direct' | 'own'
  proxy: string
  proxy_username: string
  proxy_password: string
  remove_password: boolean
  ca_bundle: string
  certificate: string
  private_key: string
  private_network: boolean
}

export function proxyWay(route: NetworkRoute | null): RouteDraft['way'] {
  if (!route || route.proxy === null) return 'system'
  return route.proxy === 'direct' ? 'direct' : 'own'
}

export function routeDraft(route: NetworkRoute | null): RouteDraft {
  const way = proxyWay(route)
  return {
    way,
    proxy: way === 'own' ? (route?.proxy ?? '') : '',
    proxy_username: route?.proxy_username ?? '',
    proxy_password: '',
    remove_password: false,
    ca_bundle: route?.ca_bundle ?? '',
    certificate: route?.certificate ?? '',
    private_key: '',
    private_network: route?.private_network ?? false,
  }
}

const filled = (text: string) => (text.trim() === '' ? null : text.trim())

/** Of secrets, what is absent is kept, what is empty is removed. */
export function routeInput(providerId: string, draft: RouteDraft): Input<'network.save'> {
  const own = draft.way === 'own'
  const password = draft.remove_password ? '' : draft.proxy_password === '' ? undefined : draft.proxy_password
  const certificate = filled(draft.certificate)
  return {
    provider_id: providerId,
    proxy: own ? draft.proxy.trim() : draft.way === 'direct' ? 'direct' : null,
    proxy_username: own ? filled(draft.proxy_username) : null,
    ...(own && password !== undefined ? { proxy_password: password } : {}),
    ca_bundle: filled(draft.ca_bundle),
    certificate,
    ...(certificate !== null && draft.private_key !== '' ? { private_key: draft.private_key } : {}),
    private_network: draft.private_network,
  }
}
