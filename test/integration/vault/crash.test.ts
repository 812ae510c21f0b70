import path from 'node:path'
import { expect, it } from 'vitest'
import { cheapGuard, freshFolder, locked } from '../../unit/vault/support.ts'
import { ended, startChild } from './child.ts'

it('a refresh that was under way when the process died is known after the restart', async () => {
  const file = path.join(freshFolder(), 'vault.db')
  expect(await ended(startChild('refresh-and-die.ts', file))).toBe('SIGKILL')
  const { vault } = locked({ file })
  await vault.unlock(cheapGuard())
  expect(vault.tokens.interruptedRefreshes()).toEqual([{ accountId: 'acc_1', startedAt: 12_345 }])
  expect(vault.tokens.get('acc_1')?.refreshToken).toBe('refresh-1')
})

it('a committed rotation survives the death of the process, and leaves no marker', async () => {
  const file = path.join(freshFolder(), 'vault.db')
  expect(await ended(startChild('refresh-and-die.ts', file, 'commit'))).toBe('SIGKILL')
  const { vault } = locked({ file })
  await vault.unlock(cheapGuard())
  expect(vault.tokens.interruptedRefreshes()).toEqual([])
  expect(vault.tokens.get('acc_1')?.refreshToken).toBe('refresh-2')
})
