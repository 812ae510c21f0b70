import type { App, Ask, Permission, requestMethods, Want } from '../../../shared/contract-apps.ts'
import type { AppRecord, AskedFor, AskRecord, PermissionRecord } from '../../vault/ports-apps.ts'
import { endOf } from './permissions.ts'

/** Records as people and programs see them. */

const time = (at: number): string => new Date(at).toISOString()
const timeOrNull = (at: number | null): string | null => (at === null ? null : time(at))

type Method = (typeof requestMethods)[number]

export function viewPermission(record: PermissionRecord): Permission {
  return {
    id: record.id,
    app_id: record.appId,
    account_id: record.accountId,
    rights: record.rights,
    hosts: record.hosts,
    methods: record.methods as Method[],
    path_prefix: record.pathPrefix,
    until: timeOrNull(record.until),
    created_at: time(record.createdAt),
    updated_at: time(record.updatedAt),
  }
}

export function viewApp(record: AppRecord, permissions: readonly PermissionRecord[], now: number): App {
  const reason = endOf(record, now)
  return {
    id: record.id,
    name: record.name,
    purpose: record.purpose,
    state: reason === null ? 'active' : 'expired',
    reason,
    created_at: time(record.createdAt),
    last_used_at: timeOrNull(record.lastUsedAt),
    expires_at: timeOrNull(record.expiresAt),
    idle_days: record.idleDays,
    caller: record.caller,
    permissions: permissions.map(viewPermission),
  }
}

/** @param meant The account that a want means, when exactly one is. */
export function viewAsk(record: AskRecord, meant: (want: AskedFor) => string | null, now: number): Ask {
  return {
    id: record.id,
    kind: record.kind,
    code: record.code,
    state: stateOf(record, now),
    app_id: record.appId,
    name: record.name,
    purpose: record.purpose,
    user_agent: record.userAgent,
    wants: record.wants.map(
      (want): Want => ({
        account: want.account,
        account_id: meant(want),
        provider: want.provider,
        rights: want.rights,
        hosts: want.hosts,
        methods: want.methods as Method[],
        path_prefix: want.pathPrefix,
      }),
    ),
    caller: record.caller,
    times: record.times,
    created_at: time(record.createdAt),
    last_at: time(record.lastAt),
    expires_at: time(record.expiresAt),
  }
}

/** Time passes whether somebody writes it down or not. */
export function stateOf(record: AskRecord, now: number): AskRecord['state'] {
  const isOver = record.expiresAt <= now
  // An approved pairing whose key nobody collected in time let nobody in.
  const uncollected = record.kind === 'pair' && record.state === 'approved' && record.appId === null
  return isOver && (record.state === 'waiting' || uncollected) ? 'expired' : record.state
}
