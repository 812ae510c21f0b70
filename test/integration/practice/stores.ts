import type { AccountRecord, RecordStore, SettingsStore } from '../../../electron/vault/ports.ts'

/** The three stores of the vault that the practice provider uses, in memory. */
export function memoryVault(accounts: Pick<AccountRecord, 'providerId'>[] = []) {
  const kept = new Map<string, { value: string; expiresAt: number | null }>()
  const settings = new Map<string, unknown>()
  const records: RecordStore = {
    get: (kind, key) => kept.get(`${kind} ${key}`)?.value ?? null,
    put: (kind, key, value, expiresAt) => void kept.set(`${kind} ${key}`, { value, expiresAt }),
    delete: (kind, key) => void kept.delete(`${kind} ${key}`),
    sweep(now) {
      for (const [key, { expiresAt }] of kept) if (expiresAt !== null && expiresAt <= now) kept.delete(key)
    },
  }
  const settingsStore: SettingsStore = {
    get: (key) => settings.get(key),
    set: (key, value) => void settings.set(key, value),
  }
  const forget = (kind: string) => {
    for (const key of kept.keys()) if (key.startsWith(`${kind} `)) kept.delete(key)
  }
  return { records, settings: settingsStore, accounts: { list: () => accounts }, forget }
}
