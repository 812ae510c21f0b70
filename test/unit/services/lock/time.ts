import { vi } from 'vitest'
import type { PowerEvents } from '../../../../electron/platform/power.ts'
import type { AutoLockParts } from '../../../../electron/services/lock/auto-lock.ts'

export const minute = 60_000

/** A wall clock, a steady clock and timers, moved by hand. */
export function fakeTime() {
  let wall = Date.UTC(2026, 0, 1)
  let steady = 1000
  let timers: { at: number; work: () => void }[] = []
  const run = () => {
    for (;;) {
      const next = timers.filter((it) => it.at <= steady).sort((a, b) => a.at - b.at)[0]
      if (next === undefined) return
      timers = timers.filter((it) => it !== next)
      next.work()
    }
  }
  return {
    clock: { now: () => wall },
    steady: { now: () => steady },
    after: ((milliseconds, work) => {
      const timer = { at: steady + milliseconds, work }
      timers.push(timer)
      return () => {
        timers = timers.filter((it) => it !== timer)
      }
    }) satisfies NonNullable<AutoLockParts['after']>,
    get waiting() {
      return timers.length
    },
    /** Time goes by while the machine is awake, in small steps as it does. */
    pass(milliseconds: number) {
      for (let left = milliseconds; left > 0; left -= 1000) {
        const step = Math.min(left, 1000)
        wall += step
        steady += step
        run()
      }
    },
    /** The machine sleeps: only the wall clock goes on. */
    sleep(milliseconds: number) {
      wall += milliseconds
    },
    setWall(by: number) {
      wall += by
    },
  }
}

/** What the operating system tells, told by hand. */
export function fakePower() {
  const listeners = { suspend: vi.fn(), resume: vi.fn(), lock: vi.fn() }
  const on = (name: keyof typeof listeners) => (listener: () => void) => {
    listeners[name].mockImplementation(listener)
    return () => void listeners[name].mockReset()
  }
  const power: PowerEvents = { onSuspend: on('suspend'), onResume: on('resume'), onScreenLock: on('lock') }
  return {
    power,
    suspend: () => listeners.suspend(),
    resume: () => listeners.resume(),
    lockScreen: () => listeners.lock(),
  }
}
