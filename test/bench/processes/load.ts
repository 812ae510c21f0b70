// The load generator: keeps so many connections busy, each with one request at a time, and notes how long each took.
import { Client, type Dispatcher } from 'undici'
import type { Load, LoadReport } from '../support/load.ts'
import { percentile } from '../support/statistics.ts'

function run({ target, connections, seconds, request, bytes }: Load): Promise<LoadReport> {
  return new Promise((resolve) => {
    const latencies: number[] = []
    const statuses: Record<string, number> = {}
    let failures = 0
    let wrong = 0
    const begun = performance.now()
    const until = begun + seconds * 1000
    const clients = Array.from({ length: connections }, () => new Client(target.origin, { socketPath: target.socket }))
    let busy = clients.length

    const finish = async () => {
      const took = (performance.now() - begun) / 1000
      await Promise.all(clients.map((client) => client.close()))
      const sorted = Float64Array.from(latencies).sort()
      resolve({
        requests: latencies.length,
        perSecond: latencies.length / took,
        p50: percentile(sorted, 0.5),
        p99: percentile(sorted, 0.99),
        statuses,
        failures,
        wrong,
      })
    }

    for (const client of clients) {
      let sent = 0
      let size = 0
      const again = () => {
        sent = performance.now()
        size = 0
        client.dispatch(request, handler)
      }
      const next = () => {
        if (performance.now() < until && failures < 100) return again()
        busy -= 1
        if (busy === 0) void finish()
      }
      const handler: Dispatcher.DispatchHandler = {
        onRequestStart() {},
        onResponseStart(_, status) {
          statuses[status] = (statuses[status] ?? 0) + 1
        },
        onResponseData(_, part) {
          size += part.length
        },
        onResponseEnd() {
          if (bytes !== null && size !== bytes) wrong += 1
          latencies.push(performance.now() - sent)
          next()
        },
        onResponseError() {
          failures += 1
          next()
        },
      }
      again()
    }
  })
}

process.on('message', async (load: Load) => process.send?.(await run(load)))
process.send?.('ready')

// Nobody is left to measure for.
process.on('disconnect', () => process.exit())
