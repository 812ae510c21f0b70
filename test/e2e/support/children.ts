import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { once } from 'node:events'

/** A process of this test's own: what it said, and a way to end it that waits until it is gone. */
export interface Child {
  process: ChildProcess
  /** Standard output and standard error together. */
  output(): string
  /** Resolves with the match once the output holds it; rejects when the process ends without. */
  says(pattern: RegExp): Promise<RegExpExecArray>
  /** Resolves with the exit status. */
  ended: Promise<number | null>
  stop(): Promise<void>
}

export function start(command: string, args: string[], options: SpawnOptions & { input?: string } = {}): Child {
  const { input, ...spawnOptions } = options
  const child = spawn(command, args, { ...spawnOptions, stdio: ['pipe', 'pipe', 'pipe'] })
  let output = ''
  const listeners = new Set<() => void>()
  const hear = (chunk: Buffer) => {
    output += chunk.toString()
    for (const listener of listeners) listener()
  }
  child.stdout?.on('data', hear)
  child.stderr?.on('data', hear)
  child.stdin?.on('error', () => undefined)
  child.stdin?.end(input ?? '')
  const ended = once(child, 'exit').then(([code]) => code as number | null)
  ended.catch(() => undefined)
  return {
    process: child,
    output: () => output,
    ended,
    says(pattern) {
      return new Promise((resolve, reject) => {
        const look = () => {
          const match = pattern.exec(output)
          if (!match) return
          listeners.delete(look)
          resolve(match)
        }
        listeners.add(look)
        const gone = () => reject(new Error(`${command} ended before it said ${pattern}:\n${output}`))
        ended.then(gone, reject)
        look()
      })
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      child.kill('SIGTERM')
      const stubborn = setTimeout(() => child.kill('SIGKILL'), 10_000)
      await ended
      clearTimeout(stubborn)
    },
  }
}
