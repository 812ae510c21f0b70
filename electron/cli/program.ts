import type { Io } from './io.ts'
import { runQuickly } from './quick.ts'

/**
 * Runs the command line and gives its exit code. `args` without the program's own name.
 *
 * Two ways lead to the same: a short one for what programs call again and again, and the whole command line.
 */
export async function runCli(args: string[], io: Io): Promise<number> {
  const code = await runQuickly(args, io)
  if (code !== null) return code
  const { runWhole } = await import('./whole.ts')
  return runWhole(args, io)
}
