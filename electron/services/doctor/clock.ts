import { type Check, needsVault, notApplicable, ok, problem } from './check.ts'
import type { Reached } from './reach.ts'

/** Milliseconds. ID tokens and assertions are made for a minute or more (RFC 7523 3 leaves "a few minutes"). */
const tolerated = 60_000

/** Whether this computer's clock is right, by what the providers' say (RFC 9110 6.6.1). */
export function clockCheck(reached: (signal: AbortSignal) => Promise<Reached[] | null>): Check {
  return {
    id: 'clock',
    title: 'Clock',
    async run(signal) {
      const all = await reached(signal)
      if (all === null) return needsVault()
      const skews = all.map((it) => it.skew).filter((it) => it !== null)
      const middle = median(skews)
      if (middle === null) return notApplicable('No provider answered that this clock could be compared with.')
      const facts = Object.fromEntries(
        all.flatMap(({ provider, skew }) => (skew === null ? [] : [[provider, inWords(skew)]])),
      )
      // One provider's clock may be wrong itself; most of them are not.
      if (Math.abs(middle) < tolerated) return ok('The clock of this computer is right.', facts)
      return problem(
        `The clock of this computer is ${inWords(middle)}. Providers may refuse what it signs.`,
        'Set the clock, and let the system keep it right (NTP).',
        facts,
      )
    },
  }
}

function median(numbers: number[]): number | null {
  return numbers.sort((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? null
}

/** How this clock differs from one that is so many milliseconds ahead of it. */
function inWords(skew: number): string {
  const seconds = Math.round(Math.abs(skew) / 1000)
  if (seconds < 2) return 'right'
  return `${seconds} s ${skew > 0 ? 'behind' : 'ahead'}`
}
