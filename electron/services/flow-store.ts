import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock } from '../platform/ports.ts'
import type { SignInFlow } from './flow.ts'

/** Ended flows are kept this long, and this many of them, so that their trace can be read. */
const keptFor = 3_600_000
const keptAtMost = 100
/** Each flow under way holds a port. */
const underWayAtMost = 20

export interface FlowStore<T extends { flow: SignInFlow }> {
  /** Throws `rate_limited` when too many are under way. */
  checkRoom(): void
  add(attempt: T): void
  /** Throws `not_found`. */
  get(id: string): T
  underWay(): T[]
}

/** The sign-ins of this run, in memory only: what a flow holds is worth nothing after a restart. */
export function createFlowStore<T extends { flow: SignInFlow }>(clock: Clock): FlowStore<T> {
  const attempts = new Map<string, T>()
  const underWay = () => [...attempts.values()].filter(({ flow }) => !flow.ended)

  function forgetOld(): void {
    const ended = [...attempts.values()].filter(({ flow }) => flow.ended)
    const tooMany = ended.length - keptAtMost
    for (const [index, { flow }] of ended.entries()) {
      const endedAt = Date.parse(flow.view().ended_at ?? '')
      if (index < tooMany || clock.now() - endedAt > keptFor) attempts.delete(flow.id)
    }
  }

  return {
    checkRoom() {
      if (underWay().length < underWayAtMost) return
      throw new LatchkeyError('rate_limited', `${underWayAtMost} sign-ins are under way already.`, {
        action: { text: 'Finish or cancel one of them, then start again.' },
      })
    },
    add(attempt) {
      forgetOld()
      attempts.set(attempt.flow.id, attempt)
    },
    get(id) {
      forgetOld()
      const attempt = attempts.get(id)
      if (attempt) return attempt
      throw new LatchkeyError('not_found', 'There is no such sign-in, or it ended too long ago to be shown.', {
        field: 'flow',
        action: { text: 'Start the sign-in again.' },
      })
    },
    underWay,
  }
}
