import type { Generator, Load } from './load.ts'
import { quietMoment, watchOthers } from './others.ts'
import { cpuTime } from './processes.ts'
import { median, type Spread, spreadOf } from './statistics.ts'

/** One side of a comparison. */
export interface Contender {
  load: Omit<Load, 'connections' | 'seconds'>
  /** The process that does the work, for its CPU time. */
  pid: number | undefined
}

export interface Pace {
  rounds: number
  seconds: number
  warmUp: number
  /** Milliseconds to wait for a moment in which nobody else uses the machine, before each round. */
  patience: number
}

/** What others may take of the machine in a round that counts. */
const mostOthers = 0.1

export const usualPace: Pace = { rounds: 7, seconds: 3, warmUp: 2, patience: 0 }
export const quickPace: Pace = { rounds: 3, seconds: 1, warmUp: 1, patience: 0 }

export interface Comparison {
  rounds: number
  /** Rounds in which others took more than a tenth of the machine: they count, for want of better ones. */
  disturbed: number
  /** Requests a second of the first through those of the second. */
  throughput: Spread
  p99: Spread
  /** Medians. */
  first: { perSecond: number; p50: number; p99: number; cpu: number | null }
  second: { perSecond: number; p50: number; p99: number; cpu: number | null }
}

const connections = 16

/**
 * Measures two contenders in turn, first AB, then BA, and so on, as what else the machine does comes in waves: each round
 * gives one ratio, and what is reported is the middle one. `cpu`: microseconds of CPU time for one request.
 *
 * @param helpers Other processes that take part, so that they do not count as somebody else's.
 */
export async function compare(
  generator: Generator,
  first: Contender,
  second: Contender,
  pace: Pace,
  helpers: readonly (number | undefined)[] = [],
): Promise<Comparison> {
  const once = async ({ load, pid }: Contender, seconds: number) => {
    const before = cpuTime(pid)
    const report = await generator.run({ ...load, connections, seconds })
    const after = cpuTime(pid)
    return { ...report, cpu: before === null || after === null ? null : ((after - before) * 1000) / report.requests }
  }
  type Report = Awaited<ReturnType<typeof once>>
  for (const contender of [first, second]) await once(contender, pace.warmUp)
  const measured: { pair: [Report, Report]; others: number }[] = []
  const isGood = ({ others }: { others: number }) => others <= mostOthers
  // A round that others disturbed is done again, but not for ever.
  for (let round = 0; round < pace.rounds * 3 && measured.filter(isGood).length < pace.rounds; round++) {
    if (pace.patience > 0) await quietMoment(pace.patience)
    const others = watchOthers([...helpers, first.pid, second.pid])
    const early = round % 2 === 0 ? await once(first, pace.seconds) : null
    const later = await once(second, pace.seconds)
    measured.push({ pair: [early ?? (await once(first, pace.seconds)), later], others: others() ?? 0 })
  }
  const best = measured.sort((a, b) => a.others - b.others).slice(0, pace.rounds)
  const reports = best.map(({ pair }) => pair)
  const middle = (side: 0 | 1) => {
    const of = (read: (report: Report) => number) => median(reports.map((pair) => read(pair[side])))
    return {
      perSecond: of((it) => it.perSecond),
      p50: of((it) => it.p50),
      p99: of((it) => it.p99),
      cpu: reports[0]?.[side].cpu === null ? null : of((it) => it.cpu ?? 0),
    }
  }
  return {
    rounds: pace.rounds,
    disturbed: best.filter((it) => !isGood(it)).length,
    throughput: spreadOf(reports.map(([a, b]) => a.perSecond / b.perSecond)),
    p99: spreadOf(reports.map(([a, b]) => a.p99 / b.p99)),
    first: middle(0),
    second: middle(1),
  }
}

/** What else is to be said of a comparison, in words. */
export function remarks({ first, second, disturbed, rounds }: Comparison): string {
  const said: string[] = []
  if (first.cpu !== null && second.cpu !== null) {
    said.push(`CPU for one: ${first.cpu.toFixed(0)} µs to ${second.cpu.toFixed(0)} µs`)
  }
  if (disturbed > 0) said.push(`others used the machine in ${disturbed} of ${rounds} rounds`)
  return said.join('; ')
}
