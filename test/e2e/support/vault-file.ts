import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import Database from 'better-sqlite3'
import type { KeyGuard, TokenSet } from '../../../electron/vault/ports.ts'
import { openVault } from '../../../electron/vault/vault.ts'

const silent = { debug() {}, info() {}, warn() {}, error() {} }

/** The slots of the vault's data key, as they lie in the file. */
export function keySlots(profile: string): { kind: string; wrapped: Buffer }[] {
  const db = new Database(path.join(profile, 'vault.db'), { readonly: true })
  try {
    return db.prepare('SELECT kind, wrapped FROM key_slots ORDER BY kind').all() as { kind: string; wrapped: Buffer }[]
  } finally {
    db.close()
  }
}

/** Opens a copy of the vault, as whoever has its key can, and reads the one account's tokens. */
export async function readTokens(profile: string, guard: KeyGuard): Promise<TokenSet> {
  const folder = mkdtempSync(path.join(os.tmpdir(), 'lk-copy-'))
  try {
    for (const name of ['vault.db', 'vault.db-wal']) {
      const file = path.join(profile, name)
      if (existsSync(file)) copyFileSync(file, path.join(folder, name))
    }
    const vault = openVault({ file: path.join(folder, 'vault.db'), clock: { now: Date.now }, logger: silent })
    try {
      const status = await vault.unlock(guard)
      if (status.state !== 'unlocked') throw new Error(status.reason)
      const [account] = vault.accounts.list()
      const tokens = account === undefined ? null : vault.tokens.get(account.id)
      if (tokens === null) throw new Error('There is no token set in the vault.')
      return tokens
    } finally {
      vault.close()
    }
  } finally {
    rmSync(folder, { recursive: true, force: true })
  }
}
