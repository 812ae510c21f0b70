import { randomBytes } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'

/**
 * Writes a small file that only its owner can read (0600), all at once: whoever reads it meanwhile finds the old text or
 * the new one, never half of it.
 */
export function writePrivately(file: string, text: string): void {
  const temporary = path.join(path.dirname(file), `.${path.basename(file)}.${randomBytes(6).toString('hex')}`)
  try {
    const descriptor = fs.openSync(temporary, 'wx', 0o600)
    try {
      fs.writeSync(descriptor, text)
      fs.fsyncSync(descriptor)
    } finally {
      fs.closeSync(descriptor)
    }
    fs.renameSync(temporary, file)
  } catch (error) {
    fs.rmSync(temporary, { force: true })
    throw error
  }
}
