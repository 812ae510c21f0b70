import type { GrantMethod } from '../../shared/contract-grants.ts'
import type { Handlers } from './ports.ts'
import { registerServiceAccount } from './service-account.ts'

export type GrantParts = Parameters<typeof registerServiceAccount>[0]

/** The methods of shared/contract-grants.ts. */
export function createGrantHandlers(parts: GrantParts): Pick<Handlers, GrantMethod> {
  return {
    'registrations.from_service_account': (input, caller) => registerServiceAccount(parts, input, caller),
  }
}
