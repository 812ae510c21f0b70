import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { addAccounts } from './commands/accounts.ts'
import { addActivity } from './commands/activity.ts'
import { addConnect } from './commands/connect.ts'
import { addDemo } from './commands/demo.ts'
import { addLifecycle } from './commands/lifecycle.ts'
import { addProviders } from './commands/providers.ts'
import { addServe } from './commands/serve.ts'
import { addStatus } from './commands/status.ts'
import { addUse } from './commands/use.ts'
import { addVault } from './commands/vault.ts'
import { describe, Interrupted } from './errors.ts'
import type { Io } from './io.ts'
import { createSession, type GlobalOptions } from './session.ts'
import { line, painter } from './text.ts'

/** Runs the command line and gives its exit code. `args` without the program's own name. */
export async function runCli(args: string[], io: Io): Promise<number> {
  const program = new Command('latchkey')
  const session = createSession(io, () => program.opts<GlobalOptions>())
  // Asked of the arguments themselves: a command line that cannot be parsed has no options yet.
  const json = args.includes('--json')
  program
    .description('Personal connected accounts: connect once, let every program use them without ever holding a token.')
    .version(packageJson.version)
    .option('--json', 'one JSON document on standard output; errors as JSON on standard error')
    .option('--home <folder>', 'the profile to use (default: LATCHKEY_HOME, else the one of this user)')
    .addHelpText(
      'after',
      `
Exit codes: 0 fine, 1 unexpected, 2 usage, 3 sign-in needed, 4 not allowed, 5 locked, 6 not running,
7 provider trouble, 130 interrupted.`,
    )
    .commandsGroup('Latchkey itself:')
    .helpCommand('help [command]', 'show how a command is used')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => json || io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'latchkey: ')),
    })
    .showHelpAfterError('(latchkey COMMAND --help shows how it is used)')
  for (const add of [
    addConnect,
    addAccounts,
    addLifecycle,
    addActivity,
    addUse,
    addProviders,
    addStatus,
    addVault,
    addServe,
    addDemo,
  ]) {
    add(program, session)
  }

  try {
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, json, io)
    return report(error, json, io)
  } finally {
    await session.close()
  }
}

/** Commander has said what is wrong already, unless it is to be said as JSON. */
function usage(error: CommanderError, json: boolean, io: Io): number {
  if (error.exitCode === 0) return 0
  if (json) {
    const message = error.code === 'commander.help' ? 'Name a command.' : error.message.replace(/^error: /, '')
    io.stderr.write(`${JSON.stringify({ error: { code: 'invalid_request', message } })}\n`)
  }
  return 2
}

function report(error: unknown, json: boolean, io: Io): number {
  const { document, exit } = describe(error)
  if (json) {
    io.stderr.write(`${JSON.stringify({ error: document })}\n`)
    return exit
  }
  if (error instanceof Interrupted) return exit
  const paint = painter(io.stderr, io.env)
  io.stderr.write(`${paint('red', 'latchkey:')} ${line(document.message)}\n`)
  for (const candidate of document.candidates ?? []) io.stderr.write(`  ${line(candidate)}\n`)
  const { action } = document
  if (action && document.code !== 'not_running') {
    io.stderr.write(`${line(action.text)}${action.command ? ` ${line(action.command)}` : ''}\n`)
  }
  return exit
}
