import fs from 'node:fs'
import path from 'node:path'

/** Refuses what belongs to another user of the machine: it could be read or replaced under us. */
function refuseForeign(entry: string, stats: fs.Stats): void {
  const uid = process.getuid?.()
  if (uid !== undefined && stats.uid !== uid) {
    throw new Error(`${entry} belongs to another user. Move it away, or choose another folder with LATCHKEY_HOME.`)
  }
}

/**
 * Makes sure that a folder exists and that only its owner can enter it (0700), whatever the umask. Throws when it belongs
 * to somebody else or is shared by design, as /tmp is (sticky bit).
 */
export function privateFolder(folder: string): void {
  fs.mkdirSync(folder, { recursive: true, mode: 0o700 })
  // A link that somebody else put in our place is as bad as a folder of theirs.
  refuseForeign(folder, fs.lstatSync(folder))
  const stats = fs.statSync(folder)
  refuseForeign(folder, stats)
  if ((stats.mode & 0o1000) !== 0) {
    throw new Error(`${folder} is shared by all users. Choose a folder of its own with LATCHKEY_HOME.`)
  }
  if ((stats.mode & 0o777) !== 0o700) fs.chmodSync(folder, 0o700)
}

/**
 * Makes sure that a file exists (empty when it is new) inside a private folder, and that only its owner can read it
 * (0600), whatever the umask. An existing file is never opened here: closing it again would drop the POSIX locks that
 * SQLite holds on it in this process (sqlite.org/howtocorrupt.html, 2.2).
 */
export function privateFile(file: string): void {
  privateFolder(path.dirname(file))
  try {
    const descriptor = fs.openSync(file, 'wx', 0o600)
    try {
      fs.fchmodSync(descriptor, 0o600)
    } finally {
      fs.closeSync(descriptor)
    }
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    fs.chmodSync(file, 0o600)
  }
}
