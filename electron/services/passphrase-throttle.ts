import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock } from '../platform/ports.ts'

const second = 1000
const longestWait = 300 * second
/** Ascends steadily: setting the wall clock shortens no wait. */
const steadyClock: Clock = { now: () => performance.now() }

/** Delays tries at the passphrase: 1 s after the first failure, twice as long after each further one, at most 5 min. */
export interface PassphraseThrottle {
  /** Runs one try at a time; `attempt` says whether it succeeded. Throws `rate_limited`. */
  run(attempt: () => Promise<boolean>): Promise<void>
}

/** One for each vault: whatever asks for the passphrase shares it. */
export function createPassphraseThrottle(clock: Clock = steadyClock): PassphraseThrottle {
  let failures = 0
  let notBefore = 0
  let busy = false
  return {
    async run(attempt) {
      const wait = busy ? second : notBefore - clock.now()
      if (wait > 0) {
        const seconds = Math.ceil(wait / second)
        const message = `Too many tries with a wrong passphrase. Try again in ${seconds} s.`
        throw new LatchkeyError('rate_limited', busy ? 'Another try is under way.' : message, { retry_after: seconds })
      }
      busy = true
      try {
        failures = (await attempt()) ? 0 : failures + 1
        if (failures > 0) notBefore = clock.now() + Math.min(second * 2 ** (failures - 1), longestWait)
      } finally {
        busy = false
      }
    },
  }
}
