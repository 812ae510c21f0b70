import { LatchkeyError } from '../../shared/errors.ts'
import type { Account, Identity } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue } from '../providers/definition.ts'
import type { AccountRecord, RegistrationRecord, TokenSetFacts, Vault } from '../vault/ports.ts'
import { accountStatus } from './account-state.ts'
import type { AccountService } from './ports.ts'

interface Parts {
  vault: Vault
  catalogue: Catalogue
  clock: Clock
}

/** Finds accounts by what people and programs call them, and shows them. */
export function createAccountService({ vault, catalogue, clock }: Parts): AccountService {
  function resolve(reference: string): AccountRecord {
    const known = vault.accounts.get(reference) ?? vault.accounts.byAlias(reference)
    if (known) return known
    const found = byPerson(vault.accounts.list(), reference)
    const [account] = found
    if (account && found.length === 1) return account
    if (account) throw ambiguous(reference, found)
    throw new LatchkeyError('not_found', `There is no account “${reference}”.`, {
      field: 'account',
      action: { text: 'List the accounts to see what they are called.', command: 'latchkey accounts' },
    })
  }

  function present(
    record: AccountRecord,
    facts: TokenSetFacts | null,
    registration: RegistrationRecord | null,
  ): Account {
    return {
      id: record.id,
      alias: record.alias,
      provider_id: record.providerId,
      provider_name: providerName(record.providerId),
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

  /** A provider that has left the catalogue must not hide the accounts that are there. */
  function providerName(id: string): string {
    return catalogue.list().find((definition) => definition.id === id)?.name ?? id
  }

  return {
    resolve,
    view(record) {
      return present(record, vault.tokens.facts(record.id), vault.registrations.get(record.registrationId))
    },
    list() {
      const facts = vault.tokens.allFacts()
      const registrations = new Map(vault.registrations.list().map((record) => [record.id, record]))
      return vault.accounts
        .list()
        .map((record) =>
          present(record, facts.get(record.id) ?? null, registrations.get(record.registrationId) ?? null),
        )
    },
  }
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

function ambiguous(reference: string, accounts: AccountRecord[]): LatchkeyError {
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
