import type { Clock, Logger } from '../../platform/ports.ts'
import type { Catalogue } from '../../providers/definition.ts'
import type { DestinationPolicy } from '../../signer/policy.ts'
import type { AccountRecord, Vault } from '../../vault/ports.ts'
import type { ActivityLog } from '../activity.ts'
import type { AccountService, Events } from '../ports.ts'

/** What apps, pairing, gate and bindings are made of. */
export interface AppParts {
  vault: Vault
  accounts: Pick<AccountService, 'resolve'>
  catalogue: Pick<Catalogue, 'list'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
  logger: Logger
  /** Where the requests of an account may go. */
  policyFor(account: AccountRecord): Promise<DestinationPolicy>
}
