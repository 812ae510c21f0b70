import { Command, CommanderError } from 'commander'
import packageJson from '../../package.json' with { type: 'json' }
import { type CommandPart, commandParts } from './commands/index.ts'
import type { Io } from './io.ts'
import { report, saysJson } from './report.ts'
import { createSession, type GlobalOptions, type Session } from './session.ts'

/** The command line as it is defined, with its parser and its help. */
export async function runWhole(args: string[], io: Io): Promise<number> {
  const program = new Command('latchkey')
  const session = createSession(io, () => program.opts<GlobalOptions>())
  const json = saysJson(args)
  try {
    describeProgram(program)
    program.exitOverride().configureOutput({
      writeOut: (text) => io.stdout.write(text),
      writeErr: (text) => json || io.stderr.write(text),
      outputError: (text, write) => write(text.replace(/^error: /, 'latchkey: ')),
    })
    await addCommands(program, session, partsFor(program, args))
    await program.parseAsync(args, { from: 'user' })
    return 0
  } catch (error) {
    if (error instanceof CommanderError) return usage(error, json, io)
    return report(error, json, io)
  } finally {
    await session.close()
  }
}

/** What is true of every command. */
function describeProgram(program: Command): Command {
  return program
    .description('Personal connected accounts: connect once, let every program use them without ever holding a token.')
    .version(packageJson.version, '-V, --version', 'print the version')
    .option('--json', 'one JSON document on standard output; errors as JSON on standard error')
    .option('--home <folder>', 'the profile to use (default: LATCHKEY_HOME, else the one of this user)')
    .option('--profile <profile>', 'the same by name, among those of this user (default: LATCHKEY_PROFILE)')
    .option('--key-file <file>', "use the key of an app instead of the owner's (default: LATCHKEY_KEY_FILE)")
    .helpOption('-h, --help', 'show how a command is used')
    .helpCommand(false)
    .showHelpAfterError('(latchkey COMMAND --help shows how it is used)')
    .addHelpText(
      'after',
      `
The first three things:
  latchkey serve                              start Latchkey here (or open the app)
  latchkey connect practice                   connect an account; this one needs nothing but this computer
  latchkey request practice:ada GET /api/me   use it, without ever seeing a token

latchkey help COMMAND explains a command, latchkey help TOPIC one of: pairing, permissions, exit-codes, environment.

Exit codes: 0 fine, 1 unexpected, 2 usage, 3 sign-in needed, 4 not allowed, 5 locked, 6 not running,
7 provider trouble, 130 interrupted.`,
    )
}

/**
 * The parts that this command line needs: the one with its command, so that nothing else is loaded; all of them where
 * there is none or none of that name.
 */
function partsFor(program: Command, args: string[]): CommandPart[] {
  const name = program.parseOptions(args).operands[0]
  const part = commandParts.find((it) => name !== undefined && it.names.includes(name))
  return part ? [part] : commandParts
}

async function addCommands(program: Command, session: Session, parts: CommandPart[]): Promise<void> {
  for (const add of await Promise.all(parts.map((it) => it.load()))) add(program, session, () => wholeProgram(session))
}

/** The whole program with every command, for what is made from the definitions: help, completion, manual. */
async function wholeProgram(session: Session): Promise<Command> {
  const program = describeProgram(new Command('latchkey'))
  await addCommands(program, session, commandParts)
  return program
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
