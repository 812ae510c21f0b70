import type { Spread } from './statistics.ts'

/** One comparison: what was measured, against what, and what came of it. */
export interface Result {
  work: string
  against: string
  /** What the figures are: `requests/s`, `ms p99`, … */
  unit: string
  /** In words: `at least 0.9`. */
  goal: string
  /** The medians of both sides, in `unit`. They say something of this machine alone. */
  latchkey?: number
  other?: number
  /** Of the rounds. */
  ratio?: Spread
  rounds?: number
  /** null: not measured, or there is nothing to compare with. */
  met: boolean | null
  /** What else belongs to it; for what was not measured, why. */
  note?: string
}

export const notThere = (work: string, against: string, goal: string, why: string): Result => ({
  work,
  against,
  unit: '',
  goal,
  met: null,
  note: `not there: ${why}`,
})

const figure = (value: number) =>
  value >= 100 ? value.toFixed(0) : value >= 10 ? value.toFixed(1) : value.toFixed(value >= 1 ? 2 : 3)

/** A table in Markdown. */
export function table(results: readonly Result[]): string {
  const lines = results.map((it) => {
    const ratio = it.ratio
      ? `${figure(it.ratio.median)} (${figure(it.ratio.min)}–${figure(it.ratio.max)})`
      : it.latchkey === undefined
        ? '–'
        : figure(it.latchkey)
    const verdict = it.met === null ? 'not measured' : it.met ? 'met' : 'missed'
    return [it.work, it.against, it.unit, ratio, it.goal, verdict, it.note ?? '']
  })
  const rows = [['work', 'against', 'of', 'ratio (lowest–highest)', 'goal', '', 'note'], ...lines]
  return rows
    .flatMap((cells, index) => [`| ${cells.join(' | ')} |`, ...(index === 0 ? [`|${' --- |'.repeat(7)}`] : [])])
    .join('\n')
}
