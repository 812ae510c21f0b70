import type { ImportReport } from '../../../shared/contract-vault.ts'
import { randomId } from '../../platform/ids.ts'
import type { AccountCredentials, AccountRecord, TokenSet, Vault } from '../../vault/ports.ts'
import type { ExportedAccount } from './contents.ts'
import { matchAccounts } from './match-accounts.ts'
import type { PlacedRegistration, RegistrationMerge } from './merge-registrations.ts'

/** What an import does with an account that is here already. */
export type Rule = 'keep' | 'replace' | 'newer'

export interface PlannedAccount {
  report: ImportReport['accounts'][number]
  /** null: nothing is written. */
  write: {
    /** Whether an account that is here becomes this one. */
    replaces: boolean
    record: AccountRecord
    credentials: AccountCredentials
    tokens: TokenSet | null
  } | null
}

const twoMachines =
  'Its refresh token may be on two computers now. Where the provider gives a new one at each refresh, the first to use it ends the other: use the account on one of them.'

const reasons = (...all: (string | null)[]) => all.filter((it) => it !== null).join(' ') || null

/**
 * @returns `ids`: the id here of each account that is written, by its id in the file.
 */
export function mergeAccounts(vault: Vault, given: ExportedAccount[], registrations: RegistrationMerge, rule: Rule) {
  const placed = given.map((account) => ({ account, registration: registrations.verdict(account.registration) }))
  const matches = matchAccounts(vault, placed)
  const taken = takenNames(vault)
  const ids = new Map<string, string>()

  function plan({ account, registration }: (typeof placed)[number]): PlannedAccount {
    const base = { alias: account.alias, provider_id: registrations.providerOf(account.registration) }
    if (registration.leftOut !== undefined) {
      return { report: { ...base, outcome: 'left_out', reason: registration.leftOut }, write: null }
    }
    const here = matches.get(account) ?? null
    if (here !== null) {
      const why = whyKept(vault, account, here, rule)
      if (why !== null) return { report: { ...base, alias: here.alias, outcome: 'kept', reason: why }, write: null }
      ids.set(account.id, here.id)
      const record = { ...recordOf(account, registration, base.provider_id), ...stays(here) }
      const report = { ...base, alias: here.alias, outcome: 'replaced' as const, reason: said(account, registration) }
      return { report, write: { replaces: true, record, credentials: {}, tokens: tokensOf(account) } }
    }
    const id = taken.has(account.id) ? randomId('acc') : account.id
    const wanted = account.alias.replace(/\p{Cc}/gu, '').trim() || base.provider_id
    const alias = freeAlias(wanted, (it) => taken.has(folded(it)))
    taken.add(id).add(folded(alias))
    ids.set(account.id, id)
    const renamed = alias === account.alias ? null : `There is another account “${wanted}” here.`
    return {
      report: {
        ...base,
        alias,
        outcome: renamed === null ? 'added' : 'renamed',
        reason: reasons(renamed, said(account, registration)),
      },
      write: {
        replaces: false,
        record: { ...recordOf(account, registration, base.provider_id), id, alias },
        credentials: {},
        tokens: tokensOf(account),
      },
    }
  }

  const accounts = placed.map((it) => ({ account: it.account, planned: plan(it) }))
  // Only now is it known which of them have another id here.
  for (const { account, planned } of accounts) {
    if (planned.write !== null) planned.write.credentials = credentialsOf(account, ids)
  }
  return { accounts: accounts.map(({ planned }) => planned), ids }
}

/** Why the account that is here stays as it is; null: it becomes the one of the file. */
function whyKept(vault: Vault, account: ExportedAccount, here: AccountRecord, rule: Rule): string | null {
  if (rule === 'keep') return 'It is here already.'
  if (account.tokens === null) return 'It is here already, and the file has no tokens for it.'
  const obtainedAt = vault.tokens.facts(here.id)?.obtainedAt
  if (rule === 'replace' || obtainedAt === undefined || account.tokens.obtained_at > obtainedAt) return null
  return 'The tokens here are not older than those in the file.'
}

const said = (account: ExportedAccount, registration: PlacedRegistration) =>
  reasons(registration.note, account.tokens?.refresh_token ? twoMachines : null)

/** What belongs to this computer and not to the account. */
const stays = ({ id, alias, enabled, disabledAt, createdAt, lastUsedAt, lastRefreshAt }: AccountRecord) => ({
  id,
  alias,
  enabled,
  ...(disabledAt === undefined ? {} : { disabledAt }),
  createdAt,
  lastUsedAt,
  lastRefreshAt,
})

function recordOf(account: ExportedAccount, registration: PlacedRegistration, providerId: string): AccountRecord {
  const { reauth_required: ended } = account
  return {
    id: account.id,
    registrationId: registration.id,
    providerId,
    alias: account.alias,
    identity: account.identity,
    scopesRequested: account.scopes_requested,
    grant: account.grant,
    enabled: account.disabled_at === null,
    ...(account.disabled_at === null ? {} : { disabledAt: account.disabled_at }),
    validation: null,
    trouble: ended && { kind: 'reauth_required', ...ended, retryAt: null, failures: 0 },
    createdAt: account.created_at,
    lastUsedAt: null,
    lastRefreshAt: null,
  }
}

function tokensOf({ tokens }: ExportedAccount): TokenSet | null {
  return (
    tokens && {
      accessToken: tokens.access_token,
      refreshToken: tokens.refresh_token,
      idToken: tokens.id_token,
      tokenType: tokens.token_type,
      scopes: tokens.scopes,
      obtainedAt: tokens.obtained_at,
      expiresAt: tokens.expires_at,
      expirySource: tokens.expiry_source,
      ...(tokens.extra === undefined ? {} : { extra: tokens.extra }),
    }
  )
}

/**
 * @param ids Of the accounts that this import writes. One that was here before is never the one whose token is exchanged:
 *   a file could name it, and send its token to whomever the file's own provider belongs to.
 */
function credentialsOf({ credentials: it }: ExportedAccount, ids: ReadonlyMap<string, string>): AccountCredentials {
  const subjectAccountId = it.subject_account === undefined ? undefined : ids.get(it.subject_account)
  return {
    ...(it.username === undefined ? {} : { username: it.username }),
    ...(it.password === undefined ? {} : { password: it.password }),
    ...(it.dpop_key === undefined ? {} : { dpopKey: it.dpop_key }),
    ...(subjectAccountId === undefined ? {} : { subjectAccountId }),
    ...(it.subject === undefined ? {} : { subject: it.subject }),
  }
}

/** Ids and aliases are both what an account is called by: neither may be the other of another one. */
const takenNames = (vault: Vault) => new Set(vault.accounts.list().flatMap(({ id, alias }) => [id, folded(alias)]))

/** As SQLite's NOCASE compares: ASCII letters only. */
const folded = (alias: string) => alias.replace(/[A-Z]/g, (letter) => letter.toLowerCase())

function freeAlias(wanted: string, isTaken: (alias: string) => boolean): string {
  let alias = wanted
  for (let number = 2; isTaken(alias); number++) alias = `${wanted} (${number})`
  return alias
}
