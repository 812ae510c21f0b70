import { spawn } from 'node:child_process'
import os from 'node:os'

/** The signals that are meant for the program, whoever sends them. */
const passedOn = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR2'] as const
type Passed = (typeof passedOn)[number]
/** A terminal sends these to everything in the foreground, so that the program has them already. */
const fromTerminal: readonly Passed[] = ['SIGINT', 'SIGQUIT']

/** As shells have it: not found, found and not to be run. */
const notFound = 127
const notRunnable = 126

/**
 * Runs a program in our place: our own input, output and terminal, and our signals passed on. Resolves to its exit code,
 * or 128 and the number of the signal that ended it.
 */
export async function runChild(
  command: string,
  args: string[],
  options: { env: NodeJS.ProcessEnv; note(text: string): void },
): Promise<number> {
  let child: ReturnType<typeof spawn> | null = null
  const giveBack = takeSignals((signal) => {
    if (fromTerminal.includes(signal) && process.stdin.isTTY) return
    child?.kill(signal)
  })
  try {
    return await new Promise<number>((resolve) => {
      child = spawn(command, args, { env: options.env, stdio: 'inherit' })
      child.once('error', (error: NodeJS.ErrnoException) => {
        options.note(`latchkey: ${command} could not be started: ${reason(error)}`)
        resolve(error.code === 'ENOENT' ? notFound : notRunnable)
      })
      child.once('exit', (code, signal) => resolve(code ?? 128 + (signal ? os.constants.signals[signal] : 0)))
    })
  } finally {
    giveBack()
  }
}

const reason = (error: NodeJS.ErrnoException): string =>
  error.code === 'ENOENT' ? 'there is no such program.' : error.code === 'EACCES' ? 'it may not be run.' : error.message

/**
 * Puts one listener in the place of all that are there, so that a second Ctrl+C is the program's affair as well and does
 * not end us before it. Gives the way back.
 */
function takeSignals(listener: (signal: Passed) => void): () => void {
  const before = passedOn.map((signal) => [signal, process.listeners(signal)] as const)
  for (const signal of passedOn) {
    process.removeAllListeners(signal)
    process.on(signal, listener)
  }
  return () => {
    for (const [signal, listeners] of before) {
      process.removeAllListeners(signal)
      for (const it of listeners) process.on(signal, it)
    }
  }
}
