import { spawn } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { expect, it, onTestFinished } from 'vitest'
import { openVault } from '../../../../electron/vault/vault.ts'
import { noLog, seed, settableClock, tokens, unlocked } from '../../../unit/vault/support.ts'
import { accountId, rejection, startBench } from '../../tokens/support.ts'

async function heldBySomebodyElse(file: string, kind: 'IMMEDIATE' | 'EXCLUSIVE') {
  const script = path.join(import.meta.dirname, 'children/hold-vault.ts')
  const child = spawn(process.execPath, [script, file, kind], { stdio: ['ignore', 'pipe', 'inherit'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  await once(child.stdout, 'data')
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'exit')
  }
}

const busy = {
  code: 'internal',
  message: expect.stringContaining('Another program holds the file of the vault.'),
  details: { action: { text: expect.stringContaining('Close what has opened it') } },
}

it('[F8] a vault that another program holds is named so when it is opened, and opens afterwards', async () => {
  const { vault, file } = await unlocked()
  seed(vault)
  vault.close()
  const release = await heldBySomebodyElse(file, 'EXCLUSIVE')
  const before = fs.readFileSync(file)
  expect(() => openVault({ file, clock: settableClock(), logger: noLog })).toThrow(expect.objectContaining(busy))
  expect(fs.readFileSync(file).equals(before)).toBe(true)
  await release()
  const again = openVault({ file, clock: settableClock(), logger: noLog })
  expect(again.status().state).toBe('locked')
  again.close()
})

it('[F8] a write that another program stands in the way of is named, and changes nothing', async () => {
  const { vault, file } = await unlocked()
  seed(vault)
  vault.tokens.put('acc_1', tokens())
  const release = await heldBySomebodyElse(file, 'IMMEDIATE')
  expect(() => vault.tokens.put('acc_1', tokens({ refreshToken: 'refresh-2' }))).toThrow(expect.objectContaining(busy))
  expect(vault.tokens.get('acc_1')?.refreshToken).toBe('refresh-1')
  expect(vault.status().state).toBe('unlocked')
  await release()
  vault.tokens.put('acc_1', tokens({ refreshToken: 'refresh-2' }))
  expect(vault.tokens.get('acc_1')?.refreshToken).toBe('refresh-2')
})

it('[F8] a rotated refresh token that could not be stored is kept, and stored at the next use', async () => {
  const { tokens: service, vault, server, file, signedIn } = await startBench()
  const held = server.hold('answer')
  const refreshing = rejection(service.fresh(accountId, { force: true }))
  await held.arrived
  const other = new Database(file)
  onTestFinished(() => void other.close())
  other.exec('BEGIN IMMEDIATE')
  held.release()
  expect(await refreshing).toMatchObject(busy)
  expect(vault.tokens.get(accountId)?.refreshToken).toBe(signedIn.refreshToken)
  // Should the process end here, the marker tells of it.
  expect(vault.tokens.interruptedRefreshes()).toMatchObject([{ accountId }])
  other.exec('ROLLBACK')
  const asked = server.refreshes()
  expect((await service.fresh(accountId, { force: true })).refreshed).toBe(true)
  expect(server.refreshes()).toBe(asked)
  expect(vault.tokens.get(accountId)?.refreshToken).not.toBe(signedIn.refreshToken)
  expect(vault.tokens.interruptedRefreshes()).toEqual([])
  // The grant lives. The wait for the file has held up this whole process, so the server may have hung up meanwhile.
  const again = () => service.fresh(accountId, { force: true }).then(({ refreshed }) => refreshed)
  await expect.poll(() => again().catch(() => false)).toBe(true)
})
