import type { AccountStatus } from '../../shared/models.ts'
import { refreshThreshold } from '../oauth/expiry.ts'
import type { AccountRecord, RegistrationRecord, TokenSetFacts } from '../vault/ports.ts'
import { renewsByItself } from './grants.ts'
import { whyDisabled } from './lifecycle-guard.ts'

/**
 * The one word for how an account is (DESIGN section 7), since when, why, and what would fix it. Page, API and command
 * line all show what this decides. In order:
 *
 * - `disabled`: the account or its registration was disabled; what it was before is what it will be again;
 * - `reauth_required`: the provider or the tester has ended the grant, or the access token has expired and there is no
 *   refresh token, nor a grant that renews itself: only the person can help;
 * - `never_connected`: there has been no token set yet;
 * - `unreachable`: the last refresh failed in a way that passes; with the time of the next try;
 * - `expired`: the access token is over and is refreshed on the next use: nobody has to do anything;
 * - `expiring`: it is about to end and there is no refresh token: the person is needed soon;
 * - `active`: everything else.
 *
 * `locked` is not for this function to say: in a locked vault there is no record to judge.
 *
 * @param registration The one that the account was obtained with, or null when it is not there any more.
 */
export function accountStatus(
  account: Pick<AccountRecord, 'trouble' | 'createdAt' | 'enabled' | 'disabledAt'> &
    Partial<Pick<AccountRecord, 'grant'>>,
  registration: RegistrationRecord | null,
  facts: TokenSetFacts | null,
  now: number,
): AccountStatus {
  const { trouble, createdAt, grant } = account
  const disabled = whyDisabled(account, registration)
  if (disabled !== null) return status('disabled', disabled.since, disabled.reason, disabled.remedy)
  if (trouble?.kind === 'reauth_required') return status('reauth_required', trouble.since, trouble.reason, signInAgain)
  if (!facts) return status('never_connected', createdAt, 'Nobody has signed in yet.', 'Sign in.')

  const { expiresAt, obtainedAt } = facts
  const renews = facts.hasRefreshToken || (grant !== undefined && renewsByItself(grant))
  const over = expiresAt !== null && expiresAt <= now
  if (over && !renews) {
    const reason = 'The access token has expired, and the provider gave no refresh token.'
    return status('reauth_required', expiresAt, reason, signInAgain)
  }
  if (trouble) {
    const reason = over ? trouble.reason : `${trouble.reason} The current access token still works.`
    return { ...status('unreachable', trouble.since, reason, tryAgain), retry_at: timeOrNull(trouble.retryAt) }
  }
  if (expiresAt === null) {
    const reason = 'The provider gave no expiry: the access token is used until it is refused.'
    return status('active', obtainedAt, reason, null)
  }
  if (over) return status('expired', expiresAt, 'The access token has expired. It is refreshed on the next use.', null)
  const warnAt = expiresAt - refreshThreshold(facts)
  if (!renews && warnAt <= now) {
    const reason = 'The access token is about to expire, and the provider gave no refresh token.'
    return status('expiring', warnAt, reason, signInAgain)
  }
  const reason = renews
    ? 'The access token is valid and is refreshed when needed.'
    : 'The access token is valid. There is no refresh token: sign in again when it expires.'
  return status('active', obtainedAt, reason, null)
}

const signInAgain = 'Sign in again.'
const tryAgain = 'Nothing has to be done: it is tried again on use. A refresh by hand tries at once.'

function status(state: AccountStatus['state'], since: number, reason: string, remedy: string | null): AccountStatus {
  return { state, since: new Date(since).toISOString(), reason, remedy, retry_at: null }
}

function timeOrNull(at: number | null): string | null {
  return at === null ? null : new Date(at).toISOString()
}
