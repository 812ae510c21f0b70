import type { Logger } from '../platform/ports.ts'
import type { DataKey } from './data-key.ts'
import type { Db } from './database.ts'
import type { Rotation } from './ports.ts'
import { type SealedColumn, sealedColumns } from './sealed-columns.ts'
import { type Place, sealedHeader } from './sealing.ts'

/** Values sealed anew in one transaction: a few milliseconds, so that nobody waits. */
const usualBatch = 50

/**
 * Seals every value under the newest data key, a few in each transaction, in the background. It can be cut off anywhere:
 * what has been done is done, the rest is found again by the version in its header. When nothing is left under an older
 * key, that key goes, in the transaction that has looked.
 */
export interface Resealing {
  /** Begins, or goes on, when an older key is kept. Does nothing while it runs or while the vault is locked. */
  start(): void
  /** Before the data key is forgotten. No transaction is left half done: they cannot be interrupted. */
  stop(): void
  progress(): Rotation
  settled(): Promise<void>
}

/** The statements for one column. A value is left when it does not begin with the header of the newest key. */
function columnStatements(db: Db, { table, column, key }: SealedColumn) {
  const keys = key.join(', ')
  const left = `${column} IS NOT NULL AND substr(${column}, 1, 5) <> @header`
  const after = `(${keys}) > (${key.map((_, index) => `@after${index}`).join(', ')})`
  return {
    count: db.prepare<[], number>(`SELECT count(*) FROM ${table} WHERE ${column} IS NOT NULL`).pluck(),
    countLeft: db.prepare<[{ header: Buffer }], number>(`SELECT count(*) FROM ${table} WHERE ${left}`).pluck(),
    some: db.prepare<[Record<string, unknown>], Record<string, unknown>>(
      `SELECT ${keys}, ${column} AS sealed FROM ${table} WHERE ${after} AND ${left} ORDER BY ${keys} LIMIT @limit`,
    ),
    write: db.prepare<[Record<string, unknown>]>(
      `UPDATE ${table} SET ${column} = @sealed WHERE (${keys}) = (${key.map((_, index) => `@key${index}`).join(', ')})`,
    ),
  }
}

const numbered = (name: string, values: readonly string[]) =>
  Object.fromEntries(values.map((value, index) => [`${name}${index}`, value]))

const keyOf = ({ key }: SealedColumn, row: Record<string, unknown>) => key.map((name) => String(row[name]))

const nextTurn = () => new Promise<void>((resolve) => void setImmediate(resolve))

export function createResealing(
  { db, dataKey, logger }: { db: Db; dataKey: DataKey; logger: Logger },
  batch = usualBatch,
): Resealing {
  const columns = sealedColumns.map((column) => ({ ...column, ...columnStatements(db, column) }))
  let running: Promise<void> = Promise.resolve()
  /** What the run under way belongs to; another one when it was stopped. */
  let run: symbol | null = null
  let state = { done: 0, total: 0 }

  const countLeft = (header: Buffer) =>
    columns.reduce((sum, column) => sum + (column.countLeft.get({ header }) ?? 0), 0)

  /** null: kept as it is, and the older key with it. */
  const resealed = (place: Place, sealed: Buffer): Buffer | null => {
    try {
      return dataKey.sealer()?.reseal(place, sealed) ?? null
    } catch (error) {
      logger.warn('A value could not be sealed under the new data key.', { error })
      return null
    }
  }

  /** One transaction. Gives the key of the last value it looked at, or null when the column has no more. */
  const someOf = (column: (typeof columns)[number], after: readonly string[], header: Buffer): string[] | null => {
    let done = 0
    const rows = db
      .transaction(() => {
        const found = column.some.all({ ...numbered('after', after), header, limit: batch })
        for (const row of found) {
          const key = keyOf(column, row)
          const sealed = resealed(column.place(key), row.sealed as Buffer)
          if (sealed !== null) done += column.write.run({ ...numbered('key', key), sealed }).changes
        }
        return found
      })
      .immediate()
    state.done += done
    const last = rows.at(-1)
    return last === undefined || rows.length < batch ? null : keyOf(column, last)
  }

  /** Whether the older keys have gone. */
  const finish = (header: Buffer) => {
    const gone = db
      .transaction(() => {
        const left = countLeft(header)
        if (left === 0) dataKey.retire()
        else logger.warn('The data key before is kept: some values could not be sealed under the new one.', { left })
        return left === 0
      })
      .immediate()
    if (!gone) return
    dataKey.forgetOlder()
    // What was sealed under the older key still stands in the write-ahead log.
    db.pragma('wal_checkpoint(TRUNCATE)')
    logger.info('Every value is sealed under the new data key.')
  }

  const work = async (mine: symbol) => {
    const header = sealedHeader(dataKey.version())
    const total = columns.reduce((sum, column) => sum + (column.count.get() ?? 0), 0)
    state = { done: total - countLeft(header), total }
    for (const column of columns) {
      let after: string[] | null = column.key.map(() => '')
      while (after !== null) {
        await nextTurn()
        if (run !== mine) return
        after = someOf(column, after, header)
      }
    }
    await nextTurn()
    if (run === mine) finish(header)
  }

  return {
    start() {
      if (run !== null || dataKey.sealer() === null || !dataKey.hasOlder()) return
      const mine = Symbol('run')
      run = mine
      running = running
        .then(() => work(mine))
        .catch((error: unknown) => {
          if (run === mine)
            logger.error('Sealing under the new data key was cut off. It goes on at the next unlock.', { error })
        })
        .finally(() => {
          if (run === mine) run = null
        })
    },
    stop() {
      run = null
    },
    progress() {
      return { ...state, running: run !== null }
    },
    settled: () => running,
  }
}
