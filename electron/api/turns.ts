import type { ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Admission } from './admission.ts'
import type { ApiLimits } from './limits.ts'

type Limits = Pick<ApiLimits, 'concurrency' | 'concurrencyPerApp' | 'concurrencyWithoutKey'>

/**
 * How many requests are answered at the same time. Whoever has no key can take only what is set aside for that, and an
 * app only its own part: neither they, nor all of them together, keep the owner from being answered.
 */
export function createTurns(limits: Limits) {
  const held = new Map<string, number>()
  let all = 0

  const room = (as: Admission['as'], name: string): boolean => {
    const own = held.get(name) ?? 0
    if (as === 'owner' || as === 'page') return own < limits.concurrency
    return all < limits.concurrency && own < (as === 'app' ? limits.concurrencyPerApp : limits.concurrencyWithoutKey)
  }

  return {
    /** Counts the request until it is answered or given up. Throws `rate_limited` when there is no room for it. */
    take(admission: Admission, response: ServerResponse): void {
      const { as } = admission
      const name = as === 'app' ? admission.app.id : as === 'owner' || as === 'page' ? as : 'without a key'
      if (!room(as, name)) throw tooBusy()
      all += 1
      held.set(name, (held.get(name) ?? 0) + 1)
      response.once('close', () => {
        all -= 1
        const left = (held.get(name) ?? 1) - 1
        if (left === 0) held.delete(name)
        else held.set(name, left)
      })
    },
  }
}

const tooBusy = () =>
  new LatchkeyError('rate_limited', 'Too many requests at the same moment. Try again in a second.', { retry_after: 1 })
