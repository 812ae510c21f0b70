import type { Activity } from '../../../shared/models.ts'
import type { Db } from '../database.ts'
import type { ActivityStore } from '../ports.ts'

interface Row {
  id: number
  at: number
  kind: Activity['kind']
  account_id: string | null
  provider_id: string | null
  actor: string
  summary: string
  detail: string
}

const mostEntries = 20_000
const longestTime = 90 * 24 * 60 * 60 * 1000
/** Pruning reads the whole table: once for so many new entries is often enough. */
const pruneEvery = 1000

function toActivity(row: Row): Activity {
  return { ...row, at: new Date(row.at).toISOString(), detail: JSON.parse(row.detail) as Activity['detail'] }
}

/** What happened, newest first. Keeps about 20,000 entries of the last 90 days. */
export function activityStore(db: Db): ActivityStore {
  const columns = 'id, at, kind, account_id, provider_id, actor, summary, detail'
  const insert = db.prepare<[Omit<Row, 'id'>]>(
    `INSERT INTO activity (at, kind, account_id, provider_id, actor, summary, detail)
     VALUES (@at, @kind, @account_id, @provider_id, @actor, @summary, @detail)`,
  )
  const all = db.prepare<[number, number], Row>(`SELECT ${columns} FROM activity WHERE id < ? ORDER BY id DESC LIMIT ?`)
  const ofAccount = db.prepare<[string, number, number], Row>(
    `SELECT ${columns} FROM activity WHERE account_id = ? AND id < ? ORDER BY id DESC LIMIT ?`,
  )
  const prune = db.prepare<[number, number]>('DELETE FROM activity WHERE id <= ? OR at < ?')
  const count = db.prepare<[string], number>('SELECT count(*) FROM activity WHERE account_id = ?').pluck()
  let untilPrune = 0
  return {
    add(entry) {
      const { lastInsertRowid } = insert.run({ ...entry, detail: JSON.stringify(entry.detail) })
      const id = Number(lastInsertRowid)
      if (untilPrune-- <= 0) {
        prune.run(id - mostEntries, entry.at - longestTime)
        untilPrune = pruneEvery
      }
      return id
    },
    list({ accountId, limit, before = Number.MAX_SAFE_INTEGER }) {
      const rows = accountId === undefined ? all.all(before, limit) : ofAccount.all(accountId, before, limit)
      return rows.map(toActivity)
    },
    count: (accountId) => count.get(accountId) ?? 0,
  }
}
