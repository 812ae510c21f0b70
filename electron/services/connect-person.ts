import type { Identity } from '../../shared/models.ts'
import type { AccountRecord } from '../vault/ports.ts'
import { personOf } from './connect-alias.ts'

/** What a sign-in means for the accounts that are there. */
export type Verdict =
  | { kind: 'create' }
  | { kind: 'update'; account: AccountRecord }
  /** Somebody else signed in than the account belongs to, or nobody can say who did. */
  | { kind: 'ask'; account: AccountRecord }

/** `sub` is unique and never reassigned within its issuer, and only there (OpenID Connect Core 5.7). */
export function isSamePerson(one: Identity, other: Identity): boolean {
  return one.issuer === other.issuer && one.subject === other.subject
}

/**
 * Judges who signed in. `reconnecting`: the account that the sign-in was started for. `known`: the accounts of the same
 * registration that belong to whoever signed in. Nothing is ever overwritten on a guess.
 */
export function judgePerson(
  identity: Identity | null,
  reconnecting: AccountRecord | null,
  known: AccountRecord[],
): Verdict {
  const [first] = known
  if (reconnecting === null) return first ? { kind: 'update', account: first } : { kind: 'create' }
  const same =
    identity === null || reconnecting.identity === null
      ? reconnecting.identity === null && first === undefined
      : isSamePerson(identity, reconnecting.identity)
  return { kind: same ? 'update' : 'ask', account: reconnecting }
}

/** A person in words, for the question who it should be. */
export function describePerson(identity: Identity | null): string {
  if (identity === null) return 'someone the provider does not name'
  const { name } = identity
  const handle = personOf(identity)
  return name === null || name === handle ? handle : `${name} (${handle})`
}
