import path from 'node:path'
import { expect, it } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createLockHandlers } from '../../../electron/services/handlers-lock.ts'
import { createAutoLock } from '../../../electron/services/lock/auto-lock.ts'
import { createLockControl } from '../../../electron/services/lock/lock-control.ts'
import { watchUses } from '../../../electron/services/lock/uses.ts'
import type { ReadVaultDetails } from '../../../electron/services/ports-vault.ts'
import { createVaultService } from '../../../electron/services/vault.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { fakePower, fakeTime, minute } from '../../unit/services/lock/time.ts'
import { cheap, freshFolder, locked, noLog } from '../../unit/vault/support.ts'

const passphrase = 'correct horse battery'
const page = { kind: 'page' } as const

/** A real vault with what locks it, among clocks that are moved by hand. */
function setUp(file = path.join(freshFolder(), 'vault.db')) {
  const time = fakeTime()
  const os = fakePower()
  const events = createEventBus<LatchkeyEvent>()
  const heard: string[] = []
  const { vault } = locked({ file, clock: time.clock })
  const activity = createActivity({ vault, clock: time.clock, events })
  const control = createLockControl({ vault, activity })
  const service = createVaultService({
    vault,
    automaticGuard: null,
    events,
    activity,
    onLock: async () => void heard.push('onLock'),
    onUnlock: () => {},
    clock: time.steady,
    scryptCost: cheap,
  })
  const autoLock = createAutoLock({
    settings: control.get,
    onSettings: control.onChange,
    isOpen: () => vault.status().state === 'unlocked',
    lock: (reason) => service.lock(reason),
    events,
    power: os.power,
    ...time,
    logger: noLog,
  })
  events.on((event) => event.type === 'vault' && heard.push(event.state))
  const uses = watchUses({ autoLock, events, clock: time.clock })
  const dispatch = uses.dispatch(async () => vault.accounts.list())
  const handlers = createLockHandlers({
    lock: control,
    editLock: {} as never,
    details: (async () => ({ lock: control.get() })) as unknown as ReadVaultDetails,
  })
  return { ...time, pass: time.pass, os, vault, service, control, dispatch, handlers, heard, file }
}

const until = (world: ReturnType<typeof setUp>, state: string) =>
  expect.poll(() => world.vault.status().state).toBe(state)

it('[F13] a vault under a passphrase locks itself, answers locked, and is unlocked again', async () => {
  const world = setUp()
  await world.service.setup(passphrase)
  expect(await world.handlers['vault.set_lock']({ ...world.control.get(), idle_minutes: 10 }, page)).toMatchObject({
    lock: { idle_minutes: 10, after_minutes: null },
  })
  world.pass(9 * minute)
  expect(await world.dispatch('accounts.list', {}, { kind: 'cli' })).toEqual([])
  world.pass(9 * minute)
  expect(world.vault.status().state).toBe('unlocked')
  world.heard.length = 0
  world.pass(minute)
  await until(world, 'locked')
  expect(world.heard).toEqual(['onLock', 'locked'])
  expect(world.vault.status()).toMatchObject({
    reason: 'It was not used for a while.',
    remedy: 'Enter the passphrase to unlock it.',
  })
  await expect(world.dispatch('accounts.list', {}, { kind: 'cli' })).rejects.toMatchObject({ code: 'locked' })

  await world.service.unlock(passphrase)
  expect(world.control.get().idle_minutes).toBe(10)
  const [, lock] = world.vault.activity.list({ limit: 10 })
  expect(lock?.summary).toBe('The vault was locked: It was not used for a while.')
  world.pass(10 * minute)
  await until(world, 'locked')
})

it('[F13] the settings are still there after a restart', async () => {
  const first = setUp()
  await first.service.setup(passphrase)
  const wanted = { idle_minutes: null, after_minutes: 60, on_screen_lock: true, on_suspend: true }
  first.control.set(wanted, page)
  first.vault.close()
  const second = setUp(first.file)
  expect(() => second.control.get()).toThrow(expect.objectContaining({ code: 'locked' }))
  await second.service.unlock(passphrase)
  expect(second.control.get()).toEqual(wanted)
  second.os.suspend()
  await until(second, 'locked')
})

it('[F13] what has slept too long is locked before the first call is answered', async () => {
  const world = setUp()
  await world.service.setup(passphrase)
  world.control.set({ ...world.control.get(), after_minutes: 30 }, page)
  world.sleep(31 * minute)
  expect(world.vault.status().state).toBe('unlocked')
  await expect(world.dispatch('accounts.list', {}, { kind: 'app' })).rejects.toMatchObject({ code: 'locked' })
})

it('counts nothing down while it is locked', async () => {
  const world = setUp()
  await world.service.setup(passphrase)
  world.control.set({ ...world.control.get(), idle_minutes: 1 }, page)
  await world.service.lock('You locked it.')
  world.pass(5 * minute)
  await world.service.unlock(passphrase)
  expect(world.vault.status().state).toBe('unlocked')
  world.pass(59_000)
  expect(world.vault.status().state).toBe('unlocked')
})
