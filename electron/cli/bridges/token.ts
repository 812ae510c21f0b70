import type { TokenAnswer } from '../../../shared/client.ts'
import type { Session } from '../session.ts'

/** An access token that lives long enough. */
export function tokenFor(account: string, options: { minValidity?: number }, session: Session): Promise<TokenAnswer> {
  return session.client.token(account, options.minValidity === undefined ? {} : { min_validity: options.minValidity })
}
