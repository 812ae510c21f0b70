import type { CheckedInput } from '../../shared/contract.ts'
import type { Clock, Logger } from '../platform/ports.ts'
import type { Catalogue } from '../providers/definition.ts'
import type { Vault } from '../vault/ports.ts'
import type { ActivityQuery, ActivityRow } from '../vault/ports-apps.ts'
import { createPruning, dayOf, readLimits, writeLimits } from './activity-limits.ts'
import { keptPath, keptText, remembered } from './audit-path.ts'
import { createUsageSums } from './audit-sums.ts'
import { usageOf } from './audit-usage.ts'
import type { Events } from './ports.ts'
import type { AuditService, Use } from './ports-apps.ts'

/** Uses are written together after so many milliseconds, or when there are so many of them. */
const longestWait = 50
const batch = 500
/** Kept when they cannot be written, for example because the disk is full. */
const mostUnwritten = 10_000
/** Entries in a piece of the export. */
const piece = 200

/** What narrows the activity, as the vault reads it. `account` and `app` are ids here; times are ISO 8601. */
export function activityQuery(
  filter: Omit<CheckedInput<'activity.export'>, 'limit'> & { limit?: number; before?: number },
): ActivityQuery {
  const { account, app, since, until, host, limit = piece, ...rest } = filter
  return {
    ...rest,
    limit,
    ...(account === undefined ? {} : { accountId: account }),
    ...(app === undefined ? {} : { appId: app }),
    ...(host === undefined ? {} : { host: host.toLowerCase() }),
    ...(since === undefined ? {} : { since: Date.parse(since) }),
    ...(until === undefined ? {} : { until: Date.parse(until) }),
  }
}

/**
 * Who used which account for what (F14, G4). Every use of an account becomes an entry of the activity and adds to sums by
 * day that outlive it. Nothing of a request but method, host and path is kept, and those redacted.
 */
export function createAudit(parts: {
  vault: Vault
  clock: Clock
  events: Events
  catalogue: Catalogue
  logger: Logger
}): AuditService {
  const { vault, clock, events, logger } = parts
  const pruning = createPruning({ vault, clock })
  const sums = createUsageSums(vault)
  const cleanText = remembered(keptText)
  const cleanPath = remembered(keptPath)
  let unwritten: ActivityRow[] = []
  let timer: NodeJS.Timeout | null = null

  const isOpen = () => vault.status().state === 'unlocked'

  const stopListening = events.on((event) => {
    if (event.type !== 'vault') return
    if (event.state !== 'unlocked') return sums.forget()
    flush()
    pruneNow()
  })

  function use(use: Use): void {
    if ((use.right !== 'request' && use.right !== 'token') || !isOpen()) return
    try {
      const at = clock.now()
      const host = use.url === undefined ? null : cleanText(use.url.host)
      unwritten.push(entryOf(use, host, at))
      sums.add(use, host, at)
    } catch (error) {
      logger.error('A use could not be noted.', { error })
    }
    if (unwritten.length % batch === 0) flush()
    else if (timer === null) {
      timer = setTimeout(flush, longestWait)
      timer.unref()
    }
  }

  function entryOf(use: Use, host: string | null, at: number): ActivityRow {
    const { account, caller, right } = use
    const detail: ActivityRow['detail'] = {}
    if (use.method !== undefined) detail.method = use.method
    if (host !== null) detail.host = host
    if (use.url !== undefined) detail.path = cleanPath(use.url.pathname)
    if (use.status !== undefined) detail.status = use.status
    if (use.bytesSent !== undefined) detail.bytes_sent = use.bytesSent
    if (use.bytesReceived !== undefined) detail.bytes_received = use.bytesReceived
    detail.duration_ms = Math.round(use.durationMs)
    detail.refreshed = use.refreshed
    if (use.error !== undefined) detail.error = cleanText(use.error)
    return {
      at,
      kind: right === 'token' ? 'token' : 'request',
      account_id: account.id,
      provider_id: account.providerId,
      actor: caller.kind,
      app_id: caller.app?.id ?? null,
      app_name: caller.app?.name ?? null,
      right,
      summary: summaryOf(use, detail),
      detail,
    }
  }

  /** The path in it has been cleaned already; what stands around it seldom changes. This is done for every request. */
  function summaryOf({ summary, url }: Use, detail: ActivityRow['detail']): string {
    const at = url === undefined || url.pathname.length < 2 ? -1 : summary.indexOf(url.pathname)
    const end = at + (url?.pathname.length ?? 0)
    // A query right behind it is found with the whole before it.
    if (at < 0 || /^[?#]/.test(summary.slice(end, end + 1))) return cleanText(summary)
    return `${cleanText(summary.slice(0, at))}${detail.path}${cleanText(summary.slice(end))}`
  }

  /** Never throws: a use that was made cannot be undone because the note of it failed. */
  function flush(): void {
    if (timer !== null) clearTimeout(timer)
    timer = null
    if (unwritten.length === 0 || !isOpen()) return
    try {
      const ids = vault.activity.addAll(unwritten, sums.rows())
      const written = unwritten.length
      unwritten = []
      sums.written()
      const newest = ids.at(-1)
      if (newest !== undefined) events.emit({ type: 'activity', activity_id: newest })
      pruning.added(written)
    } catch (error) {
      logger.error('The activity could not be written.', { entries: unwritten.length, error })
      // The newest say most about what is going on. The sums stay whole.
      unwritten = unwritten.slice(-mostUnwritten)
    }
  }

  function pruneNow(): void {
    try {
      pruning.prune()
    } catch (error) {
      logger.error('Old activity could not be removed.', { error })
    }
  }

  /** A page at a time, so that nobody has to hold all of it. */
  function* pages(query: Omit<ActivityQuery, 'limit'>, newest: number, oldest: number): Generator<string> {
    let after = oldest - 1
    while (after < newest) {
      const entries = vault.activity.list({ ...query, limit: piece, after, before: newest + 1 })
      const last = entries.at(-1)
      if (last === undefined) return
      yield entries.map((entry) => `${JSON.stringify(entry)}\n`).join('')
      after = last.id
    }
  }

  return {
    use,
    flush,
    usage(account, days) {
      flush()
      return usageOf(parts, account, days, dayOf(clock.now()))
    },
    limits: () => readLimits(vault),
    limit(limits) {
      writeLimits(vault, limits)
      flush()
      pruning.prune()
      return readLimits(vault)
    },
    export(filter) {
      flush()
      const query = activityQuery(filter)
      // Asked now, so that `locked` is said before an answer has begun.
      const newest = vault.activity.list({ ...query, limit: 1 })[0]?.id
      const oldest = filter.limit === undefined ? 1 : vault.activity.oldestOf(query)
      return newest === undefined || oldest === null ? [] : pages(query, newest, oldest)
    },
    close() {
      stopListening()
      flush()
      if (unwritten.length > 0) logger.error('Activity was lost.', { entries: unwritten.length })
    },
  }
}
