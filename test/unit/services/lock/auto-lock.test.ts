import { describe, expect, it } from 'vitest'
import { createEventBus } from '../../../../electron/platform/events.ts'
import { createAutoLock } from '../../../../electron/services/lock/auto-lock.ts'
import type { LockSettings } from '../../../../shared/contract-vault.ts'
import type { LatchkeyEvent } from '../../../../shared/models.ts'
import { noLog } from '../../vault/fixtures.ts'
import { fakePower, fakeTime, minute } from './time.ts'

const never: LockSettings = { idle_minutes: null, after_minutes: null, on_screen_lock: false, on_suspend: false }

function setUp(wanted: Partial<LockSettings> = {}) {
  const time = fakeTime()
  const os = fakePower()
  const events = createEventBus<LatchkeyEvent>()
  const reasons: string[] = []
  let settings = { ...never, ...wanted }
  let open = false
  let change = () => {}
  /** Locking may take a while: sign-ins under way end first. */
  let finish: Promise<void> = Promise.resolve()
  const autoLock = createAutoLock({
    settings: () => settings,
    onSettings: (listener) => {
      change = listener
    },
    isOpen: () => open,
    async lock(reason) {
      reasons.push(reason)
      await finish
      open = false
      events.emit({ type: 'vault', state: 'locked' })
    },
    events,
    power: os.power,
    clock: time.clock,
    steady: time.steady,
    after: time.after,
    logger: noLog,
  })
  return {
    ...time,
    pass: time.pass,
    os,
    autoLock,
    reasons,
    isOpen: () => open,
    unlock() {
      open = true
      events.emit({ type: 'vault', state: 'unlocked' })
    },
    set(changes: Partial<LockSettings>) {
      settings = { ...settings, ...changes }
      change()
    },
    delay(until: Promise<void>) {
      finish = until
    },
    waiting: () => time.waiting,
  }
}

const settled = () => new Promise((resolve) => setImmediate(resolve))

describe('[F13] auto-lock', () => {
  it('locks when nobody has used the vault for so long, and not a moment before', async () => {
    const world = setUp({ idle_minutes: 5 })
    world.unlock()
    world.pass(5 * minute - 1000)
    expect(world.reasons).toEqual([])
    world.pass(1000)
    await settled()
    expect(world.reasons).toEqual(['It was not used for a while.'])
    expect(world.isOpen()).toBe(false)
    expect(world.waiting()).toBe(0)
  })

  it('begins anew with each use', async () => {
    const world = setUp({ idle_minutes: 2 })
    world.unlock()
    for (let i = 0; i < 5; i++) {
      world.pass(2 * minute - 1000)
      world.autoLock.touched()
    }
    expect(world.reasons).toEqual([])
    world.pass(2 * minute)
    expect(world.reasons).toHaveLength(1)
  })

  it('locks after a time, however much the vault is used', () => {
    const world = setUp({ idle_minutes: 10, after_minutes: 30 })
    world.unlock()
    for (let i = 0; i < 30; i++) {
      world.pass(minute)
      world.autoLock.touched()
    }
    expect(world.reasons).toEqual(['The time that it stays unlocked is over.'])
  })

  it('counts the time that the machine slept, and locks before anything can be used', async () => {
    const world = setUp({ idle_minutes: 5 })
    world.unlock()
    world.sleep(8 * 60 * minute)
    // A program is quicker than any timer or message of the system.
    const locking = world.autoLock.beforeUse()
    expect(locking).toBeInstanceOf(Promise)
    await locking
    expect(world.isOpen()).toBe(false)
    expect(world.autoLock.beforeUse()).toBeUndefined()
  })

  it('looks at the clock when the machine wakes, and soon after where nobody says so', async () => {
    const told = setUp({ idle_minutes: 5 })
    told.unlock()
    told.sleep(6 * minute)
    told.os.resume()
    expect(told.reasons).toHaveLength(1)

    const untold = setUp({ idle_minutes: 5 })
    untold.unlock()
    untold.sleep(6 * minute)
    untold.pass(15_000)
    expect(untold.reasons).toHaveLength(1)
  })

  it('is not put off by a clock that is set back', () => {
    const world = setUp({ idle_minutes: 5 })
    world.unlock()
    world.pass(minute)
    world.setWall(-24 * 60 * minute)
    world.pass(4 * minute)
    expect(world.reasons).toHaveLength(1)
  })

  it('locks with the screen and before sleep, where the person wants it', () => {
    const both = setUp({ on_screen_lock: true, on_suspend: true })
    both.os.lockScreen()
    both.os.suspend()
    expect(both.reasons).toEqual([])
    both.unlock()
    both.os.lockScreen()
    expect(both.reasons).toEqual(['The screen was locked.'])

    const asleep = setUp({ on_suspend: true })
    asleep.unlock()
    asleep.os.lockScreen()
    expect(asleep.reasons).toEqual([])
    asleep.os.suspend()
    expect(asleep.reasons).toEqual(['The computer goes to sleep.'])
  })

  it('lets nobody use the vault while it is being locked, and locks once', async () => {
    const world = setUp({ on_suspend: true, idle_minutes: 1 })
    let finish = () => {}
    world.delay(
      new Promise((resolve) => {
        finish = resolve
      }),
    )
    world.unlock()
    world.os.suspend()
    const waiting = world.autoLock.beforeUse()
    expect(waiting).toBeInstanceOf(Promise)
    world.sleep(2 * minute)
    world.os.resume()
    finish()
    await waiting
    expect(world.isOpen()).toBe(false)
    expect(world.reasons).toHaveLength(1)
  })

  it('does nothing until it is told to, and counts from the moment it is', () => {
    const world = setUp()
    world.unlock()
    expect(world.waiting()).toBe(0)
    world.pass(100 * minute)
    world.os.lockScreen()
    world.os.suspend()
    world.set({ idle_minutes: 1, after_minutes: 3 })
    expect(world.reasons).toEqual([])
    world.pass(minute)
    expect(world.reasons).toHaveLength(1)
  })

  it('goes on with the next unlock, and ends with the host', () => {
    const world = setUp({ after_minutes: 1 })
    world.unlock()
    world.pass(minute)
    expect(world.reasons).toHaveLength(1)
    return settled().then(() => {
      world.unlock()
      world.autoLock.close()
      expect(world.waiting()).toBe(0)
      world.pass(5 * minute)
      expect(world.reasons).toHaveLength(1)
    })
  })
})
