import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock } from '../platform/ports.ts'

/** Counts failed authentications of one transport in a sliding window. Who has the right key is never held up. */
export function failureWindow(options: { limit: number; window: number; clock: Clock }) {
  let times: number[] = []
  return {
    /** Notes a failure and returns what to answer it with: `refusal`, or `rate_limited` when there were too many. */
    fail(refusal: LatchkeyError): LatchkeyError {
      const now = options.clock.now()
      times = times.filter((time) => now - time < options.window)
      const oldest = times[0]
      if (oldest === undefined || times.length < options.limit) {
        times.push(now)
        return refusal
      }
      return new LatchkeyError(
        'rate_limited',
        'Too many requests with a wrong key or none. Wait before the next try.',
        {
          retry_after: Math.max(1, Math.ceil((oldest + options.window - now) / 1000)),
        },
      )
    },
  }
}

export type FailureWindow = ReturnType<typeof failureWindow>
