import { isDeepStrictEqual } from 'node:util'
import type { AccountRecord, Vault } from '../../vault/ports.ts'
import type { ExportedAccount } from './contents.ts'
import type { PlacedRegistration, RegistrationVerdict } from './merge-registrations.ts'

interface Placed {
  account: ExportedAccount
  registration: RegistrationVerdict
}

type Test = (here: AccountRecord, account: ExportedAccount, registration: PlacedRegistration) => boolean

/**
 * The account that is here already for each one of the file: the same (provider, issuer, subject). One person may have
 * several accounts at a provider, each with a client of its own, so the closest are found first and none is found twice.
 */
export function matchAccounts(
  vault: Pick<Vault, 'accounts' | 'registrations'>,
  placed: readonly Placed[],
): Map<ExportedAccount, AccountRecord> {
  const found = new Map<ExportedAccount, AccountRecord>()
  const claimed = new Set<string>()

  function match(fits: Test): void {
    for (const { account, registration } of placed) {
      if (registration.leftOut !== undefined || found.has(account)) continue
      const here = candidates(account, registration.providerId).find(
        (it) => !claimed.has(it.id) && fits(it, account, registration),
      )
      if (here === undefined) continue
      found.set(account, here)
      claimed.add(here.id)
    }
  }

  /** The one with the same id first. */
  function candidates({ id, identity }: ExportedAccount, providerId: string): AccountRecord[] {
    const sameId = vault.accounts.get(id)
    const people = identity === null ? [] : vault.accounts.byIdentity(providerId, identity.issuer, identity.subject)
    return sameId === null || sameId.providerId !== providerId ? people : [sameId, ...people]
  }

  match(
    (here, account, registration) =>
      here.registrationId === registration.id && (isSamePerson(here, account) || isUnknown(here, account)),
  )
  // Without an issuer a subject says little: the same client address has to be meant.
  match(
    (here, account, { variables }) =>
      isSamePerson(here, account) &&
      isDeepStrictEqual(vault.registrations.get(here.registrationId)?.variables, variables),
  )
  return found
}

const isSamePerson = ({ identity: here }: AccountRecord, { identity }: ExportedAccount) =>
  here !== null && identity !== null && here.issuer === identity.issuer && here.subject === identity.subject

/** Nobody said whose it is: then its id tells. */
const isUnknown = (here: AccountRecord, account: ExportedAccount) =>
  here.id === account.id && (here.identity === null || account.identity === null)
