import type { Client } from '../../../shared/client.ts'
import type { ProviderDetails } from '../../../shared/contract-records.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import type { Account } from '../../../shared/models.ts'
import { apiHosts, type GitOf, gitOf, names } from './git-hosts.ts'

/** An account whose token may go to a host, and the user name that goes with it there. */
export interface GitAccount {
  account: Account
  username: string
}

/** What git asked about: where, and as whom. */
export interface Wanted {
  url: URL
  username: string | null
}

/**
 * The accounts that git may use at a host, the ones that are meant first: the one that the user name names, else the one
 * that the host is bound to (E19), else those whose provider has its repositories there. A user name alone opens nothing: it comes with
 * the address, which may stand in a repository of anybody's (`.gitmodules`), so the account's tokens have to belong to the host too.
 */
export async function accountsFor(wanted: Wanted, client: Client): Promise<GitAccount[]> {
  const [accounts, bindings, registrations] = await Promise.all([
    client.accounts(),
    ifAllowed(client.bindings()),
    ifAllowed(client.registrations()),
  ])
  const details = new Map<string, ProviderDetails>()
  const read = async (account: Account) => {
    const registration = registrations.find(({ id }) => id === account.registration_id)
    const known = details.get(account.provider_id) ?? (await client.provider(account.provider_id))
    details.set(account.provider_id, known)
    return { git: gitOf(known, registration), hosts: apiHosts(known, registration) }
  }
  // The host itself before those below a name, and of these the longest, as Latchkey has it for requests.
  const [bound] = bindings
    .filter(({ host }) => names(host, wanted.url))
    .sort((one, other) => closeness(other.host) - closeness(one.host))
    .map(({ account_id }) => account_id)
  const meant = wanted.username === null ? null : await named(wanted.username, client)
  if (meant !== null) {
    const { git, hosts } = await read(meant)
    const theirs = [...(git?.hosts ?? []), ...hosts].some((entry) => names(entry, wanted.url))
    if (theirs || bound === meant.id) return [{ account: meant, username: userAt(meant, git, wanted) }]
  }
  const boundTo = accounts.find(({ id }) => id === bound)
  if (boundTo !== undefined) {
    return [{ account: boundTo, username: userAt(boundTo, (await read(boundTo)).git, wanted) }]
  }

  const found: GitAccount[] = []
  for (const account of accounts) {
    const { git } = await read(account)
    if (!git?.hosts.some((entry) => names(entry, wanted.url))) continue
    found.push({ account, username: userAt(account, git, wanted) })
  }
  return narrowed(found, wanted.username)
}

const closeness = (host: string) => (host.startsWith('*.') ? host.length : 1000)

/** With the key of an app not everything may be read: what it does not see is not there for it. */
async function ifAllowed<T>(reading: Promise<T[]>): Promise<T[]> {
  try {
    return await reading
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'forbidden') return []
    throw error
  }
}

/** The account of this name, if it is one; several of that name are nobody. */
async function named(reference: string, client: Client): Promise<Account | null> {
  try {
    return await client.account(reference)
  } catch (error) {
    const unknown = ['not_found', 'ambiguous_account', 'invalid_request']
    if (error instanceof LatchkeyError && unknown.includes(error.code)) return null
    throw error
  }
}

/** The one who is called so at the provider; without the accounts that are switched off, as long as one is left. */
function narrowed(found: GitAccount[], username: string | null): GitAccount[] {
  const called = found.filter(
    ({ account: { identity } }) => username !== null && [identity?.username, identity?.email].includes(username),
  )
  const left = called.length > 0 ? called : found
  const enabled = left.filter(({ account }) => account.enabled)
  return enabled.length > 0 ? enabled : left
}

/** What the definition says; where it says nothing, a name that servers which look at the token alone take as well. */
const userAt = (account: Account, git: GitOf | null, wanted: Wanted): string =>
  git?.username ?? wanted.username ?? account.identity?.username ?? 'oauth2'
