import type { Right } from '../../../shared/contract-apps.ts'
import type { Db } from '../database.ts'
import type { UsageRow } from '../ports-apps.ts'

/** Part of the key: SQLite takes two NULLs for different, so what is not there is an empty text. */
interface Row {
  day: number
  account_id: string
  actor: string
  app_id: string
  app_name: string
  access_right: Right
  method: string
  host: string
  path: string
  count: number
  failed: number
  last_at: number
}

const columns = 'day, account_id, actor, app_id, app_name, access_right, method, host, path, count, failed, last_at'
const orNull = (text: string) => (text === '' ? null : text)

function toUsage(row: Row): UsageRow {
  return {
    day: row.day,
    accountId: row.account_id,
    actor: row.actor,
    appId: orNull(row.app_id),
    appName: orNull(row.app_name),
    right: row.access_right,
    method: orNull(row.method),
    host: orNull(row.host),
    path: orNull(row.path),
    count: row.count,
    failed: row.failed,
    lastAt: row.last_at,
  }
}

function toRow(usage: UsageRow): Row {
  return {
    day: usage.day,
    account_id: usage.accountId,
    actor: usage.actor,
    app_id: usage.appId ?? '',
    app_name: usage.appName ?? '',
    access_right: usage.right,
    method: usage.method ?? '',
    host: usage.host ?? '',
    path: usage.path ?? '',
    count: usage.count,
    failed: usage.failed,
    last_at: usage.lastAt,
  }
}

/** Uses added up by day, account, user and place: the part of the activity store that outlives its entries. */
export function usageStore(db: Db) {
  // An account may be removed between a use and its writing: its sums must not keep the others from being written.
  const add = db.prepare<[Row]>(
    `INSERT INTO usage (${columns})
     SELECT @day, @account_id, @actor, @app_id, @app_name, @access_right, @method, @host, @path, @count, @failed, @last_at
     WHERE EXISTS (SELECT 1 FROM accounts WHERE id = @account_id)
     ON CONFLICT (account_id, day, actor, app_id, access_right, method, host, path) DO UPDATE SET
       count = count + excluded.count, failed = failed + excluded.failed,
       app_name = CASE WHEN excluded.app_name = '' THEN app_name ELSE excluded.app_name END,
       last_at = max(last_at, excluded.last_at)`,
  )
  const since = db.prepare<[string, number], Row>(
    `SELECT ${columns} FROM usage WHERE account_id = ? AND day >= ? ORDER BY day, last_at`,
  )
  const drop = db.prepare<[number]>('DELETE FROM usage WHERE day < ?')
  return {
    /** Inside the caller's transaction. */
    add(sums: readonly UsageRow[]): void {
      for (const sum of sums) add.run(toRow(sum))
    },
    since: (accountId: string, day: number): UsageRow[] => since.all(accountId, day).map(toUsage),
    prune: (beforeDay: number) => void drop.run(beforeDay),
  }
}
