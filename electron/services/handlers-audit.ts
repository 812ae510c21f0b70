import type { ActivityFilter } from '../../shared/contract-apps.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import { activityQuery } from './audit.ts'
import type { AccountService, Handlers } from './ports.ts'
import type { AuditService } from './ports-apps.ts'

export interface AuditParts {
  vault: Pick<Vault, 'apps'>
  accounts: Pick<AccountService, 'resolve'>
  activity: Pick<ActivityLog, 'list'>
  audit: AuditService
}

type AuditMethod = 'activity.list' | 'activity.limits' | 'activity.limit' | 'activity.export' | 'accounts.usage'

/** What happened, who used an account, and how much of it is kept. */
export function createAuditHandlers(parts: AuditParts): Pick<Handlers, AuditMethod> {
  const { audit, activity } = parts
  return {
    'activity.list': (filter) => {
      const query = activityQuery(withIds(parts, filter))
      audit.flush()
      return activity.list(query)
    },
    'activity.limits': () => audit.limits(),
    'activity.limit': (limits) => audit.limit(limits),
    'activity.export': (filter) => {
      // One more than is wanted tells whether there are more.
      const lines = [...audit.export({ ...withIds(parts, filter), limit: filter.limit + 1 })]
        .flatMap((piece) => piece.split('\n'))
        .filter((line) => line !== '')
      const wanted = lines.slice(-filter.limit)
      return {
        text: wanted.map((line) => `${line}\n`).join(''),
        entries: wanted.length,
        complete: wanted.length === lines.length,
      }
    },
    'accounts.usage': ({ account, days }) => audit.usage(parts.accounts.resolve(account), days),
  }
}

/** The same filter with the account's and the app's id in place of what they are called. Throws not_found. */
export function withIds<F extends ActivityFilter>(
  { accounts, vault }: Pick<AuditParts, 'accounts' | 'vault'>,
  filter: F,
): F {
  return {
    ...filter,
    ...(filter.account === undefined ? {} : { account: accounts.resolve(filter.account).id }),
    ...(filter.app === undefined ? {} : { app: appId(vault, filter.app) }),
  }
}

/** Apps that were revoked are found too: what they did is still here. Of several with one name the one that is in use. */
function appId(vault: AuditParts['vault'], reference: string): string {
  const apps = vault.apps.list()
  const called = apps.filter(({ id, name }) => id === reference || name.toLowerCase() === reference.toLowerCase())
  const inUse = called.filter(({ revokedAt }) => revokedAt === null)
  const [found, another] = inUse.length > 0 ? inUse : called
  if (found !== undefined && another === undefined) return found.id
  const missing = found === undefined
  const message = missing ? `There is no app “${reference}”.` : `“${reference}” is the name of several apps.`
  throw new LatchkeyError(missing ? 'not_found' : 'invalid_request', message, {
    field: 'app',
    ...(missing ? {} : { candidates: called.map(({ id, name }) => `${id} (${name})`) }),
    action: { text: missing ? 'List the apps to see what they are called.' : 'Name the one you mean by its id.' },
  })
}
