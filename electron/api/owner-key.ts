import fs from 'node:fs'
import path from 'node:path'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Logger } from '../platform/ports.ts'
import { privateFolder } from '../platform/private-files.ts'
import { isSecret, newSecret } from '../platform/secrets.ts'
import { writePrivately } from './write-privately.ts'

/**
 * The owner key: 256 random bits in a 0600 file of the profile. Made when it is not there, kept over restarts. A key that
 * others could read is replaced, since closing the file again does not make them forget it.
 *
 * Throws `internal` for a link, a folder or another user's file in its place, which are left alone.
 */
export function readOwnerKey(file: string, logger: Logger): string {
  privateFolder(path.dirname(file))
  const kept = readKept(file, logger)
  if (kept !== null) return kept
  const key = newSecret()
  writePrivately(file, `${key}\n`)
  return key
}

function readKept(file: string, logger: Logger): string | null {
  const stats = fs.lstatSync(file, { throwIfNoEntry: false })
  if (stats === undefined) return null
  if (!stats.isFile()) throw strange(file, 'is not a file')
  if (process.getuid !== undefined && stats.uid !== process.getuid()) throw strange(file, 'belongs to another user')
  // Windows has no such bits; there the profile's folder is the user's own.
  if (process.platform !== 'win32' && (stats.mode & 0o077) !== 0) {
    logger.warn('Other users could read the owner key: it has been replaced by a new one.')
    return null
  }
  const key = fs.readFileSync(file, 'utf8').trim()
  if (isSecret(key)) return key
  logger.warn('The owner key file held no key: a new one has been made.')
  return null
}

function strange(file: string, what: string): LatchkeyError {
  return new LatchkeyError('internal', `${file} ${what}. Move it away and start Latchkey again.`)
}
