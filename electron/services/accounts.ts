import { LatchkeyError } from '../../shared/errors.ts'
import type { Account, AccountState, Identity } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue } from '../providers/definition.ts'
import type { AccountRecord, RegistrationRecord, TokenSetFacts, Vault } from '../vault/ports.ts'
import { accountStatus } from './account-state.ts'
import type { AccountPage, AccountService } from './ports.ts'

interface Parts {
  vault: Vault
  catalogue: Catalogue
  clock: Clock
}

/** The states in which nothing but signing in helps. What `mayNeedPerson` of the store finds has to hold them all. */
const needsPerson: ReadonlySet<AccountState> = new Set(['reauth_required', 'never_connected'])

/** Records that are read at once. */
const piece = 1000

/** Finds accounts by what people and programs call them, and shows them. */
export function createAccountService({ vault, catalogue, clock }: Parts): AccountService {
  /** Every request asks this. An account that is not there is looked for each time. */
  const resolve = vault.remember((reference): AccountRecord => {
    const found = accountsCalled(vault, reference)
    const [account] = found
    if (account && found.length === 1) return account
    if (account) throw ambiguousAccount(found, reference)
    throw new LatchkeyError('not_found', `There is no account “${reference}”.`, {
      field: 'account',
      action: { text: 'List the accounts to see what they are called.', command: 'latchkey accounts' },
    })
  })

  /** Finding them looks at every account; which of them do need the person changes with the time of day. */
  const mayNeedPerson = vault.remember(() => {
    const registrations = allRegistrations()
    const records = vault.accounts.mayNeedPerson()
    const facts = factsOf(records.length)
    return records.map((record) => ({
      record,
      facts: facts(record.id),
      registration: registrations.get(record.registrationId) ?? null,
    }))
  })

  function needPerson(): AccountRecord[] {
    const now = clock.now()
    return mayNeedPerson('')
      .filter(({ record, registration, facts }) =>
        needsPerson.has(accountStatus(record, registration, facts, now).state),
      )
      .map(({ record }) => record)
  }

  const allRegistrations = () => new Map(vault.registrations.list().map((record) => [record.id, record]))

  /** Reads the facts of so many accounts, one by one or all at once. */
  function factsOf(count: number): (accountId: string) => TokenSetFacts | null {
    if (count <= piece) return (accountId) => vault.tokens.facts(accountId)
    const all = vault.tokens.allFacts()
    return (accountId) => all.get(accountId) ?? null
  }

  /** The records of one page, in order. */
  function pageOf({ limit = Number.POSITIVE_INFINITY, after, among }: AccountPage): AccountRecord[] {
    const first = needPerson()
    const ids = new Set(first.map(({ id }) => id))
    const begin = after === undefined ? 0 : first.findIndex(({ id }) => id === after) + 1
    // The account of `after` is among the first, or else they are all before it.
    const page = after === undefined || begin > 0 ? first.slice(begin).filter(({ id }) => among?.has(id) ?? true) : []
    let alias = after === undefined || begin > 0 ? null : lastOfPage(after).alias
    while (page.length < limit) {
      const wanted = Math.min(limit - page.length + ids.size, piece)
      const records = vault.accounts.byName(alias, wanted)
      page.push(...records.filter(({ id }) => !ids.has(id) && (among?.has(id) ?? true)))
      const last = records.at(-1)
      if (records.length < wanted || last === undefined) break
      alias = last.alias
    }
    return page.slice(0, limit)
  }

  function lastOfPage(id: string): AccountRecord {
    const account = vault.accounts.get(id)
    if (account) return account
    throw new LatchkeyError('not_found', 'The account that the page before ended with has gone. List them anew.', {
      field: 'after',
    })
  }

  function present(
    record: AccountRecord,
    facts: TokenSetFacts | null,
    registration: RegistrationRecord | null,
    providerNames: ReadonlyMap<string, string>,
  ): Account {
    return {
      id: record.id,
      alias: record.alias,
      provider_id: record.providerId,
      // A provider that has left the catalogue must not hide the accounts that are there.
      provider_name: providerNames.get(record.providerId) ?? record.providerId,
      registration_id: record.registrationId,
      registration_name: registration?.name ?? record.registrationId,
      identity: record.identity,
      status: accountStatus(record, registration, facts, clock.now()),
      grant: record.grant,
      enabled: record.enabled,
      validation: record.validation && { ...record.validation, at: time(record.validation.at) },
      scopes_requested: record.scopesRequested,
      scopes_granted: facts?.scopes ?? [],
      token: facts && {
        token_type: facts.tokenType,
        obtained_at: time(facts.obtainedAt),
        expires_at: timeOrNull(facts.expiresAt),
        expiry_source: facts.expirySource,
        has_refresh_token: facts.hasRefreshToken,
        has_id_token: facts.hasIdToken,
      },
      created_at: time(record.createdAt),
      last_used_at: timeOrNull(record.lastUsedAt),
      last_refresh_at: timeOrNull(record.lastRefreshAt),
    }
  }

  const names = () => new Map(catalogue.list().map(({ id, name }) => [id, name]))

  return {
    resolve,
    view(record) {
      return present(record, vault.tokens.facts(record.id), vault.registrations.get(record.registrationId), names())
    },
    list(page = {}) {
      const records = pageOf(page)
      const facts = factsOf(records.length)
      const registrations = allRegistrations()
      const providerNames = names()
      return records.map((record) =>
        present(record, facts(record.id), registrations.get(record.registrationId) ?? null, providerNames),
      )
    },
  }
}

/** The accounts that an id, an alias or `provider:identity` names: one, none, or several of the same person. */
export function accountsCalled({ accounts }: Pick<Vault, 'accounts'>, reference: string): AccountRecord[] {
  const known = accounts.get(reference) ?? accounts.byAlias(reference)
  return known ? [known] : byPerson(accounts.list(), reference)
}

/** The accounts that `provider:identity` names: by user name or email in any case, by subject exactly. */
function byPerson(accounts: AccountRecord[], reference: string): AccountRecord[] {
  const colon = reference.indexOf(':')
  if (colon < 1) return []
  const provider = reference.slice(0, colon)
  const person = reference.slice(colon + 1)
  return accounts.filter(
    ({ providerId, identity }) => providerId === provider && identity && isCalled(identity, person),
  )
}

function isCalled({ subject, username, email }: Identity, person: string): boolean {
  const called = person.toLowerCase()
  return subject === person || username?.toLowerCase() === called || email?.toLowerCase() === called
}

export function ambiguousAccount(accounts: AccountRecord[], reference: string): LatchkeyError {
  return new LatchkeyError('ambiguous_account', `“${reference}” is the name of ${accounts.length} accounts.`, {
    field: 'account',
    candidates: accounts.map(({ id, alias }) => `${id} (${alias})`),
    action: { text: 'Name the one you mean by its id or alias.' },
  })
}

function time(at: number): string {
  return new Date(at).toISOString()
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : time(at)
}
