import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock } from '../platform/ports.ts'
import { dropOldBackups, listBackups, makeBackup } from './backups.ts'
import { type Db, inMemory } from './database.ts'
import type { BackupFile, BackupStore, Vault } from './ports.ts'
import { busy, stageBackup } from './staged-backup.ts'

interface Parts {
  db: Db
  file: string
  clock: Clock
}

function keep({ db, file, clock }: Parts): BackupFile {
  const backup = makeBackup(db, file, clock.now(), 'asked')
  dropOldBackups(file, backup, 'asked')
  return backup
}

function checkFile(file: string): void {
  if (file !== inMemory) return
  throw new LatchkeyError('invalid_request', 'This vault is in memory alone: nothing of it is written to a file.')
}

export function createBackupStore(parts: Parts): BackupStore {
  const { file } = parts
  return {
    list: () => (file === inMemory ? [] : listBackups(file)),
    make() {
      checkFile(file)
      return keep(parts)
    },
  }
}

/**
 * @param parts.alone Runs the work while nobody tries to open the vault. Throws when it is open.
 * @param parts.restored The vault is another one now, made at this time. Nothing that was read before holds.
 */
export function createRestore(
  parts: Parts & { alone<T>(work: () => Promise<T>): Promise<T>; restored(madeAt: number): void },
): Vault['restore'] {
  const { db, file, clock } = parts
  let running = false
  return async (name, entry, lock) => {
    checkFile(file)
    if (running) {
      throw new LatchkeyError('rate_limited', 'A backup is being restored already.', { retry_after: 1 })
    }
    running = true
    try {
      const staged = stageBackup(file, name, clock.now())
      try {
        staged.note(entry)
        await lock()
        return await parts.alone(async () => {
          const keptAs = keep(parts)
          const before = db.pragma('data_version', { simple: true })
          await staged.copyInto(file)
          // It changes when another connection has changed the file, and only then.
          if (db.pragma('data_version', { simple: true }) === before) throw busy()
          // The other connection has written into the log without waiting for the disk; this one waits.
          db.pragma('wal_checkpoint(TRUNCATE)')
          parts.restored(staged.at)
          return { keptAs }
        })
      } finally {
        staged.drop()
      }
    } finally {
      running = false
    }
  }
}
