import { LatchkeyError } from '../../shared/errors.ts'
import type { AccountRecord } from '../vault/ports.ts'

/** Only the person can help: what happened, and where to sign in again. */
export function reauthRequired(account: Pick<AccountRecord, 'id' | 'alias'>, reason: string): LatchkeyError {
  return new LatchkeyError('reauth_required', `${account.alias} needs you to sign in again. ${reason}`, {
    account: account.id,
    action: {
      text: 'Sign in again.',
      url: `latchkey://reconnect/${account.id}`,
      command: `latchkey connect --account ${shellWord(account.alias)}`,
    },
  })
}

/** Trouble that passes, or that the registration is the cause of. `wait` in milliseconds. */
export function providerTrouble(
  code: 'provider_unreachable' | 'provider_error',
  account: Pick<AccountRecord, 'id' | 'alias'>,
  reason: string,
  wait: number,
): LatchkeyError {
  return new LatchkeyError(code, `The token of ${account.alias} could not be refreshed. ${reason}`, {
    account: account.id,
    retry_after: Math.max(1, Math.ceil(wait / 1000)),
    action: {
      text:
        code === 'provider_error'
          ? 'Check client ID, client secret and client authentication in the registration.'
          : 'Try again later. The account is kept as it is.',
    },
  })
}

export function tooLongLived(account: Pick<AccountRecord, 'id' | 'alias'>, seconds: number): LatchkeyError {
  return new LatchkeyError(
    'invalid_request',
    `The provider's tokens for ${account.alias} do not live longer than ${seconds} s. Ask for a smaller min_validity.`,
    { account: account.id, field: 'min_validity' },
  )
}

export function noSuchAccount(accountId: string): LatchkeyError {
  return new LatchkeyError('not_found', 'This account does not exist any more.', { account: accountId })
}

/** An alias as one word of a POSIX shell's command line. */
export function shellWord(alias: string): string {
  return /^[\w@%+=:,./-]+$/.test(alias) ? alias : `'${alias.replaceAll("'", "'\\''")}'`
}
