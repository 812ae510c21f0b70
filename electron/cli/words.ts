import type { Account, AccountState, Flow, Identity } from '../../shared/models.ts'
import { type Colour, fromNow, line, type Paint } from './text.ts'

/** Latchkey's things in words, the same in every command. */

const stateColours: Record<AccountState, Colour> = {
  active: 'green',
  expiring: 'yellow',
  expired: 'yellow',
  reauth_required: 'red',
  disabled: 'dim',
  unreachable: 'yellow',
  never_connected: 'dim',
  locked: 'dim',
}

/** The state's own word, as the API says it. */
export const stateWord = (state: AccountState, paint: Paint): string => paint(stateColours[state], state)

/** `Ada Lovelace <ada@example.org>`, or what there is of it. */
export function person(identity: Identity | null): string {
  if (!identity) return '—'
  const name = identity.name ?? identity.username
  if (name && identity.email) return line(`${name} <${identity.email}>`)
  return line(name ?? identity.email ?? identity.subject)
}

/** When the access token ends, as far as anyone knows. */
export function expiry(account: Account): string {
  if (!account.token) return '—'
  return account.token.expires_at === null ? 'unknown' : fromNow(account.token.expires_at)
}

export const accountLine = (account: Account, paint: Paint): string =>
  `${paint('bold', line(account.alias))}  ${stateWord(account.status.state, paint)}  ${line(account.status.reason)}`

/** What a flow is doing now, for a person who waits. */
export const flowWords: Record<Flow['state'], string> = {
  preparing: 'Preparing the sign-in …',
  waiting_for_person: 'Waiting for you to sign in …',
  exchanging: 'The answer is here. Exchanging the code for tokens …',
  needs_decision: 'Somebody else has signed in.',
  completed: 'Connected.',
  failed: 'The sign-in failed.',
  cancelled: 'The sign-in was cancelled.',
}
