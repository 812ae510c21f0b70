import type { LockSettings } from '../../../shared/contract-vault.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import type { Clock, EventBus, Logger } from '../../platform/ports.ts'
import type { PowerEvents } from '../../platform/power.ts'

/** Locks the vault without being asked (F13): when nobody uses it, after a time, with the screen, before sleep. */
export interface AutoLock {
  /** The vault was used, by the person or by a program. */
  touched(): void
  /**
   * Before each use. Where the time is over although no timer has gone off, as after a sleep, the vault is locked first,
   * and this resolves when it is. Otherwise undefined, so that nobody waits.
   */
  beforeUse(): Promise<void> | undefined
  close(): void
}

export interface AutoLockParts {
  /** Throws `locked`. */
  settings: () => LockSettings
  /** Whoever changes them says so here. */
  onSettings: (listener: () => void) => void
  isOpen: () => boolean
  lock: (reason: string) => Promise<unknown>
  events: EventBus<LatchkeyEvent>
  power: PowerEvents
  clock: Clock
  logger: Logger
  /** Ascends steadily while the machine is awake: setting the wall clock back delays no lock. */
  steady?: Clock
  /** Calls back after so many milliseconds, once. */
  after?: (milliseconds: number, work: () => void) => () => void
}

const minute = 60_000

/** A sleeping machine counts nothing down: the wall clock is looked at again and again. */
const longestNap = 15_000

const timer: NonNullable<AutoLockParts['after']> = (milliseconds, work) => {
  const handle = setTimeout(work, milliseconds)
  handle.unref()
  return () => clearTimeout(handle)
}

/** A moment on both clocks. */
interface Moment {
  wall: number
  steady: number
}

export function createAutoLock(parts: AutoLockParts): AutoLock {
  const { clock, power, logger } = parts
  const steady = parts.steady ?? { now: () => performance.now() }
  const after = parts.after ?? timer
  let settings: LockSettings | null = null
  let opened: Moment | null = null
  let used: Moment | null = null
  let stopTimer: (() => void) | null = null
  let locking: Promise<void> | null = null

  const now = (): Moment => ({ wall: clock.now(), steady: steady.now() })
  /** The wall clock goes on through a sleep and may be set back; the steady one is the other way round. */
  const since = (moment: Moment) => Math.max(clock.now() - moment.wall, steady.now() - moment.steady)

  const disarm = () => {
    stopTimer?.()
    stopTimer = null
    settings = null
    opened = null
    used = null
  }

  /** Milliseconds until the vault has to be locked, and why. null: never. */
  const due = (): { in: number; reason: string } | null => {
    if (settings === null || opened === null || used === null) return null
    const { idle_minutes: idle, after_minutes: whole } = settings
    const limits = [
      idle === null ? null : { in: idle * minute - since(used), reason: 'It was not used for a while.' },
      whole === null
        ? null
        : { in: whole * minute - since(opened), reason: 'The time that it stays unlocked is over.' },
    ].filter((it) => it !== null)
    return limits.sort((a, b) => a.in - b.in)[0] ?? null
  }

  const wait = () => {
    stopTimer?.()
    stopTimer = null
    const next = due()
    if (next === null) return
    stopTimer = after(Math.max(0, Math.min(next.in, longestNap)), () => {
      stopTimer = null
      if (lockIfDue() === undefined) wait()
    })
  }

  const lockNow = (reason: string): Promise<void> => {
    locking ??= parts
      .lock(reason)
      .then(
        () => undefined,
        // The key is forgotten whatever else fails (services/vault.ts); what failed is told to the log.
        (error: unknown) => logger.error('The vault was locked, but something did not end.', { error }),
      )
      .finally(() => {
        locking = null
      })
    return locking
  }

  const lockIfDue = (): Promise<void> | undefined => {
    const next = due()
    if (next === null || next.in > 0 || !parts.isOpen()) return undefined
    return lockNow(next.reason)
  }

  const arm = () => {
    disarm()
    if (!parts.isOpen()) return
    settings = parts.settings()
    opened = now()
    used = opened
    wait()
  }

  const stopListening = [
    parts.events.on((event) => {
      if (event.type !== 'vault') return
      // Announced again while it is open, it is the same vault that was opened before.
      if (event.state !== 'unlocked') disarm()
      else if (opened === null) arm()
    }),
    power.onSuspend(() => {
      if (settings?.on_suspend && parts.isOpen()) void lockNow('The computer goes to sleep.')
    }),
    power.onScreenLock(() => {
      if (settings?.on_screen_lock && parts.isOpen()) void lockNow('The screen was locked.')
    }),
    power.onResume(() => void lockIfDue()),
  ]
  parts.onSettings(arm)
  arm()

  return {
    touched() {
      if (used !== null) used = now()
    },
    beforeUse: () => locking ?? lockIfDue(),
    close() {
      for (const stop of stopListening) stop()
      disarm()
    },
  }
}
