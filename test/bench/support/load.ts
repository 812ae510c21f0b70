import { once } from 'node:events'
import { startPart } from './processes.ts'

export interface Load {
  /** `socket`: the path of a Unix socket; the origin is then what stands in `Host`. */
  target: { origin: string; socket?: string }
  connections: number
  seconds: number
  request: { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: string }
  /** How long each answer must be; null: any length. */
  bytes: number | null
}

export interface LoadReport {
  requests: number
  perSecond: number
  /** Milliseconds. */
  p50: number
  p99: number
  statuses: Record<string, number>
  /** Requests without an answer. */
  failures: number
  /** Answers of another length. */
  wrong: number
}

/** The load generator, in a process of its own that is used again and again, so that it is warm. */
export async function startGenerator() {
  const part = await startPart<string>('load')
  return {
    /** Throws when anything but 200 was answered: what is fast because it refuses is not fast. */
    async run(load: Load): Promise<LoadReport> {
      part.process.send(load)
      const [report] = (await once(part.process, 'message')) as [LoadReport]
      const { requests, statuses, failures, wrong } = report
      if (failures > 0 || wrong > 0 || requests === 0 || statuses['200'] !== requests) {
        throw new Error(`${load.request.path}: ${JSON.stringify({ requests, statuses, failures, wrong })}`)
      }
      return report
    },
    process: part.process,
    stop: part.stop,
  }
}

export type Generator = Awaited<ReturnType<typeof startGenerator>>
