import fs from 'node:fs'
import { askSecret } from '../platform/terminal.ts'
import { canAsk, readAll } from './ask.ts'
import { Interrupted, UsageError } from './errors.ts'
import type { Session } from './session.ts'

/**
 * A passphrase or password: asked for at the terminal without showing it, or the first line of a file (`-`: standard
 * input). Never an argument, which every user of the machine can read.
 *
 * @param secret.option The option that names the file, `--passphrase-file`.
 */
export async function readSecret(
  secret: { name: string; option: string; file: string | undefined },
  { io }: Session,
): Promise<string> {
  const { name, option, file } = secret
  if (file === undefined) {
    if (!canAsk(io)) throw new UsageError(`There is no terminal to ask at. Pass ${option} FILE.`)
    const typed = await askSecret(`${name.charAt(0).toUpperCase()}${name.slice(1)}: `)
    if (typed === '') throw new Interrupted()
    return typed
  }
  const text = file === '-' ? (await readAll(io)).toString('utf8') : readFile(file, option)
  const first = text.split(/\r?\n/, 1)[0]
  if (!first) throw new UsageError(`There is no ${name} on the first line of what ${option} names.`)
  return first
}

function readFile(file: string, option: string): string {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    throw new UsageError(`${option}: ${(error as Error).message}`)
  }
}
