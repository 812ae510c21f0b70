import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { checkIntegrity } from '../../../../electron/vault/integrity.ts'
import { openVault } from '../../../../electron/vault/vault.ts'
import {
  cheapGuard,
  freshFolder,
  locked,
  noLog,
  seed,
  settableClock,
  tokens,
  unlocked,
} from '../../../unit/vault/support.ts'

/** The files of a vault as they stand in the middle of its life: much of it is in the write-ahead log alone. */
async function inMidLife() {
  const { vault, file } = await unlocked()
  seed(vault)
  for (let n = 1; n <= 20; n++) vault.tokens.put('acc_1', tokens({ refreshToken: `refresh-${n}` }))
  const copy = () => {
    const at = path.join(freshFolder(), 'vault.db')
    fs.copyFileSync(file, at)
    fs.copyFileSync(`${file}-wal`, `${at}-wal`)
    return at
  }
  return { copy, length: fs.statSync(`${file}-wal`).size }
}

/** Opens it and reads everything. */
async function lastStored(file: string) {
  const { vault } = locked({ file })
  await vault.unlock(cheapGuard())
  expect(checkIntegrity(file).damage).toEqual([])
  if (vault.status().state !== 'unlocked') return vault.status()
  const stored = vault.accounts.get('acc_1') === null ? null : vault.tokens.get('acc_1')
  const secret = vault.registrations.get('reg_1') === null ? null : vault.registrations.clientSecret('reg_1')
  return { refreshToken: stored?.refreshToken ?? null, secret }
}

describe('[F8] a write-ahead log that was cut off or torn', () => {
  it('leaves the last state that was whole', async () => {
    const { copy, length } = await inMidLife()
    expect(await lastStored(copy())).toEqual({ refreshToken: 'refresh-20', secret: 'client-secret-1' })
    let least = 20
    for (const part of [1, 0.999, 0.99, 0.95, 0.9, 0.8]) {
      const file = copy()
      fs.truncateSync(`${file}-wal`, Math.floor(length * part) - 1)
      const found = await lastStored(file)
      expect(found).toMatchObject({ refreshToken: expect.stringMatching(/^refresh-\d+$/), secret: 'client-secret-1' })
      const number = Number('refreshToken' in found && found.refreshToken?.slice(8))
      expect(number).toBeLessThanOrEqual(least)
      least = number
    }
    expect(least).toBeLessThan(20)
  })

  it('is used up to the place where it was torn, and never beyond', async () => {
    const { copy, length } = await inMidLife()
    const file = copy()
    const log = fs.openSync(`${file}-wal`, 'r+')
    // A page that never arrived, with whole ones after it.
    fs.writeSync(log, Buffer.alloc(4096), 0, 4096, Math.floor(length * 0.9))
    fs.closeSync(log)
    const found = await lastStored(file)
    expect(found).toMatchObject({ refreshToken: expect.stringMatching(/^refresh-(1\d|[1-9])$/) })
  })
})

describe('[F8] a file that was cut off', () => {
  it('is named damaged wherever it was cut, and left as it is', async () => {
    const { vault, file } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens())
    vault.close()
    const whole = fs.readFileSync(file)
    for (const length of [
      1,
      99,
      100,
      512,
      4095,
      4096,
      4097,
      8192,
      whole.length / 2,
      whole.length - 4096,
      whole.length - 1,
    ]) {
      const at = path.join(freshFolder(), 'vault.db')
      const cut = whole.subarray(0, length)
      fs.writeFileSync(at, cut)
      const opening = () => openVault({ file: at, clock: settableClock(), logger: noLog })
      expect(opening, `${length} bytes`).toThrow(
        expect.objectContaining({
          code: 'internal',
          message: expect.stringMatching(/damaged.*left as it is.*backups folder/),
        }),
      )
      // Twice: the first try must not have made it worse.
      expect(opening).toThrow('damaged')
      expect(fs.readFileSync(at).equals(cut), `${length} bytes`).toBe(true)
    }
  })

  it('is not taken for a new vault when nothing is left of it, as long as there are backups', async () => {
    const { vault, file } = await unlocked()
    vault.backups.make()
    vault.close()
    fs.truncateSync(file)
    expect(() => openVault({ file, clock: settableClock(), logger: noLog })).toThrow('damaged')
    expect(fs.statSync(file).size).toBe(0)
  })
})
