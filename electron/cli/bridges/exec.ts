import { UsageError } from '../errors.ts'
import type { Session } from '../session.ts'
import { runChild } from './child.ts'
import { tokenFor } from './token.ts'

export interface ExecOptions {
  env: string[]
  as: string
  minValidity?: number
}

const defaultName = 'LATCHKEY_ACCESS_TOKEN'

/**
 * Runs a program with the token in its environment: not in an argument, which every user of the machine can read, and not
 * on any output. Our own environment is left as it is.
 */
export async function exec(
  account: string,
  [command = '', ...args]: string[],
  options: ExecOptions,
  session: Session,
): Promise<void> {
  if (options.as !== 'token' && options.as !== 'bearer') {
    throw new UsageError(`The token can be given as “token” or as “bearer”, not as “${options.as}”.`)
  }
  const names = options.env.length === 0 ? [defaultName] : options.env
  for (const name of names) checkName(name)
  const { access_token: token } = await tokenFor(account, options, session)
  const value = options.as === 'bearer' ? `Bearer ${token}` : token
  // The host may end while the program runs: nothing more is wanted of it.
  await session.close()
  const env = { ...session.io.env, ...Object.fromEntries(names.map((name) => [name, value])) }
  process.exitCode = await runChild(command, args, { env, note: session.note })
}

/** A name that every shell can read (POSIX, Base Definitions 8.1). */
function checkName(name: string): void {
  if (!/^[A-Za-z_][A-Za-z0-9_]*$/.test(name)) {
    throw new UsageError(`“${name}” is no name for a variable: letters, digits and underscores, no digit first.`)
  }
}
