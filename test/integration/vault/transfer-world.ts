import { createEventBus } from '../../../electron/platform/events.ts'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createOwnCatalogue } from '../../../electron/services/provider-catalogue.ts'
import { createVaultExport } from '../../../electron/services/vault-export/service.ts'
import type { Vault } from '../../../electron/vault/ports.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { account, noLog, registration, settableClock, tokens, unlocked } from '../../unit/vault/support.ts'

export const owner = { kind: 'owner' } as const
export const passphrase = 'a passphrase for the file'
/** Far too cheap for a real file, and quick enough for a test. */
export const cost = { n: 16, r: 1, p: 1 }

/** One profile: a real vault in a file of its own, with the services that an export and an import need. */
export async function profile() {
  const clock = settableClock(Date.UTC(2026, 10, 21, 10))
  const { vault, file } = await unlocked({ clock })
  const catalogue = createOwnCatalogue(loadCatalogue(), { vault, logger: noLog })
  const accounts = createAccountService({ vault, catalogue, clock })
  const events = createEventBus<LatchkeyEvent>()
  const emitted: LatchkeyEvent[] = []
  events.on((event) => void emitted.push(event))
  const activity = createActivity({ vault, clock, events })
  const held: string[] = []
  const tokenHolds = {
    async hold(id: string) {
      held.push(id)
      return () => void held.push(`released ${id}`)
    },
  }
  const service = createVaultExport({ vault, catalogue, accounts, tokens: tokenHolds, clock, events, activity, cost })
  return {
    vault,
    file,
    clock,
    catalogue,
    events,
    emitted,
    activity,
    held,
    service,
    /** The whole profile, or these accounts. */
    async export(...names: string[]) {
      const wanted = names.length === 0 ? {} : { accounts: names }
      return (await service.export({ passphrase, ...wanted }, owner)).document
    },
    import: (document: string, existing: 'keep' | 'replace' | 'newer' = 'newer') =>
      service.import({ document, passphrase, existing }, owner),
  }
}
export type Profile = Awaited<ReturnType<typeof profile>>

/** Ids as Latchkey makes them. */
export const id = (prefix: string, name: string) => `${prefix}_${name.padEnd(16, '0')}`
export const ids = {
  github: id('reg', 'ghc'),
  acme: id('reg', 'acme'),
  ada: id('acc', 'ada'),
  grace: id('acc', 'grace'),
  robot: id('acc', 'rbt'),
  hook: id('hook', 'one'),
}

export const person = (name: string) => ({
  subject: name,
  issuer: null,
  name: name.toUpperCase(),
  username: name,
  email: `${name}@example.com`,
})

/** A provider of one's own: GitHub's definition with hosts and an id of its own. */
export function acme({ catalogue }: Pick<Profile, 'catalogue'>, host = 'acme.example') {
  const text = JSON.stringify({ ...catalogue.get('github'), id: 'acme', name: 'Acme' })
  return text.replaceAll('api.github.com', `api.${host}`).replaceAll('github.com', host)
}

/** Two registrations, three accounts, and one of everything else that can be exported. */
export function fill({ vault, catalogue }: Profile) {
  const github = registration({
    id: ids.github,
    providerId: 'github',
    name: 'GitHub',
    clientId: 'github-client',
    clientAuthentication: 'client_secret_post',
    scopes: ['repo'],
    variables: {},
    extraHosts: [],
    fallbackExpiry: null,
  })
  vault.providers.save({ id: 'acme', definition: acme({ catalogue }), createdAt: 1, updatedAt: 1 })
  catalogue.changed()
  vault.registrations.save(github, 'github-secret')
  vault.registrations.save({ ...github, id: ids.acme, providerId: 'acme', name: 'Acme', clientId: 'acme-client' }, null)
  vault.registrations.setCredentials(ids.acme, { privateKey: 'acme-private-key', certificate: 'acme-certificate' })
  const of = (accountId: string, name: string, changes = {}) =>
    account({
      id: accountId,
      registrationId: ids.github,
      providerId: 'github',
      alias: `github:${name}`,
      identity: person(name),
      ...changes,
    })
  vault.accounts.save(of(ids.ada, 'ada'))
  vault.accounts.save(of(ids.grace, 'grace', { enabled: false, disabledAt: 5 }))
  vault.accounts.save(of(ids.robot, 'robot', { registrationId: ids.acme, providerId: 'acme', identity: null }))
  vault.tokens.put(ids.ada, tokens({ accessToken: 'ada-access', refreshToken: 'ada-refresh', extra: { more: 'ada' } }))
  vault.tokens.put(ids.robot, tokens({ accessToken: 'robot-access', refreshToken: null, expiresAt: null }))
  const trouble = { kind: 'reauth_required', reason: 'It ended.', since: 9, retryAt: null, failures: 0 } as const
  vault.accounts.setTrouble(ids.robot, trouble)
  vault.accounts.setCredentials(ids.robot, { username: 'robot', password: 'robot-password', dpopKey: 'robot-key' })
  vault.bindings.save({ host: 'api.github.com', accountId: ids.ada, createdAt: 3 })
  const route = { proxy: 'http://proxy.example:8080', proxyUsername: 'me', caBundle: null, certificate: null }
  const secrets = { proxyPassword: 'proxy-password', privateKey: null }
  vault.routes.save('acme', { ...route, privateNetwork: true }, secrets)
  const settings = {
    verification: { kind: 'token', header: 'X-Token', prefix: '', body: null },
    challenge: { kind: 'none' },
    parser: { event_type: [], event_id: [], subject: [], time: [] },
  }
  vault.webhooks.saveEndpoint(
    { id: ids.hook, name: 'Pushes', settings: JSON.stringify(settings), enabled: true, ...counts },
    'hook-secret',
  )
}

const counts = { accepted: 4, refused: 5, createdAt: 6, updatedAt: 7 }

/** Everything of a vault that an export carries, opened. */
export function holdings(vault: Vault) {
  return {
    providers: vault.providers.list().map(({ id, definition }) => ({ id, definition })),
    registrations: vault.registrations.list().map((record) => ({
      record,
      clientSecret: vault.registrations.clientSecret(record.id),
      credentials: vault.registrations.credentials(record.id),
    })),
    accounts: vault.accounts.list().map((record) => ({
      record,
      credentials: vault.accounts.credentials(record.id),
      tokens: vault.tokens.get(record.id),
    })),
    routes: vault.routes.list().map(({ providerId }) => [providerId, vault.routes.get(providerId)]),
    bindings: vault.bindings.list(),
    webhooks: vault.webhooks.endpoints().map(({ accepted: _, refused: __, ...endpoint }) => ({
      ...endpoint,
      secret: vault.webhooks.secret(endpoint.id),
    })),
  }
}

export function accountOf({ vault }: Pick<Profile, 'vault'>, accountId: string) {
  const found = vault.accounts.get(accountId)
  if (found === null) throw new Error(`There is no account ${accountId}.`)
  return found
}

export function registrationOf({ vault }: Pick<Profile, 'vault'>, registrationId: string) {
  const found = vault.registrations.get(registrationId)
  if (found === null) throw new Error(`There is no registration ${registrationId}.`)
  return found
}
