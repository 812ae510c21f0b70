import type { CheckedInput } from '../../shared/contract.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Definition } from '../providers/definition.ts'
import type { AccountCredentials, AccountRecord, Grant, Vault } from '../vault/ports.ts'
import type { Target } from './connect-target.ts'
import type { AccountService } from './ports.ts'

type Input = Pick<
  CheckedInput<'connect.start'>,
  'grant' | 'username' | 'password' | 'subject' | 'subject_account' | 'account'
>

/** How a grant is obtained, with what besides the registration. `credentials` are secrets. */
export interface Choice {
  grant: Grant
  credentials: AccountCredentials
}

interface Parts {
  vault: Pick<Vault, 'accounts'>
  accounts: Pick<AccountService, 'resolve'>
}

/**
 * The grant that was asked for, else the one that the account was obtained by, else the registration's or the provider's
 * first; and what it takes, checked. Throws `invalid_request` with the field.
 */
export function chooseGrant(parts: Parts, target: Target, input: Input): Choice {
  const { definition, registration, account } = target
  const possible = definition.grants ?? ['authorization_code']
  const grant = input.grant ?? account?.grant ?? registration.options.grant ?? possible[0] ?? 'authorization_code'
  if (!possible.includes(grant)) {
    throw invalid('grant', `${definition.name} does not offer ${grant}. It offers: ${possible.join(', ')}.`)
  }
  refuseForeign(grant, input)
  const kept = account !== null && account.grant === grant ? parts.vault.accounts.credentials(account.id) : {}
  return { grant, credentials: credentialsFor(grant, kept) }

  function credentialsFor(chosen: Grant, kept: AccountCredentials): AccountCredentials {
    switch (chosen) {
      case 'password':
        return passwordOf(definition, kept, input)
      case 'jwt_bearer': {
        const subject = input.subject ?? kept.subject
        return subject === undefined ? {} : { subject }
      }
      case 'token_exchange':
        return { subjectAccountId: subjectOf(parts, account, kept, input).id }
      default:
        return {}
    }
  }
}

/** What belongs to one grant alone is refused with any other: a password that is not needed is not sent anywhere. */
function refuseForeign(grant: Grant, input: Input): void {
  const owners = {
    username: 'password',
    password: 'password',
    subject: 'jwt_bearer',
    subject_account: 'token_exchange',
  } as const
  for (const [field, owner] of Object.entries(owners)) {
    if (input[field as keyof typeof owners] !== undefined && owner !== grant) {
      throw invalid(field, `“${field}” belongs to the grant ${owner} alone; this is ${grant}.`)
    }
  }
}

function passwordOf({ name }: Definition, kept: AccountCredentials, input: Input): AccountCredentials {
  const username = input.username ?? kept.username
  if (username === undefined) throw invalid('username', `Enter the user name at ${name}.`)
  // The kept password belongs to the kept user name.
  const password = input.password ?? (username === kept.username ? kept.password : undefined)
  if (password === undefined) throw invalid('password', `Enter the password of ${username} at ${name}.`)
  return { username, password }
}

/** Throws `invalid_request` for an account that would wait for itself, directly or through others. */
function subjectOf(
  { vault, accounts }: Parts,
  account: AccountRecord | null,
  kept: AccountCredentials,
  input: Input,
): AccountRecord {
  const reference = input.subject_account ?? kept.subjectAccountId
  if (reference === undefined) {
    throw invalid('subject_account', 'Name the account whose token is to be exchanged.')
  }
  const subject = accounts.resolve(reference)
  const seen = new Set<string>()
  for (let id: string | undefined = subject.id; id !== undefined && !seen.has(id); ) {
    if (id === account?.id) {
      throw invalid('subject_account', `${account.alias} cannot be made from its own token. Name another account.`)
    }
    seen.add(id)
    id =
      vault.accounts.get(id)?.grant === 'token_exchange' ? vault.accounts.credentials(id).subjectAccountId : undefined
  }
  return subject
}

function invalid(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
