import type { Egress } from '../../shared/contract-network.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { parseAllowedHost } from '../platform/network-route.ts'
import type { Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import type { Caller } from './ports.ts'

/** The egress policy of the profile (E7): the hosts that endpoints of providers may be at. */
export interface EgressService {
  get(): Egress
  /** Throws `invalid_request` with field `hosts`. */
  allow(hosts: string[] | null, caller: Caller): Egress
  /** The same for a route. null: any public host. */
  hosts(): readonly string[] | null
}

const setting = 'network.endpoint_hosts'

export function createEgress({
  vault,
  activity,
}: {
  vault: Pick<Vault, 'settings'>
  activity: Pick<ActivityLog, 'add'>
}): EgressService {
  const hosts = (): string[] | null => {
    const stored = vault.settings.get(setting)
    return Array.isArray(stored) ? stored.filter((host) => typeof host === 'string') : null
  }
  return {
    hosts,
    get: () => ({ hosts: hosts() }),
    allow(entered, caller) {
      const checked = entered === null ? null : [...new Set(entered.map(checkHost))]
      vault.settings.set(setting, checked)
      activity.add({
        kind: 'provider',
        account_id: null,
        provider_id: null,
        actor: caller.kind,
        summary:
          checked === null
            ? 'Endpoints of providers may be at any public host.'
            : `Endpoints of providers may be at ${checked.length} host${checked.length === 1 ? '' : 's'} only.`,
        detail: {},
      })
      return { hosts: checked }
    },
  }
}

function checkHost(entry: string): string {
  const parsed = parseAllowedHost(entry)
  if (parsed === null) {
    throw new LatchkeyError(
      'invalid_request',
      `“${entry}” is not a host. Write it as host, host:port or *.host, without https:// and without a path.`,
      { field: 'hosts' },
    )
  }
  return `${parsed.below ? '*.' : ''}${parsed.name}${parsed.port === '' ? '' : `:${parsed.port}`}`
}
