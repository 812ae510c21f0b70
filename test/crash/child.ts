import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import type { Job } from './job.ts'

/** A process that does what its job says until it is killed. */
export interface Worker {
  /** Resolves when all code is loaded and a job can be given. */
  loaded: Promise<void>
  start(job: Job): void
  /** What it has told so far, one line each. */
  lines(): string[]
  /** Resolves when it has told this. Rejects when it ends before. */
  until(text: string): Promise<void>
  /** Resolves when the process has died and all that it told has arrived. */
  kill(): Promise<void>
}

const script = (name: string) => path.join(import.meta.dirname, name)

/** Starts one ahead of its time: loading the code takes longer than the work. */
export function startWorker(): Worker {
  const child: ChildProcess = spawn(process.execPath, ['--import', script('plain-node.ts'), script('worker.ts')], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { ...process.env, NODE_OPTIONS: '' },
  })
  let told = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    told += chunk.toString()
  })
  const until = (text: string) =>
    new Promise<void>((resolve, reject) => {
      const look = () => {
        if (told.includes(text)) resolve()
      }
      child.stdout?.on('data', look)
      child.once('close', () => reject(new Error(`The child ended before it told “${text}”: ${told.slice(-2000)}`)))
      child.once('error', reject)
      look()
    })
  const loaded = until('loaded\n')
  loaded.catch(() => undefined)
  const closed = once(child, 'close')
  child.stdin?.on('error', () => undefined)
  return {
    loaded,
    start: (job) => void child.stdin?.write(`${JSON.stringify(job)}\n`),
    until,
    lines: () => told.split('\n').slice(0, -1),
    async kill() {
      child.kill('SIGKILL')
      await closed
    },
  }
}
