import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import type { Clock, Logger } from '../../../electron/platform/ports.ts'
import type { KeyGuard } from '../../../electron/vault/ports.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import { cheapGuard, noLog, settableClock } from './fixtures.ts'

export * from './fixtures.ts'

/** A fresh private folder that goes with the test. */
export function freshFolder(): string {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-vault-'))
  onTestFinished(() => fs.rmSync(folder, { recursive: true, force: true }))
  return folder
}

/** A vault in a fresh folder, or in `file`; closed with the test. */
export function locked(options: { file?: string; clock?: Clock; logger?: Logger } = {}) {
  const file = options.file ?? path.join(freshFolder(), 'vault.db')
  const clock = options.clock ?? settableClock()
  const vault = openVault({ file, clock, logger: options.logger ?? noLog })
  onTestFinished(() => vault.close())
  return { vault, file, clock }
}

export async function unlocked(options: Parameters<typeof locked>[0] & { guard?: KeyGuard } = {}) {
  const opened = locked(options)
  await opened.vault.create(options.guard ?? cheapGuard())
  return opened
}
