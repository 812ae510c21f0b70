import type { Binding } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { fillTemplate } from '../../providers/template.ts'
import { coversHost, destinationPolicy, type HostEntry, hostMatches, hostText, parseHost } from '../../signer/policy.ts'
import type { AccountRecord } from '../../vault/ports.ts'
import type { BindingRecord } from '../../vault/ports-apps.ts'
import { actorOf } from '../actor.ts'
import type { BindingService } from '../ports-apps.ts'
import { invalid } from './introduction.ts'
import type { AppParts } from './parts.ts'

export interface Bindings extends BindingService {
  /** As `accountFor`, null where the host is bound to nothing. */
  find(url: URL): AccountRecord | null
}

/** Which account the requests to a host use when none is named (E19). */
export function createBindings(parts: AppParts): Bindings {
  const { vault, clock } = parts
  const all = vault.remember(() =>
    vault.bindings.list().flatMap((record) => {
      const entry = parseHost(record.host)
      return entry === null ? [] : [{ record, entry }]
    }),
  )

  function find(url: URL): AccountRecord | null {
    const fitting = all('').filter(({ entry }) => hostMatches(entry, url))
    const [best] = fitting.sort((one, other) => closeness(other.entry) - closeness(one.entry))
    return best === undefined ? null : vault.accounts.get(best.record.accountId)
  }

  return {
    list: () => vault.bindings.list().map(view),
    find,

    async save(host, accountReference, caller) {
      const entry = parseHost(host)
      if (entry === null)
        throw invalid('host', 'A host is written host, host:port or *.host, and *.host has a dot in it.')
      const account = parts.accounts.resolve(accountReference)
      const policy = await parts.policyFor(account)
      const name = hostText(entry)
      if (!coversHost(policy, entry) && !hasRepositoriesAt(account, entry)) {
        throw new LatchkeyError('destination_not_allowed', `Requests of ${account.alias} do not go to ${name}.`, {
          field: 'host',
          action: { text: 'If the account’s credentials may go there, add the host to the registration first.' },
        })
      }
      const record: BindingRecord = { host: name, accountId: account.id, createdAt: clock.now() }
      vault.bindings.save(record)
      note(caller, account, `Requests to ${name} use ${account.alias}`)
      return view(record)
    },

    remove(host, caller) {
      const entry = parseHost(host)
      const record = entry === null ? null : vault.bindings.get(hostText(entry))
      if (record === null) {
        throw new LatchkeyError('not_found', 'This host is bound to no account.', { field: 'host' })
      }
      vault.bindings.remove(record.host)
      const account = vault.accounts.get(record.accountId)
      note(caller, account, `Requests to ${record.host} no longer use ${account?.alias ?? 'an account'}`)
    },

    accountFor(url) {
      const account = find(url)
      if (account !== null) return account
      throw new LatchkeyError('not_found', `No account is bound to ${url.host}.`, {
        field: 'url',
        action: { text: `Name the account, or bind one to the host first: POST /v1/bindings.` },
      })
    },
  }

  /** git's credential helper goes by bindings too. Signed requests stay under the destination policy. */
  function hasRepositoriesAt(account: AccountRecord, entry: HostEntry): boolean {
    const definition = parts.catalogue.list().find(({ id }) => id === account.providerId)
    const variables = vault.registrations.get(account.registrationId)?.variables ?? {}
    const hosts = (definition?.git?.hosts ?? []).map((host) =>
      fillTemplate(`https://${host}`, variables, 'git hosts').slice('https://'.length),
    )
    return coversHost(destinationPolicy({ hosts, extraHosts: [], baseUrl: null, privateNetwork: false }), entry)
  }

  function note(caller: Parameters<typeof actorOf>[0], account: AccountRecord | null, summary: string): void {
    const of = { account_id: account?.id ?? null, provider_id: account?.providerId ?? null }
    parts.activity.add({ kind: 'app', ...of, ...actorOf(caller), summary, detail: {} })
  }
}

/** The host itself before those below a name, and of these the longest name. */
const closeness = ({ name, below }: HostEntry) => (below ? name.length : 1000 + name.length)

const view = ({ host, accountId, createdAt }: BindingRecord): Binding => ({
  host,
  account_id: accountId,
  created_at: new Date(createdAt).toISOString(),
})
