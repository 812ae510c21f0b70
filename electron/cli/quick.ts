import { util } from './builtins.ts'
import type { Io } from './io.ts'
import { report } from './report.ts'
import { createSession } from './session.ts'
import { printToken } from './token.ts'

/** Of `latchkey token` as commands/token.ts defines it; a test compares them. */
export const quickOptions = {
  json: { type: 'boolean' },
  home: { type: 'string' },
  profile: { type: 'string' },
  'key-file': { type: 'string' },
  'min-validity': { type: 'string' },
} as const

/**
 * `latchkey token ACCOUNT`, which programs run before each of their requests, without loading the definitions and the
 * parser that make the help: that takes as long as all the rest. Whatever is not plain (another command, help, an
 * unknown option, a value that is none) is left to the whole command line, which says what is wrong.
 *
 * @returns The exit code; null: not done, nothing said.
 */
export async function runQuickly(args: string[], io: Io): Promise<number | null> {
  const parsed = parse(args)
  if (parsed === null) return null
  const { account, options, minValidity } = parsed
  const session = createSession(io, () => options)
  try {
    await printToken(account, minValidity === undefined ? {} : { min_validity: minValidity }, session)
    return 0
  } catch (error) {
    return report(error, options.json === true, io)
  } finally {
    await session.close()
  }
}

function parse(args: string[]) {
  if (!args.includes('token') || args.includes('--')) return null
  try {
    const { values, positionals } = util.parseArgs({ args, options: quickOptions, allowPositionals: true })
    const [command, account, ...more] = positionals
    if (command !== 'token' || account === undefined || more.length > 0) return null
    const minValidity = values['min-validity']
    if (minValidity !== undefined && !/^[1-9]\d{0,8}$/.test(minValidity)) return null
    const { json, home, profile, 'key-file': keyFile } = values
    const options = {
      ...(json ? { json } : {}),
      ...(home ? { home } : {}),
      ...(profile ? { profile } : {}),
      ...(keyFile ? { keyFile } : {}),
    }
    return { account, options, minValidity: minValidity === undefined ? undefined : Number(minValidity) }
  } catch {
    // An option that is not among them, or one without its value.
    return null
  }
}
