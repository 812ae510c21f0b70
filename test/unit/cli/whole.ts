import { PassThrough } from 'node:stream'
import { Command } from 'commander'
import type { commandParts } from '../../../electron/cli/commands/index.ts'
import { type CommandDoc, docOf } from '../../../electron/cli/manual/model.ts'
import { createSession } from '../../../electron/cli/session.ts'
import { runWhole } from '../../../electron/cli/whole.ts'

const stream = () => new PassThrough()
function silentIo() {
  const stdout = stream()
  return {
    stdin: stream() as unknown as NodeJS.ReadStream,
    stdout: stdout as unknown as NodeJS.WriteStream,
    stderr: stream() as unknown as NodeJS.WriteStream,
    env: { LATCHKEY_HOME: '/nonexistent' },
    signal: new AbortController().signal,
    hostEntry: '',
  }
}

/** The definitions of all commands, as `latchkey help --json` gives them. */
export async function definitions(): Promise<CommandDoc> {
  const io = silentIo()
  await runWhole(['help', '--json'], io)
  return JSON.parse(String((io.stdout as unknown as PassThrough).read()))
}

/** The names that one part of the index defines, hidden ones as well, and their documentation. */
export async function definedBy(part: (typeof commandParts)[number]) {
  const program = new Command('latchkey')
  const add = await part.load()
  add(
    program,
    createSession(silentIo(), () => ({})),
    async () => program,
  )
  return { names: program.commands.map((it) => it.name()), doc: docOf(program) }
}
