import readline from 'node:readline/promises'
import { Interrupted, UsageError } from './errors.ts'
import type { Io } from './io.ts'

/** Asks at the terminal and gives the line, trimmed. Throws `Interrupted` at Ctrl+C or end of input. */
export async function ask(io: Io, question: string, signal: AbortSignal = io.signal): Promise<string> {
  const lines = readline.createInterface({ input: io.stdin, output: io.stderr, terminal: true, historySize: 0 })
  const closed = new AbortController()
  // In raw mode Ctrl+C arrives as a key; Ctrl+D closes the interface.
  lines.once('SIGINT', () => closed.abort())
  lines.once('close', () => closed.abort())
  try {
    return (await lines.question(question, { signal: AbortSignal.any([signal, closed.signal]) })).trim()
  } catch {
    throw new Interrupted()
  } finally {
    lines.close()
  }
}

/** Whether there is a person at the terminal to ask. */
export const canAsk = (io: Io): boolean => io.stdin.isTTY === true && io.stderr.isTTY === true

/** A yes-or-no question; anything but a yes is a no. Without a terminal it says which option answers it. */
export async function confirm(io: Io, question: string, instead: string): Promise<boolean> {
  if (!canAsk(io)) throw new UsageError(`There is no terminal to ask at. ${instead}`)
  return /^y(es)?$/i.test(await ask(io, `${question} [y/N] `))
}

/** All of standard input. */
export async function readAll(io: Io): Promise<Buffer> {
  const chunks: Buffer[] = []
  for await (const chunk of io.stdin) chunks.push(Buffer.from(chunk))
  return Buffer.concat(chunks)
}
