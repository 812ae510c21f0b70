import type { Clock } from '../../platform/ports.ts'
import type { Caller, Dispatch, Events } from '../ports.ts'
import type { AuditService } from '../ports-apps.ts'
import type { AutoLock } from './auto-lock.ts'

/** Milliseconds after an event in which the page reads again what it shows, without anybody having asked for it. */
const echo = 2_000

/** About Latchkey itself: whoever watches whether it is locked must not keep it from locking. */
const aboutItself = new Set(['app.info', 'vault.status', 'doctor.run', 'profiles.list'])

/** What the page reads again now and then as long as it is open. */
const repeated = new Set(['accounts.list', 'accounts.get', 'asks.list'])

const reads = /\.(list|get|info|status|inspect|usage|limits|routes|egress|presets|endpoints|deliveries|details)$/

/**
 * Counts as a use what a person or a program does: not what is refused, and not what an open page reads by itself.
 *
 * Everything that reaches for the vault on behalf of a caller comes through one of these three.
 */
export function watchUses(parts: { autoLock: AutoLock; events: Events; clock: Clock }) {
  const { autoLock, clock } = parts
  let lastEvent = Number.NEGATIVE_INFINITY
  const stop = parts.events.on(() => {
    lastEvent = clock.now()
  })

  const isUse = (method: string, { kind }: Caller): boolean => {
    if (kind === 'latchkey' || aboutItself.has(method)) return false
    if (kind !== 'page' || !reads.test(method)) return true
    // A sign-in that is under way is the person's, who is away at the provider.
    if (method === 'connect.get') return true
    return !repeated.has(method) && Math.abs(clock.now() - lastEvent) > echo
  }

  return {
    stop,

    dispatch:
      (dispatch: Dispatch): Dispatch =>
      async (method, input, caller) => {
        await autoLock.beforeUse()
        const isUsed = isUse(method, caller)
        const answer = await dispatch(method, input, caller)
        if (isUsed) autoLock.touched()
        return answer
      },

    /** For what does not go through dispatch: tokens and the proxy. That it was a use is seen in the audit. */
    first:
      <A extends unknown[], R>(work: (...input: A) => Promise<R>) =>
      (...input: A): Promise<R> => {
        const locking = autoLock.beforeUse()
        return locking === undefined ? work(...input) : locking.then(() => work(...input))
      },

    audit: <T extends AuditService>(audit: T): T => ({
      ...audit,
      use(use) {
        if (use.error !== 'forbidden') autoLock.touched()
        audit.use(use)
      },
    }),
  }
}
