import { LatchkeyError } from '../../../shared/errors.ts'
import { hostText, parseHost } from '../../signer/policy.ts'
import type { NetworkRoute, NetworkRouteSecrets, Vault, WebhookEndpointRecord } from '../../vault/ports.ts'
import type { BindingRecord } from '../../vault/ports-apps.ts'
import type { OwnCatalogue } from '../provider-catalogue.ts'
import { checkSecret, settingsOf } from '../webhooks/check.ts'
import type { Contents } from './contents.ts'
import { mergeAccounts, type PlannedAccount, type Rule } from './merge-accounts.ts'
import { mergeProviders, type ProviderMerge } from './merge-providers.ts'
import { mergeRegistrations, type RegistrationMerge } from './merge-registrations.ts'

/** All that an import will write, decided before anything is written. */
export interface Plan {
  providers: ProviderMerge['added']
  registrations: RegistrationMerge['added']
  accounts: PlannedAccount[]
  routes: { providerId: string; route: NetworkRoute; secrets: NetworkRouteSecrets }[]
  bindings: BindingRecord[]
  webhooks: { record: WebhookEndpointRecord; secret: string | null }[]
}

interface Parts {
  vault: Vault
  catalogue: Pick<OwnCatalogue, 'list'>
}

/** Reads the vault and changes nothing. */
export function planImport(parts: Parts, contents: Contents, rule: Rule): Plan {
  const { vault } = parts
  const providers = mergeProviders(parts, contents.providers)
  const registrations = mergeRegistrations(vault, contents.registrations, providers)
  const { accounts, ids } = mergeAccounts(vault, contents.accounts, registrations, rule)
  return {
    providers: providers.added,
    registrations: registrations.added,
    accounts,
    routes: planRoutes(vault, contents, providers),
    bindings: planBindings(vault, contents, ids),
    webhooks: planWebhooks(vault, contents),
  }
}

/** Writes it. To be called in a transaction. */
export function applyPlan(vault: Vault, plan: Plan, now: number): void {
  for (const definition of plan.providers) {
    vault.providers.save({
      id: definition.id,
      definition: JSON.stringify(definition),
      createdAt: now,
      updatedAt: now,
    })
  }
  for (const { providerId, route, secrets } of plan.routes) vault.routes.save(providerId, route, secrets)
  for (const { record, clientSecret, credentials } of plan.registrations) {
    vault.registrations.save(record, clientSecret)
    vault.registrations.setCredentials(record.id, credentials)
  }
  for (const { write } of plan.accounts) {
    if (write === null) continue
    const { record, credentials, tokens } = write
    vault.accounts.save(record)
    vault.accounts.setCredentials(record.id, credentials)
    if (tokens === null) continue
    vault.tokens.put(record.id, tokens)
    // A new token set ends any trouble; this one came with it.
    vault.accounts.setTrouble(record.id, record.trouble)
  }
  for (const record of plan.bindings) vault.bindings.save(record)
  for (const { record, secret } of plan.webhooks) vault.webhooks.saveEndpoint(record, secret)
}

/** Nothing that an import brings may change the way of the requests of what is here already. */
function planRoutes(vault: Vault, { routes }: Contents, providers: ProviderMerge): Plan['routes'] {
  const used = new Set(vault.registrations.list().map(({ providerId }) => providerId))
  for (const { providerId } of vault.routes.list()) used.add(providerId)
  return routes.flatMap((it) => {
    if (used.has(it.provider_id) || providers.verdict(it.provider_id).leftOut !== undefined) return []
    used.add(it.provider_id)
    return [
      {
        providerId: it.provider_id,
        route: {
          proxy: it.proxy,
          proxyUsername: it.proxy_username,
          caBundle: it.ca_bundle,
          certificate: it.certificate,
          privateNetwork: it.private_network,
        },
        secrets: { proxyPassword: it.proxy_password, privateKey: it.private_key },
      },
    ]
  })
}

/** @param ids Of the accounts that are written: one that was kept keeps its hosts too. A host that is bound stays bound. */
function planBindings(vault: Vault, contents: Contents, ids: ReadonlyMap<string, string>): BindingRecord[] {
  const bound = new Set(vault.bindings.list().map(({ host }) => host))
  return contents.bindings.flatMap(({ host: given, account, created_at: createdAt }) => {
    const entry = parseHost(given)
    const accountId = ids.get(account)
    const host = entry === null ? null : hostText(entry)
    if (host === null || accountId === undefined || bound.has(host)) return []
    bound.add(host)
    return [{ host, accountId, createdAt }]
  })
}

function planWebhooks(vault: Vault, { webhooks }: Contents): Plan['webhooks'] {
  const here = new Set(vault.webhooks.endpoints().map(({ id }) => id))
  return webhooks.flatMap((it) => {
    if (here.has(it.id) || !isUsable(it)) return []
    here.add(it.id)
    return [
      {
        record: {
          id: it.id,
          name: it.name,
          settings: JSON.stringify(it.settings),
          enabled: it.enabled,
          accepted: 0,
          refused: 0,
          createdAt: it.created_at,
          updatedAt: it.updated_at,
        },
        secret: it.secret,
      },
    ]
  })
}

function isUsable({ name, enabled, settings, secret }: Contents['webhooks'][number]): boolean {
  try {
    checkSecret(settingsOf({ name, enabled, settings }, null), secret !== null)
    return true
  } catch (error) {
    if (error instanceof LatchkeyError) return false
    throw error
  }
}
