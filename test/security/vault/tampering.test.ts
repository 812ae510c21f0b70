import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { Vault } from '../../../electron/vault/ports.ts'
import { account, cheapGuard, locked, registration, tokens, unlocked } from '../../unit/vault/support.ts'

/** Two of everything, then `sql` while nobody looks, then unlocked again. */
async function tamperedWith(sql: string): Promise<{ vault: Vault; file: string }> {
  const { vault, file } = await unlocked()
  for (const n of [1, 2]) {
    vault.registrations.save(registration({ id: `reg_${n}` }), `client-secret-${n}`)
    vault.accounts.save(account({ id: `acc_${n}`, alias: `account ${n}`, registrationId: `reg_${n}` }))
    vault.tokens.put(`acc_${n}`, tokens({ accessToken: `access-${n}`, refreshToken: `refresh-${n}` }))
    vault.records.put('Session', `key-${n}`, `value-${n}`, null)
  }
  vault.close()
  const db = new Database(file)
  db.exec(sql)
  db.close()
  const again = locked({ file }).vault
  await again.unlock(cheapGuard())
  return { vault: again, file }
}

const cannotOpen = expect.objectContaining({ code: 'internal', message: expect.stringContaining('cannot be opened') })

describe('a ciphertext that was moved does not open', () => {
  it('from one account to another', async () => {
    const { vault } = await tamperedWith(
      "UPDATE token_secrets SET access_token = (SELECT access_token FROM token_secrets WHERE account_id = 'acc_2') WHERE account_id = 'acc_1'",
    )
    expect(() => vault.tokens.get('acc_1')).toThrow(cannotOpen)
    expect(vault.tokens.get('acc_2')?.accessToken).toBe('access-2')
  })

  it('from one column to another', async () => {
    const { vault } = await tamperedWith('UPDATE token_secrets SET access_token = refresh_token')
    expect(() => vault.tokens.get('acc_1')).toThrow(cannotOpen)
  })

  it('from one table to another', async () => {
    const { vault } = await tamperedWith(
      "UPDATE registrations SET client_secret = (SELECT access_token FROM token_secrets WHERE account_id = 'acc_1')",
    )
    expect(() => vault.registrations.clientSecret('reg_1')).toThrow(cannotOpen)
    expect(vault.registrations.get('reg_1')?.hasClientSecret).toBe(true)
  })

  it('from one registration, or practice record, to another', async () => {
    const { vault } = await tamperedWith(
      `UPDATE registrations SET client_secret = (SELECT client_secret FROM registrations WHERE id = 'reg_2') WHERE id = 'reg_1';
       UPDATE practice_records SET kind = 'Grant'`,
    )
    expect(() => vault.registrations.clientSecret('reg_1')).toThrow(cannotOpen)
    expect(vault.registrations.clientSecret('reg_2')).toBe('client-secret-2')
    expect(() => vault.records.get('Grant', 'key-1')).toThrow(cannotOpen)
  })
})

describe('what cannot be opened', () => {
  it('is kept as it is, names itself, and is replaced only by connecting again', async () => {
    const { vault, file } = await tamperedWith('UPDATE token_secrets SET refresh_token = zeroblob(45)')
    expect(() => vault.tokens.get('acc_1')).toThrow('refresh_token of acc_1')
    expect(vault.tokens.facts('acc_1')?.hasRefreshToken).toBe(true)
    const db = new Database(file, { readonly: true })
    const kept = db.prepare("SELECT refresh_token FROM token_secrets WHERE account_id = 'acc_1'").pluck().get()
    db.close()
    expect(kept).toHaveLength(45)
    vault.tokens.put('acc_1', tokens())
    expect(vault.tokens.get('acc_1')).toEqual(tokens())
  })

  it('slots that were deleted leave the vault locked, not new', async () => {
    const { vault } = await tamperedWith('DELETE FROM key_slots')
    expect(vault.status()).toMatchObject({ state: 'locked', guards: [] })
    await expect(vault.create(cheapGuard())).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('a slot of another vault does not open this one', async () => {
    const other = await unlocked()
    other.vault.close()
    const { vault } = await tamperedWith(
      `ATTACH '${other.file}' AS other; DELETE FROM key_slots; INSERT INTO key_slots SELECT * FROM other.key_slots`,
    )
    expect(vault.status()).toMatchObject({
      state: 'locked',
      reason: 'The key that was found does not belong to this vault.',
    })
  })
})
