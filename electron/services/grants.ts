import { LatchkeyError } from '../../shared/errors.ts'
import type { GrantRequest } from '../oauth/ports.ts'
import type { AccountCredentials, AccountRecord, Grant } from '../vault/ports.ts'

/** The token that an account's token exchange starts from, and whose it is. */
export type SubjectToken = (accountId: string) => Promise<Pick<AccountRecord, 'identity'> & { accessToken: string }>

/** Grants whose answer comes back to a redirect URI (RFC 6749 4.1 and 4.2). */
export function needsRedirect(grant: Grant): boolean {
  return grant === 'authorization_code' || grant === 'without_code'
}

/**
 * Whether a grant can be obtained again without a person: what it takes is kept. Its access token is then replaced when
 * it ends, although there is no refresh token (RFC 6749 4.4.3).
 */
export function renewsByItself(grant: Grant): boolean {
  return grant === 'client_credentials' || grant === 'password' || grant === 'jwt_bearer' || grant === 'token_exchange'
}

/** What to ask the provider for. Throws `reauth_required` when what it takes is not there. */
export async function grantRequest(
  grant: Grant,
  credentials: AccountCredentials,
  subjectToken: SubjectToken,
): Promise<GrantRequest> {
  const { username, password, subject, subjectAccountId } = credentials
  if (grant === 'client_credentials') return { grant }
  if (grant === 'jwt_bearer') return { grant, subject: subject ?? null }
  if (grant === 'password' && username !== undefined && password !== undefined) return { grant, username, password }
  if (grant === 'token_exchange' && subjectAccountId !== undefined) {
    const { accessToken, identity } = await subjectToken(subjectAccountId)
    return { grant, subjectToken: accessToken, subjectIdentity: identity }
  }
  throw new LatchkeyError('reauth_required', 'What this account is obtained with is not kept any more.', {
    action: { text: 'Connect it again.' },
  })
}
