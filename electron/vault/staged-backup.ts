import fs from 'node:fs'
import path from 'node:path'
import { LatchkeyError } from '../../shared/errors.ts'
import { privateFile } from '../platform/private-files.ts'
import { backupFolder, listBackups } from './backups.ts'
import { type Db, openDatabase } from './database.ts'
import { migrate } from './migrate.ts'
import { migrations } from './migrations/index.ts'
import type { ActivityRow } from './ports-apps.ts'
import { activityStore } from './stores/activity.ts'

/** A copy of a backup, checked and brought up to date, in a file of its own beside the vault. The backup stays as it is. */
export interface StagedBackup {
  readonly at: number
  /** Writes an entry into its activity. */
  note(entry: ActivityRow): void
  /**
   * Puts it in the place of all that stands in the vault's file, in one transaction of SQLite's: whatever happens, the
   * vault is as before or as the backup. Connections to it see the change as any other; nobody may write meanwhile.
   */
  copyInto(file: string): Promise<void>
  drop(): void
}

/** Milliseconds that another program may write to the vault's file, which none should. */
const patience = 5000
const allPages = 0x7fffffff

/** SQLite's online backup tells nobody that it could not begin: whoever has copied has to look. */
export const busy = () =>
  new LatchkeyError('internal', 'Another program is writing to the file of the vault. Nothing was changed.', {
    action: { text: 'Close what has opened it, and try again.' },
  })

/** Throws `not_found`, or `invalid_request` for one that is damaged, empty or of a newer schema; nothing has changed then. */
export function stageBackup(file: string, name: string, now: number): StagedBackup {
  const backup = listBackups(file).find((it) => it.name === name)
  if (backup === undefined) {
    throw new LatchkeyError('not_found', 'There is no such backup.', {
      field: 'name',
      action: { text: 'List the backups to see what they are called.', command: 'latchkey backups' },
    })
  }
  const staged = `${file}.restore`
  const drop = () => {
    for (const end of ['', '-wal', '-shm', '-journal']) fs.rmSync(`${staged}${end}`, { force: true })
  }
  drop()
  let db: Db | null = null
  try {
    privateFile(staged)
    fs.copyFileSync(path.join(backupFolder(file), name), staged)
    db = openChecked(staged, now)
  } catch (error) {
    db?.close()
    drop()
    throw error
  }
  const opened = db
  return {
    at: backup.at,
    note: (entry) => void activityStore(opened).addAll([entry]),
    async copyInto(target) {
      const deadline = performance.now() + patience
      const progress = () => {
        if (performance.now() > deadline) throw busy()
        return allPages
      }
      await opened.backup(target, { progress })
    },
    drop() {
      opened.close()
      drop()
    },
  }
}

function openChecked(staged: string, now: number): Db {
  const refuse = (message: string, cause?: unknown) =>
    new LatchkeyError(
      'invalid_request',
      `${message} It was left as it is, and nothing was changed.`,
      { field: 'name' },
      cause,
    )
  const damaged = (cause?: unknown) => refuse('This backup is damaged, or it is no vault at all.', cause)
  let db: Db
  try {
    db = openDatabase(staged)
  } catch (error) {
    throw damaged(error)
  }
  try {
    const schema = db.pragma('user_version', { simple: true }) as number
    const latest = migrations.at(-1)?.version ?? 0
    if (schema > latest) {
      throw refuse(
        `This backup was made by a newer Latchkey: it has schema ${schema}, this version knows schemas up to ${latest}.`,
      )
    }
    if (schema === 0 || db.pragma('integrity_check', { simple: true }) !== 'ok') throw damaged()
    // It has a copy of its own: the backup that it was made from.
    migrate(db, null, migrations, now)
    const slots = db.prepare<[], number>('SELECT count(*) FROM key_slots').pluck().get() ?? 0
    if (slots === 0) throw refuse('This backup has no key: it was made before the vault was set up.')
    return db
  } catch (error) {
    db.close()
    throw error instanceof LatchkeyError ? error : damaged(error)
  }
}
