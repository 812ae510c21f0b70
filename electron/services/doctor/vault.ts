import { statfs } from 'node:fs/promises'
import path from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { LatchkeyError } from '../../../shared/errors.ts'
import { checkIntegrity, newestSchema } from '../../vault/integrity.ts'
import type { Vault } from '../../vault/ports.ts'
import { type Check, notApplicable, ok, problem, warning } from './check.ts'

/** Bytes below which writing may soon fail. */
const littleSpace = 100_000_000
/** Accounts whose secrets are opened before everybody else gets a turn. */
const atOnce = 100

const fromBackup = 'Restore a backup in the settings (latchkey backups), or export what still opens.'

/** Whether the vault's file is whole, and what is sealed in it opens. */
export function vaultCheck(parts: { vault: Vault; file: string; memoryOnly: boolean }): Check {
  const { vault, file } = parts
  return {
    id: 'vault',
    title: 'Vault',
    async run(signal) {
      if (parts.memoryOnly) return notApplicable('The vault is in memory only: there is no file to look at.')
      let found: ReturnType<typeof checkIntegrity>
      try {
        found = checkIntegrity(file)
      } catch {
        return problem('The vault’s file cannot be opened a second time.', 'Look whether it is where it was.', {
          File: file,
        })
      }
      const space = await freeSpace(path.dirname(file))
      const facts = {
        File: file,
        Size: megabytes(found.bytes),
        Schema: String(found.schema),
        ...(space === null ? {} : { 'Free space': megabytes(space) }),
      }
      if (found.damage.length > 0) {
        return problem('The vault’s file is damaged.', fromBackup, {
          ...facts,
          Damage: found.damage.slice(0, 5).join('; '),
        })
      }
      if (found.schema !== newestSchema) {
        return problem(`The vault has schema ${found.schema}, not ${newestSchema}.`, 'Start Latchkey again.', facts)
      }
      const sealed = await unopened(vault, signal)
      if (sealed !== null && sealed.length > 0) {
        const names = sealed.slice(0, 5).join(', ')
        return problem(`Some of what is sealed in the vault does not open: ${names}.`, fromBackup, facts)
      }
      if (space !== null && space < littleSpace) {
        return warning('There is little space left on the disk of the vault.', 'Make some room.', facts)
      }
      const opened =
        sealed === null ? 'What is sealed in it can be tried when it is unlocked.' : 'All that is sealed in it opens.'
      return ok(`The vault’s file is whole. ${opened}`, facts)
    },
  }
}

/** What has secrets that do not open, by name. null: the vault is locked. */
async function unopened(vault: Vault, signal: AbortSignal): Promise<string[] | null> {
  const bad: string[] = []
  const attempt = (name: string, read: () => unknown) => {
    try {
      read()
    } catch (error) {
      if (error instanceof LatchkeyError && error.code === 'locked') throw error
      bad.push(name)
    }
  }
  try {
    for (const { id, name } of vault.registrations.list()) {
      attempt(name, () => [vault.registrations.clientSecret(id), vault.registrations.credentials(id)])
    }
    for (const [index, { id, alias }] of vault.accounts.list().entries()) {
      attempt(alias, () => [vault.tokens.get(id), vault.accounts.credentials(id)])
      if (index % atOnce === atOnce - 1) await nextTurn()
      if (signal.aborted) return bad
    }
    return bad
  } catch (error) {
    if (error instanceof LatchkeyError && error.code === 'locked') return null
    throw error
  }
}

async function freeSpace(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder)
    return bavail * bsize
  } catch {
    return null
  }
}

const megabytes = (bytes: number) => `${(bytes / 1_000_000).toFixed(1)} MB`
