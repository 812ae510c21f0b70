import { LatchkeyError } from '../../../shared/errors.ts'
import { type Db, isConstraint } from '../database.ts'
import type { BindingRecord, BindingStore } from '../ports-apps.ts'

interface Row {
  host: string
  account_id: string
  created_at: number
}

const toRecord = (row: Row): BindingRecord => ({
  host: row.host,
  accountId: row.account_id,
  createdAt: row.created_at,
})

/** Which account the requests to a host use when none is named. One account a host. */
export function bindingStore(db: Db): BindingStore {
  const all = db.prepare<[], Row>('SELECT host, account_id, created_at FROM bindings ORDER BY host')
  const one = db.prepare<[string], Row>('SELECT host, account_id, created_at FROM bindings WHERE host = ?')
  const write = db.prepare<[Row]>(
    `INSERT INTO bindings (host, account_id, created_at) VALUES (@host, @account_id, @created_at)
     ON CONFLICT (host) DO UPDATE SET account_id = excluded.account_id, created_at = excluded.created_at`,
  )
  const drop = db.prepare<[string]>('DELETE FROM bindings WHERE host = ?')
  return {
    list: () => all.all().map(toRecord),
    get(host) {
      const row = one.get(host)
      return row === undefined ? null : toRecord(row)
    },
    save({ host, accountId, createdAt }) {
      try {
        write.run({ host, account_id: accountId, created_at: createdAt })
      } catch (error) {
        if (!isConstraint(error, 'FOREIGNKEY')) throw error
        throw new LatchkeyError('not_found', 'The account has been removed.', { field: 'account' }, error)
      }
    },
    remove: (host) => void drop.run(host),
  }
}
