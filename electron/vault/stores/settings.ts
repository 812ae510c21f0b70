import type { Db } from '../database.ts'
import type { SettingsStore } from '../ports.ts'

/** Settings as JSON, never secret. `undefined` removes one; one that is not there is `undefined`. */
export function settingsStore(db: Db): SettingsStore {
  const read = db.prepare<[string], string>('SELECT value FROM settings WHERE key = ?').pluck()
  const drop = db.prepare<[string]>('DELETE FROM settings WHERE key = ?')
  const write = db.prepare<[string, string]>(
    'INSERT INTO settings (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value',
  )
  return {
    get(key) {
      const text = read.get(key)
      return text === undefined ? undefined : (JSON.parse(text) as unknown)
    },
    set(key, value) {
      const text = JSON.stringify(value) as string | undefined
      if (text === undefined) drop.run(key)
      else write.run(key, text)
    },
  }
}
