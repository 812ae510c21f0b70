import Database from 'better-sqlite3'
import { LatchkeyError } from '../../shared/errors.ts'

interface Told {
  message: string
  remedy: string
  command?: string
}

const full: Told = {
  message: 'The disk of the vault is full. Nothing was written, and what was stored before is as it was.',
  remedy: 'Make some room on the disk, and try again.',
}
const readOnly: Told = {
  message: 'The file of the vault cannot be written: the file, its folder or its disk is read-only, or not yours.',
  remedy: 'Make it writable for you, and try again. Nothing was changed.',
}
const busy: Told = {
  message: 'Another program holds the file of the vault.',
  remedy:
    'Close what has opened it, such as a database viewer or a backup program, and try again. Nothing was changed.',
}
const moved: Told = {
  message: 'The file of the vault was moved or deleted while it was open.',
  remedy: 'Put it back where it was, and start Latchkey again.',
}
const failing: Told = {
  message: 'The disk of the vault could not be read or written.',
  remedy: 'Check the disk, and try again. Nothing was deleted.',
}
const damaged: Told = {
  message: 'The file of the vault is damaged. It was left as it is.',
  remedy: 'Put a copy from the backups folder in its place.',
  command: 'latchkey doctor',
}

/** By the beginning of SQLite's result code (sqlite.org/rescode.html); the longer one first. */
const ofSqlite: [string, Told][] = [
  ['SQLITE_READONLY_DBMOVED', moved],
  ['SQLITE_IOERR_CORRUPTFS', damaged],
  ['SQLITE_FULL', full],
  ['SQLITE_READONLY', readOnly],
  ['SQLITE_CANTOPEN', readOnly],
  ['SQLITE_PERM', readOnly],
  ['SQLITE_BUSY', busy],
  ['SQLITE_LOCKED', busy],
  ['SQLITE_IOERR', failing],
  ['SQLITE_CORRUPT', damaged],
  ['SQLITE_NOTADB', damaged],
]

const ofSystem: Record<string, Told> = {
  ENOSPC: full,
  EDQUOT: full,
  EROFS: readOnly,
  EACCES: readOnly,
  EPERM: readOnly,
  EIO: failing,
}

function tell(error: unknown): Told | null {
  if (error instanceof Database.SqliteError) return ofSqlite.find(([code]) => error.code.startsWith(code))?.[1] ?? null
  // Lists and objects stand in the file as JSON: what is no JSON any more was changed outside Latchkey.
  if (error instanceof SyntaxError) return damaged
  const code = error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
  return ofSystem[code] ?? null
}

/** The way out of what the disk or SQLite refused. null: it is something else. */
export function storageTrouble(error: unknown): { reason: string; remedy: string } | null {
  const told = tell(error)
  return told === null ? null : { reason: told.message, remedy: told.remedy }
}

/** What the disk or SQLite refused, as `LatchkeyError('internal')` with the way out; anything else as it is. */
export function namedFailure(error: unknown): unknown {
  const told = tell(error)
  if (told === null) return error
  const { message, remedy, command } = told
  return new LatchkeyError(
    'internal',
    message,
    { action: { text: remedy, ...(command === undefined ? {} : { command }) } },
    error,
  )
}

/** The same while Latchkey starts: nothing but the message is shown then, so that it says the way out itself. */
export function namedAtStart(error: unknown): unknown {
  const named = namedFailure(error)
  if (named === error || !(named instanceof LatchkeyError)) return error
  return new LatchkeyError(named.code, `${named.message} ${named.details.action?.text}`, named.details, error)
}

/** Runs it, and names what the disk refuses, at once or later. */
export function naming<T>(work: () => T): T {
  try {
    const done = work()
    if (!(done instanceof Promise)) return done
    return done.catch((error: unknown) => {
      throw namedFailure(error)
    }) as T
  } catch (error) {
    throw namedFailure(error)
  }
}
