import { LatchkeyError } from '../../shared/errors.ts'
import type { ClientSettings } from '../oauth/ports.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import type { RegistrationRecord, Vault } from '../vault/ports.ts'
import type { PracticeService } from './ports.ts'

export interface ClientSettingsService {
  /** Throws locked, not_found. Starts the practice provider when the client is its own. */
  forRegistration(registrationId: string): Promise<ClientSettings>
  forAccount(accountId: string): Promise<ClientSettings>
}

interface Parts {
  vault: Vault
  catalogue: Catalogue
  practice: Pick<PracticeService, 'ensureRunning'>
}

/** One client at one provider with its secrets, as every OAuth request needs it. Nobody keeps what this returns. */
export function createClientSettings({ vault, catalogue, practice }: Parts): ClientSettingsService {
  async function forRegistration(registrationId: string): Promise<ClientSettings> {
    const registration = vault.registrations.get(registrationId)
    if (!registration) {
      throw new LatchkeyError('not_found', 'There is no such registration.', { field: 'registration' })
    }
    const definition = catalogue.get(registration.providerId)
    const settings = {
      definition,
      clientId: registration.clientId,
      clientSecret: vault.registrations.clientSecret(registrationId),
      clientAuthentication: registration.clientAuthentication,
      variables: withDefaults(definition, registration),
      fallbackExpiry: registration.fallbackExpiry,
    }
    if (definition.client !== 'built_in') return settings
    const { issuer, apiBaseUrl, clientId } = await practice.ensureRunning()
    return { ...settings, clientId, variables: { ...settings.variables, issuer, api_base_url: apiBaseUrl } }
  }

  return {
    forRegistration,
    async forAccount(accountId) {
      const account = vault.accounts.get(accountId)
      if (!account) throw new LatchkeyError('not_found', 'There is no such account.', { field: 'account' })
      return forRegistration(account.registrationId)
    },
  }
}

/** What the person entered, and the provider's own default where nothing was. */
function withDefaults(definition: Definition, registration: RegistrationRecord): Record<string, string> {
  const defaults = definition.variables.flatMap(({ name, default: value }) => (value === null ? [] : [[name, value]]))
  return { ...Object.fromEntries(defaults), ...registration.variables }
}
