import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished, vi } from 'vitest'
import { account, cheapGuard, locked, registration, tokens, unlocked } from '../../unit/vault/support.ts'

const count = 10_000

it('the facts of 10,000 accounts take one query and open nothing', async () => {
  const { vault, file } = await unlocked()
  vault.transaction(() => {
    vault.registrations.save(registration(), null)
    for (let n = 0; n < count; n++) {
      vault.accounts.save(account({ id: `acc_${n}`, alias: `account ${n}` }))
      vault.tokens.put(`acc_${n}`, tokens({ refreshToken: n % 2 === 0 ? 'r' : null }))
    }
  })
  vault.close()
  // Whatever would be opened fails from here on.
  const db = new Database(file)
  db.exec("UPDATE token_secrets SET access_token = x'00', refresh_token = NULL, id_token = NULL")
  const statements = Object.getPrototypeOf(db.prepare('SELECT 1')) as Database.Statement
  db.close()

  const again = locked({ file: path.resolve(file) }).vault
  await again.unlock(cheapGuard())
  const spies = (['all', 'get', 'iterate', 'run'] as const).map((name) => vi.spyOn(statements, name))
  onTestFinished(() => void vi.restoreAllMocks())
  const facts = again.tokens.allFacts()
  expect(spies.map((it) => it.mock.calls.length)).toEqual([1, 0, 0, 0])
  expect(facts.size).toBe(count)
  expect(facts.get('acc_2')).toMatchObject({ hasRefreshToken: true, generation: 1 })
  expect(facts.get('acc_3')).toMatchObject({ hasRefreshToken: false, hasIdToken: true })
  expect(again.tokens.facts('acc_4')?.hasRefreshToken).toBe(true)
  expect(() => again.tokens.get('acc_4')).toThrow('cannot be opened')
  expect(again.accounts.list()).toHaveLength(count)
})

it('uses of an account within a minute do not reach the database', async () => {
  const { vault, file } = await unlocked()
  vault.registrations.save(registration(), null)
  vault.accounts.save(account())
  vault.accounts.touchUsed('acc_1', 1_000_000)
  const db = new Database(file, { readonly: true })
  const version = () => db.pragma('data_version', { simple: true })
  const before = version()
  for (let n = 0; n < 1000; n++) vault.accounts.touchUsed('acc_1', 1_000_000 + n)
  expect(version()).toBe(before)
  vault.accounts.touchUsed('acc_1', 1_060_000)
  expect(version()).not.toBe(before)
  db.close()
})
