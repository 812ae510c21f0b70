import { describe, Interrupted } from './errors.ts'
import type { Io } from './io.ts'
import { line, painter } from './text.ts'

/**
 * Asked of the arguments themselves: a command line that cannot be parsed has no options yet. What stands behind -- is
 * another program's.
 */
export const saysJson = (args: string[]): boolean =>
  args.slice(0, args.includes('--') ? args.indexOf('--') : args.length).includes('--json')

/** Says on standard error what went wrong, and gives the exit code. */
export function report(error: unknown, json: boolean, io: Io): number {
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
