import type { Clock } from './ports.ts'

/** The machine's wall clock. */
export const systemClock: Clock = { now: () => Date.now() }
