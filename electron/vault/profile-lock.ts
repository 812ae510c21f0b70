import fs from 'node:fs'
import Database from 'better-sqlite3'
import { privateFile } from '../platform/private-files.ts'
import type { Db } from './database.ts'
import { namedAtStart } from './storage-failures.ts'

/** Another process has this profile open. `pid` is null when it has not said which. */
export class ProfileInUse extends Error {
  readonly pid: number | null
  constructor(pid: number | null) {
    super(`Latchkey is already running with this profile${pid === null ? '' : ` (process ${pid})`}.`)
    this.name = 'ProfileInUse'
    this.pid = pid
  }
}

/** A lock whose connection nobody refers to would be collected, and with it the lock. */
const held = new Set<Db>()

function readPid(file: string): number | null {
  try {
    const pid = Number.parseInt(fs.readFileSync(file, 'utf8'), 10)
    return Number.isSafeInteger(pid) && pid > 0 ? pid : null
  } catch {
    return null
  }
}

function openLock(file: string): Db {
  try {
    privateFile(file)
    return new Database(file, { timeout: 0 })
  } catch (error) {
    throw namedAtStart(error)
  }
}

/**
 * Takes the lock of a profile, for one process at a time. It is an exclusive transaction on an empty SQLite file: the
 * operating system takes it back when the process ends, however it ends, so that no stale lock can be left behind. The
 * process id stands in `<file>.pid`. Throws `ProfileInUse`.
 */
export function lockProfile(file: string): { release(): void } {
  const pidFile = `${file}.pid`
  const db = openLock(file)
  try {
    db.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    db.close()
    if (error instanceof Database.SqliteError && error.code.startsWith('SQLITE_BUSY')) {
      throw new ProfileInUse(readPid(pidFile))
    }
    throw namedAtStart(error)
  }
  held.add(db)
  try {
    privateFile(pidFile)
    fs.writeFileSync(pidFile, `${process.pid}\n`)
  } catch (error) {
    held.delete(db)
    db.close()
    throw namedAtStart(error)
  }
  return {
    release() {
      if (!held.delete(db)) return
      fs.rmSync(pidFile, { force: true })
      db.close()
    },
  }
}
