import type { ClientSettings } from '../oauth/ports.ts'
import { fillOptionalTemplate, fillTemplate } from '../providers/template.ts'
import { type DestinationPolicy, destinationPolicy } from '../signer/policy.ts'
import type { AccountRecord, Vault } from '../vault/ports.ts'

/** Where an account's requests may go, and what they are signed with. */
export interface Destination {
  settings: ClientSettings
  policy: DestinationPolicy
  /** Where relative URLs start; null: the provider has no such place. */
  baseUrl: string | null
}

export interface Destinations {
  /** Asked anew each time. Throws locked, not_found, invalid_request (a variable of the base URL is missing). */
  of(account: Pick<AccountRecord, 'id' | 'registrationId'>): Promise<Destination>
}

/** The destinations of signed requests, buffered or streamed: the provider's, and what the registration adds to them. */
export function createDestinations(parts: {
  vault: Pick<Vault, 'registrations'>
  /** The account's provider and the variables of its registration; starts the practice provider when it is that. */
  settings: (accountId: string) => Promise<ClientSettings>
}): Destinations {
  return {
    async of(account) {
      const settings = await parts.settings(account.id)
      const { definition, variables, route, options } = settings
      const ownBaseUrl = fillOptionalTemplate(definition.api.base_url, variables, `API base URL of ${definition.name}`)
      const baseUrl = options?.baseUrl || ownBaseUrl
      const policy = destinationPolicy({
        hosts: definition.api.hosts.map((host) => fillHost(host, variables, definition.name)),
        extraHosts: parts.vault.registrations.get(account.registrationId)?.extraHosts ?? [],
        baseUrl,
        privateNetwork: definition.api.private_network || route?.privateNetwork === true,
      })
      return { settings, policy, baseUrl }
    },
  }
}

function fillHost(host: string, variables: Record<string, string>, provider: string): string {
  if (!host.includes('{')) return host
  return fillTemplate(`https://${host}`, variables, `API hosts of ${provider}`).slice('https://'.length)
}
