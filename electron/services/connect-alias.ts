import { LatchkeyError } from '../../shared/errors.ts'
import type { Identity } from '../../shared/models.ts'

/** The name of a person at a provider: what an alias and `provider:identity` are made of. */
export function personOf(identity: Identity): string {
  return identity.username ?? identity.email ?? identity.subject
}

/** `practice:ada`; the provider alone when nobody said who it is. */
export function deriveAlias(providerId: string, identity: Identity | null): string {
  const person =
    identity === null
      ? ''
      : personOf(identity)
          .replace(/\p{Cc}/gu, '')
          .trim()
          .slice(0, 150)
  return person === '' ? providerId : `${providerId}:${person}`
}

/** The alias itself, or with `-2`, `-3` … behind it. */
export function uniqueAlias(wanted: string, isTaken: (alias: string) => boolean): string {
  let alias = wanted
  for (let number = 2; isTaken(alias); number++) alias = `${wanted}-${number}`
  return alias
}

/** Throws `invalid_request` with field `alias` for one that cannot be shown on one line. */
export function checkAlias(alias: string): string {
  if (!/\p{Cc}/u.test(alias) && alias.trim() !== '') return alias.trim()
  throw new LatchkeyError('invalid_request', 'An alias is one line of visible characters.', { field: 'alias' })
}
