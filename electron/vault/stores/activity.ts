import type { Statement } from 'better-sqlite3'
import type { Right } from '../../../shared/contract-apps.ts'
import type { Activity } from '../../../shared/models.ts'
import type { Db } from '../database.ts'
import type { ActivityQuery, ActivityRow, ActivityStore, UsageRow } from '../ports-apps.ts'
import { prunable } from './prunable.ts'
import { usageStore } from './usage.ts'

interface Row {
  id: number
  at: number
  kind: Activity['kind']
  account_id: string | null
  provider_id: string | null
  actor: string
  app_id: string | null
  app_name: string | null
  right: Right | null
  summary: string
  detail: string
}

const columns =
  'id, at, kind, account_id, provider_id, actor, app_id, app_name, access_right AS "right", summary, detail'

/** 400 and above, an error that the detail names, or a kind that is a failure by itself. */
const failed = `(coalesce(status, 0) >= 400 OR json_extract(detail, '$.error') IS NOT NULL
  OR kind IN ('sign_in_failed', 'refresh_failed'))`

/** The conditions that a query is put together from. Values are always bound, never written into it. */
const conditions: Record<Exclude<keyof ActivityQuery, 'limit' | 'outcome'>, string> & Record<'ok' | 'failed', string> =
  {
    accountId: 'account_id = @accountId',
    appId: 'app_id = @appId',
    kind: 'kind = @kind',
    right: 'access_right = @right',
    host: 'host = @host',
    search: "(summary LIKE @search ESCAPE '\\' OR app_name LIKE @search ESCAPE '\\')",
    // The plus keeps SQLite from sorting by time first: entries are wanted in the order of their ids.
    since: '+at >= @since',
    until: '+at <= @until',
    before: 'id < @before',
    after: 'id > @after',
    ok: `NOT ${failed}`,
    failed,
  }

function toActivity(row: Row): Activity {
  return { ...row, at: new Date(row.at).toISOString(), detail: JSON.parse(row.detail) as Activity['detail'] }
}

/** A part of a text, for LIKE: what would stand for any characters stands for itself. */
const anywhere = (text: string) => `%${text.replace(/[\\%_]/g, '\\$&')}%`

function conditionsOf({ limit: _, outcome, ...given }: ActivityQuery): string[] {
  const names = (Object.keys(given) as (keyof typeof given)[]).filter((name) => given[name] !== undefined)
  return [...names.sort(), ...(outcome === undefined ? [] : [outcome])].map((name) => conditions[name])
}

/** What happened, and who used what. An entry stays when its account is removed; the sums go with it. */
export function activityStore(db: Db): ActivityStore {
  const insert = db.prepare(
    `INSERT INTO activity (at, kind, account_id, provider_id, actor, app_id, app_name, access_right, host, status,
       summary, detail)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
  )
  const count = db.prepare<[string], number>('SELECT count(*) FROM activity WHERE account_id = ?').pluck()
  const uses = prunable(db, 'activity_uses', 'access_right IS NOT NULL')
  const others = prunable(db, 'activity_others', 'access_right IS NULL')
  const usage = usageStore(db)

  const write = (entry: ActivityRow): number => {
    const { status, host } = entry.detail
    const { lastInsertRowid } = insert.run(
      entry.at,
      entry.kind,
      entry.account_id,
      entry.provider_id,
      entry.actor,
      entry.app_id,
      entry.app_name,
      entry.right,
      typeof host === 'string' ? host : null,
      typeof status === 'number' ? Math.trunc(status) : null,
      entry.summary,
      JSON.stringify(entry.detail),
    )
    return Number(lastInsertRowid)
  }

  /** One statement for each combination of conditions that has been asked for. */
  const statements = new Map<string, Statement>()
  const prepared = (select: string, order: string, query: ActivityQuery) => {
    const where = conditionsOf(query)
    const sql = `SELECT ${select} FROM activity ${where.length === 0 ? '' : `WHERE ${where.join(' AND ')}`} ${order}`
    const statement = statements.get(sql) ?? db.prepare(sql)
    statements.set(sql, statement)
    return statement
  }
  const values = (query: ActivityQuery) =>
    query.search === undefined ? query : { ...query, search: anywhere(query.search) }

  const addAll = db.transaction((entries: readonly ActivityRow[], sums: readonly UsageRow[]) => {
    const ids = entries.map(write)
    usage.add(sums)
    return ids
  })

  return {
    addAll(entries, sums = []) {
      const ids = addAll(entries, sums)
      const used = entries.filter(({ right }) => right !== null).length
      uses.added(used)
      others.added(entries.length - used)
      return ids
    },
    list(query) {
      const order = query.after === undefined ? 'DESC' : 'ASC'
      const rows = prepared(columns, `ORDER BY id ${order} LIMIT @limit`, query).all(values(query)) as Row[]
      return rows.map(toActivity)
    },
    oldestOf(query) {
      const newest = prepared('id', 'ORDER BY id DESC LIMIT @limit', query)
      const ids = newest.pluck().all(values(query)) as number[]
      return ids.at(-1) ?? null
    },
    count: (accountId) => count.get(accountId) ?? 0,
    addUsage: db.transaction((rows: readonly UsageRow[]) => usage.add(rows)),
    usage: usage.since,
    prune({ maxEntries, before, beforeDay }) {
      for (const kind of [uses, others]) kind.pruned(kind.prune(maxEntries, before))
      usage.prune(beforeDay)
    },
  }
}
