import type { Right } from '../../../shared/contract-apps.ts'
import { hostMatches, parseHost } from '../../signer/policy.ts'
import type { AppRecord, PermissionRecord } from '../../vault/ports-apps.ts'
import { isUnder } from './path-prefix.ts'

/** What somebody wants to do. Without `request` it is only asked whether there is any at all. */
export interface Wanted {
  /** null: the accounts that the app connects by itself. */
  accountId: string | null
  right: Right
  request?: { method: string; url: URL }
}

type Permission = Pick<PermissionRecord, 'accountId' | 'rights' | 'hosts' | 'methods' | 'pathPrefix' | 'until'>

/**
 * Whether these permissions, all of one app, cover it. Pure: nothing but they and the time decides. Each permission
 * stands for itself: the host of one and the method of another make no third.
 */
export function allows(permissions: readonly Permission[], wanted: Wanted, now: number): boolean {
  return permissions.some((permission) => covers(permission, wanted, now))
}

function covers(permission: Permission, { accountId, right, request }: Wanted, now: number): boolean {
  if (permission.accountId !== accountId || !permission.rights.includes(right)) return false
  if (permission.until !== null && permission.until <= now) return false
  // Whoever holds a token can send it anywhere: the other rights cannot be narrowed, so nothing pretends to.
  if (right !== 'request' || request === undefined) return true
  const { hosts, methods, pathPrefix } = permission
  if (methods.length > 0 && !methods.includes(request.method)) return false
  if (hosts.length > 0 && !hosts.some((host) => matches(host, request.url))) return false
  return pathPrefix === null || isUnder(pathPrefix, request.url.pathname)
}

function matches(host: string, url: URL): boolean {
  const entry = parseHost(host)
  return entry !== null && hostMatches(entry, url)
}

const day = 86_400_000

/** Why an app that was let in is over; null: it is not. */
export function endOf(
  {
    expiresAt,
    idleDays,
    lastUsedAt,
    createdAt,
  }: Pick<AppRecord, 'expiresAt' | 'idleDays' | 'lastUsedAt' | 'createdAt'>,
  now: number,
): string | null {
  if (expiresAt !== null && expiresAt <= now) {
    return `It was let in until ${new Date(expiresAt).toISOString().slice(0, 10)}.`
  }
  if (idleDays !== null && (lastUsedAt ?? createdAt) + idleDays * day <= now) {
    return idleDays === 1 ? 'It was not used for a day.' : `It was not used for ${idleDays} days.`
  }
  return null
}
