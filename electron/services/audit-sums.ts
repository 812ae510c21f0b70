import type { Vault } from '../vault/ports.ts'
import type { UsageRow } from '../vault/ports-apps.ts'
import { dayOf } from './activity-limits.ts'
import { otherPaths, remembered, usagePath } from './audit-path.ts'
import type { Use } from './ports-apps.ts'

/** Different places (host and path) that an account's sums of one day keep apart. */
const mostPlaces = 500

/** Adds uses up by day, account, user and place, until they are written. */
export function createUsageSums(vault: Pick<Vault, 'activity'>) {
  const pathOf = remembered(usagePath)
  const sums = new Map<string, UsageRow>()
  /** The places of each account on `today`, those among them that were written before this process began. */
  let today = -1
  const places = new Map<string, Set<string>>()

  /** Beyond 500 places the path is not told: a program that makes paths up must not fill the disk. */
  function placeOf(accountId: string, day: number, host: string, pathname: string): string {
    if (day !== today) places.clear()
    today = day
    const known = places.get(accountId) ?? stored(accountId, day)
    places.set(accountId, known)
    const path = pathOf(pathname)
    const place = `${host}${path}`
    if (known.has(place)) return path
    if (known.size >= mostPlaces) return otherPaths
    known.add(place)
    return path
  }

  function stored(accountId: string, day: number): Set<string> {
    const rows = vault.activity.usage(accountId, day).filter(({ path }) => path !== null && path !== otherPaths)
    return new Set(rows.map(({ host, path }) => `${host}${path}`))
  }

  return {
    /** @param host As the activity keeps it. */
    add({ account, caller, right, method, url, status, error }: Use, host: string | null, at: number): void {
      const day = dayOf(at)
      const path = url === undefined || host === null ? null : placeOf(account.id, day, host, url.pathname)
      const key = `${day} ${account.id} ${caller.kind} ${caller.app?.id ?? ''} ${right} ${method ?? ''} ${host ?? ''}${path ?? ''}`
      let sum = sums.get(key)
      if (sum === undefined) {
        sum = {
          day,
          accountId: account.id,
          actor: caller.kind,
          appId: caller.app?.id ?? null,
          appName: caller.app?.name ?? null,
          right,
          method: method ?? null,
          host,
          path,
          count: 0,
          failed: 0,
          lastAt: at,
        }
        sums.set(key, sum)
      }
      sum.count++
      if (error !== undefined || (status ?? 0) >= 400) sum.failed++
      sum.lastAt = Math.max(sum.lastAt, at)
    },
    rows: (): UsageRow[] => [...sums.values()],
    written: () => sums.clear(),
    /** The vault was locked: what is known of it goes. */
    forget: () => places.clear(),
  }
}
