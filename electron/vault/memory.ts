import type { Db } from './database.ts'

/** What has been read from the vault and is still as it was. */
export interface Memory {
  remember<V>(read: (key: string) => V): (key: string) => V
  /** On lock: nothing that was read stays. */
  forget(): void
}

/** Keys of one reader. Beyond it all of them are forgotten: whoever asks for that many needs none of them often. */
const most = 1000

/**
 * Remembers until anything at all is written through this connection. SQLite counts the rows that were changed, those of
 * foreign keys included (lang_corefunc, total_changes), so no store can forget to say that it has written; and nobody
 * else writes, as one host at a time holds the profile.
 */
export function createMemory(db: Db): Memory {
  const countChanges = db.prepare<[], number>('SELECT total_changes()').pluck()
  const readers: Map<string, unknown>[] = []
  let changes: number | undefined

  const forget = () => {
    for (const known of readers) known.clear()
  }

  return {
    forget,
    remember<V>(read: (key: string) => V) {
      const known = new Map<string, V>()
      readers.push(known)
      return (key) => {
        const now = countChanges.get()
        if (now !== changes) {
          forget()
          changes = now
        }
        const found = known.get(key)
        if (found !== undefined) return found
        const value = frozen(read(key))
        // What a transaction has written may be taken back, and the count does not go back with it.
        if (db.inTransaction) return value
        if (known.size >= most) known.clear()
        known.set(key, value)
        return value
      }
    },
  }
}

/** What many callers share must not be changed by any of them. Buffers and the like stay as they are. */
function frozen<V>(value: V): V {
  if (typeof value !== 'object' || value === null || Object.isFrozen(value)) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype !== Object.prototype && !Array.isArray(value)) return value
  Object.freeze(value)
  for (const member of Object.values(value)) frozen(member)
  return value
}
