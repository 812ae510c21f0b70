import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import path from 'node:path'

/** A part of a comparison in a process of its own. */
export interface Part<Ready> {
  process: ChildProcess
  /** What it said when it was ready. */
  ready: Ready
  stop(): Promise<void>
}

const folder = path.resolve(import.meta.dirname, '../processes')

/** Starts one of test/bench/processes; resolves once it has sent its first message. */
export async function startPart<Ready>(name: string, settings: unknown = {}): Promise<Part<Ready>> {
  const child = fork(path.join(folder, `${name}.ts`), [JSON.stringify(settings)], { stdio: ['ignore', 2, 2, 'ipc'] })
  const gone = once(child, 'exit').then(([code]) => {
    throw new Error(`${name} ended with ${code} before it was ready.`)
  })
  const [ready] = (await Promise.race([once(child, 'message'), gone])) as [Ready]
  gone.catch(() => undefined)
  return { process: child, ready, stop: () => end(child) }
}

/** Ends a process of ours and waits until it has gone. */
export async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const gone = once(child, 'exit')
  child.kill('SIGTERM')
  const stubborn = setTimeout(() => child.kill('SIGKILL'), 10_000)
  await gone
  clearTimeout(stubborn)
}

/** Milliseconds of CPU that a process has taken so far, all its threads together; null where the system does not tell. */
export function cpuTime(pid: number | undefined): number | null {
  try {
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? []
    // Fields 14 and 15 of proc(5), in ticks of which Linux shows 100 a second to everybody.
    return (Number(fields[11]) + Number(fields[12])) * 10
  } catch {
    return null
  }
}
