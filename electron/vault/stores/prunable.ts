import type { Db } from '../database.ts'

/**
 * Entries of one kind, and how many there are: counting them, or looking for the newest so many, reads the whole index,
 * which is too much for what is done after every thousand uses.
 */
export function prunable(db: Db, index: string, which: string) {
  const total = db.prepare<[], number>(`SELECT count(*) FROM activity INDEXED BY ${index} WHERE ${which}`).pluck()
  const dropOld = db.prepare<[number]>(`DELETE FROM activity INDEXED BY activity_at WHERE at < ? AND ${which}`)
  const dropFirst = db.prepare<[number]>(
    `DELETE FROM activity WHERE ${which} AND id <= (
       SELECT id FROM activity INDEXED BY ${index} WHERE ${which} ORDER BY id LIMIT 1 OFFSET ?)`,
  )
  /** null: not known. What is inside somebody else's transaction may still be undone. */
  let count: number | null = null
  return {
    added(entries: number): void {
      count = count === null || db.inTransaction ? null : count + entries
    },
    prune: db.transaction((most: number, before: number) => {
      const had = count ?? total.get() ?? 0
      count = null
      const left = had - dropOld.run(before).changes
      return left > most ? left - dropFirst.run(left - most - 1).changes : left
    }),
    pruned(left: number): void {
      count = db.inTransaction ? null : left
    },
  }
}
