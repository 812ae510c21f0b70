import { LatchkeyError } from '../../shared/errors.ts'
import { withClientCertificate } from '../oauth/client-authentication.ts'
import type { ClientSettings } from '../oauth/ports.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import type { RegistrationRecord, TokenSet, Vault } from '../vault/ports.ts'
import type { NetworkRouteService } from './network-routes.ts'
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
  routes: Pick<NetworkRouteService, 'forProvider'>
}

/**
 * One client at one provider with its secrets, as every OAuth request needs it. Nobody keeps what this returns: the vault
 * remembers it, and forgets it when it is locked.
 */
export function createClientSettings({ vault, catalogue, practice, routes }: Parts): ClientSettingsService {
  const registered = vault.remember((registrationId): ClientSettings => {
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
      options: registration.options,
      credentials: vault.registrations.credentials(registrationId),
    }
    const whole = { ...settings, route: routes.forProvider(definition, settings.variables) }
    return definition.client === 'built_in' ? whole : withClientCertificate(whole)
  })

  const ofAccount = vault.remember((accountId): ClientSettings => {
    const account = vault.accounts.get(accountId)
    if (!account) throw new LatchkeyError('not_found', 'There is no such account.', { field: 'account' })
    const settings = registered(account.registrationId)
    const { definition, variables } = settings
    // Salesforce tells where its API is only in the token answer: a variable that nobody filled in may stand there.
    const open = definition.variables.some(({ name }) => !variables[name])
    const saved = open ? savedVariables(definition, vault.tokens.get(accountId)) : {}
    return {
      ...settings,
      variables: { ...saved, ...variables },
      options: { ...settings.options, grant: account.grant },
      dpopKey: vault.accounts.credentials(accountId).dpopKey ?? null,
    }
  })

  /** The practice provider's own client, with where it is at the moment. */
  async function running(settings: ClientSettings): Promise<ClientSettings> {
    if (settings.definition.client !== 'built_in') return settings
    const { issuer, apiBaseUrl, clientId } = await practice.ensureRunning()
    return { ...settings, clientId, variables: { ...settings.variables, issuer, api_base_url: apiBaseUrl } }
  }

  return {
    forRegistration: async (registrationId) => running(registered(registrationId)),
    forAccount: async (accountId) => running(ofAccount(accountId)),
  }
}

/** What the token answer held under the names of the definition's variables. */
function savedVariables({ variables }: Definition, tokens: TokenSet | null): Record<string, string> {
  const saved = variables.flatMap(({ name }) => {
    const value = tokens?.extra?.[name]
    return value === undefined ? [] : [[name, value]]
  })
  return Object.fromEntries(saved)
}

/** What the person entered, and the provider's own default where nothing was. */
function withDefaults(definition: Definition, registration: RegistrationRecord): Record<string, string> {
  const defaults = definition.variables.flatMap(({ name, default: value }) => (value === null ? [] : [[name, value]]))
  return { ...Object.fromEntries(defaults), ...registration.variables }
}
