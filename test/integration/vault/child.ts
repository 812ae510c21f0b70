import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { onTestFinished } from 'vitest'

/** Starts one of the scripts in children/, ended with the test at the latest. */
export function startChild(script: string, ...args: string[]): ChildProcess {
  const file = path.join(import.meta.dirname, 'children', script)
  const child = spawn(process.execPath, [file, ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  onTestFinished(() => void child.kill('SIGKILL'))
  return child
}

/** Resolves when the child has said something. */
export async function said(child: ChildProcess): Promise<string> {
  if (child.stdout === null) throw new Error('The child has no standard output.')
  const [chunk] = (await once(child.stdout, 'data')) as [Buffer]
  return chunk.toString().trim()
}

export async function ended(child: ChildProcess): Promise<NodeJS.Signals | null> {
  if (child.exitCode === null && child.signalCode === null) await once(child, 'exit')
  return child.signalCode
}
