import { LatchkeyError } from '../../shared/errors.ts'
import type { AccountRecord, RegistrationRecord, Vault } from '../vault/ports.ts'
import { shellWord } from './tokens-errors.ts'

/** Why something that is disabled cannot be used, and since when. */
export interface Disabled {
  what: 'account' | 'registration'
  /** Milliseconds since 1970. */
  since: number
  reason: string
  remedy: string
}

type AccountPart = Pick<AccountRecord, 'enabled' | 'disabledAt' | 'createdAt'>
type RegistrationPart = Pick<RegistrationRecord, 'enabled' | 'disabledAt' | 'createdAt' | 'name'>

/** null: it may be used. The account's own state is told first: it is the one that its person would look for. */
export function whyDisabled(account: AccountPart | null, registration: RegistrationPart | null): Disabled | null {
  if (account !== null && !account.enabled) {
    return {
      what: 'account',
      since: account.disabledAt ?? account.createdAt,
      reason: 'It was disabled. Its tokens are kept, and nothing can use them.',
      remedy: 'Enable it.',
    }
  }
  if (registration !== null && !registration.enabled) {
    return {
      what: 'registration',
      since: registration.disabledAt ?? registration.createdAt,
      reason: `Its registration “${registration.name}” was disabled. The tokens are kept, and nothing can use them.`,
      remedy: `Enable the registration “${registration.name}”.`,
    }
  }
  return null
}

/** Throws `account_disabled` when the account, or the registration that it was obtained with, is disabled. */
export function checkAccountEnabled(vault: Pick<Vault, 'registrations'>, account: AccountRecord): void {
  const disabled = whyDisabled(account, vault.registrations.get(account.registrationId))
  if (disabled === null) return
  const command =
    disabled.what === 'account'
      ? `latchkey enable ${shellWord(account.alias)}`
      : `latchkey enable --registration ${account.registrationId}`
  throw new LatchkeyError('account_disabled', `${account.alias} cannot be used. ${disabled.reason}`, {
    account: account.id,
    action: { text: disabled.remedy, command },
  })
}

/** Throws `account_disabled` when no sign-in may start with this registration. */
export function checkRegistrationEnabled(registration: RegistrationRecord): void {
  if (registration.enabled) return
  throw new LatchkeyError(
    'account_disabled',
    `The registration “${registration.name}” is disabled: nobody can sign in with it.`,
    {
      field: 'registration',
      action: { text: 'Enable the registration.', command: `latchkey enable --registration ${registration.id}` },
    },
  )
}
