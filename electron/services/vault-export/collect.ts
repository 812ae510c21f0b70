import { LatchkeyError } from '../../../shared/errors.ts'
import type { AccountRecord, RegistrationRecord, Vault } from '../../vault/ports.ts'
import type { OwnCatalogue } from '../provider-catalogue.ts'
import type { Contents, ExportedAccount, ExportedRegistration } from './contents.ts'

type Parts = { vault: Vault; catalogue: Pick<OwnCatalogue, 'list'>; now: number }

/**
 * The chosen accounts with all that they need to work elsewhere, or, with null, the whole profile. The practice provider
 * stays: its accounts are known to this profile's own server and to no other.
 */
export function collect({ vault, catalogue, now }: Parts, chosen: AccountRecord[] | null): Contents {
  const practice = new Set(catalogue.list().flatMap(({ id, client }) => (client === 'built_in' ? [id] : [])))
  const stays = chosen?.find(({ providerId }) => practice.has(providerId))
  if (stays !== undefined) {
    throw new LatchkeyError(
      'invalid_request',
      `${stays.alias} belongs to the practice provider of this profile: no other one knows it.`,
      { field: 'accounts', action: { text: 'Leave it out. Practice accounts are connected anew in a moment.' } },
    )
  }
  const accounts = (chosen ?? vault.accounts.list()).filter(({ providerId }) => !practice.has(providerId))
  const used = new Set(accounts.map(({ registrationId }) => registrationId))
  const registrations = vault.registrations
    .list()
    .filter(({ id, providerId }) => !practice.has(providerId) && (chosen === null || used.has(id)))
  const needed = new Set(registrations.map(({ providerId }) => providerId))
  const wanted = (providerId: string) => chosen === null || needed.has(providerId)
  const ids = new Set(accounts.map(({ id }) => id))
  return {
    created_at: now,
    providers: vault.providers.list().flatMap(({ id, definition }) => (wanted(id) ? [parsed(id, definition)] : [])),
    routes: vault.routes.list().flatMap(({ providerId }) => (wanted(providerId) ? routeOf(vault, providerId) : [])),
    registrations: registrations.map((record) => registrationOf(vault, record)),
    accounts: accounts.map((record) => accountOf(vault, record, ids)),
    bindings: vault.bindings
      .list()
      .filter(({ accountId }) => ids.has(accountId))
      .map(({ host, accountId, createdAt }) => ({ host, account: accountId, created_at: createdAt })),
    webhooks: chosen === null ? webhooksOf(vault) : [],
  }
}

const parsed = (id: string, definition: string): Contents['providers'][number] => ({
  ...(JSON.parse(definition) as object),
  id,
})

function routeOf(vault: Vault, providerId: string): Contents['routes'] {
  const route = vault.routes.get(providerId)
  if (route === null) return []
  return [
    {
      provider_id: providerId,
      proxy: route.proxy,
      proxy_username: route.proxyUsername,
      proxy_password: route.proxyPassword,
      ca_bundle: route.caBundle,
      certificate: route.certificate,
      private_key: route.privateKey,
      private_network: route.privateNetwork,
    },
  ]
}

function registrationOf(vault: Vault, record: RegistrationRecord): ExportedRegistration {
  const { privateKey, certificate } = vault.registrations.credentials(record.id)
  return {
    id: record.id,
    provider_id: record.providerId,
    name: record.name,
    description: record.description,
    client_id: record.clientId,
    client_secret: vault.registrations.clientSecret(record.id),
    ...(privateKey === undefined ? {} : { private_key: privateKey }),
    ...(certificate === undefined ? {} : { certificate }),
    client_authentication: record.clientAuthentication as ExportedRegistration['client_authentication'],
    options: record.options,
    scopes: record.scopes,
    variables: record.variables,
    extra_hosts: record.extraHosts,
    fallback_expiry: record.fallbackExpiry,
    disabled_at: record.disabledAt ?? null,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

/** @param ids The accounts that come along: one that is not among them is not referred to. */
function accountOf(vault: Vault, record: AccountRecord, ids: ReadonlySet<string>): ExportedAccount {
  const { username, password, dpopKey, subjectAccountId, subject } = vault.accounts.credentials(record.id)
  const { trouble, identity } = record
  return {
    id: record.id,
    registration: record.registrationId,
    alias: record.alias,
    identity: identity && {
      subject: identity.subject,
      issuer: identity.issuer,
      name: identity.name,
      username: identity.username,
      email: identity.email,
    },
    scopes_requested: record.scopesRequested,
    grant: record.grant,
    disabled_at: record.disabledAt ?? null,
    reauth_required: trouble?.kind === 'reauth_required' ? { reason: trouble.reason, since: trouble.since } : null,
    created_at: record.createdAt,
    credentials: {
      ...(username === undefined ? {} : { username }),
      ...(password === undefined ? {} : { password }),
      ...(dpopKey === undefined ? {} : { dpop_key: dpopKey }),
      ...(subjectAccountId === undefined || !ids.has(subjectAccountId) ? {} : { subject_account: subjectAccountId }),
      ...(subject === undefined ? {} : { subject }),
    },
    tokens: tokensOf(vault, record.id),
  }
}

function tokensOf(vault: Vault, accountId: string): ExportedAccount['tokens'] {
  const held = vault.tokens.get(accountId)
  if (held === null) return null
  return {
    access_token: held.accessToken,
    refresh_token: held.refreshToken,
    id_token: held.idToken,
    token_type: held.tokenType,
    scopes: held.scopes,
    obtained_at: held.obtainedAt,
    expires_at: held.expiresAt,
    expiry_source: held.expirySource,
    ...(held.extra === undefined ? {} : { extra: held.extra }),
  }
}

function webhooksOf(vault: Vault): Contents['webhooks'] {
  return vault.webhooks.endpoints().map((record) => ({
    id: record.id,
    name: record.name,
    enabled: record.enabled,
    settings: JSON.parse(record.settings) as Contents['webhooks'][number]['settings'],
    secret: vault.webhooks.secret(record.id),
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }))
}
