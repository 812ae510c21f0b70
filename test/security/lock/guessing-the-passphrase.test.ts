import { expect, it } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createEditLock } from '../../../electron/services/edit-lock.ts'
import { createPassphraseThrottle } from '../../../electron/services/passphrase-throttle.ts'
import { createVaultService } from '../../../electron/services/vault.ts'
import { createVaultKeys } from '../../../electron/services/vault-keys.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { cheap, cheapGuard, settableClock, unlocked } from '../../unit/vault/support.ts'

const passphrase = 'correct horse'
const caller = { kind: 'page' } as const

async function setUp() {
  const { vault } = await unlocked({ guard: cheapGuard(passphrase) })
  const clock = settableClock()
  const events = createEventBus<LatchkeyEvent>()
  const activity = createActivity({ vault, clock, events })
  const throttle = createPassphraseThrottle(clock)
  const keys = createVaultKeys({ vault, guards: [], activity, throttle, scryptCost: cheap })
  const editLock = createEditLock({ vault, passphrase: keys, events, activity, clock, steady: clock })
  const service = createVaultService({
    vault,
    automaticGuard: null,
    events,
    activity,
    throttle,
    onLock: async () => {},
    onUnlock: () => {},
    scryptCost: cheap,
  })
  await editLock.set(true, passphrase, caller)
  return { vault, clock, editLock, keys, service }
}

it('[E2] guesses at the edit lock have to wait longer and longer', async () => {
  const { clock, editLock } = await setUp()
  for (const wait of [1000, 2000, 4000, 8000]) {
    await expect(editLock.unlock('wrong', caller)).rejects.toMatchObject({ code: 'invalid_request' })
    clock.advance(wait - 1)
    await expect(editLock.unlock(passphrase, caller)).rejects.toMatchObject({ code: 'rate_limited' })
    expect(() => editLock.enter('providers.save')).toThrow('ask for the passphrase')
    clock.advance(1)
  }
  await editLock.unlock(passphrase, caller)
  editLock.enter('providers.save')
})

it('[E2] many guesses at the same moment are one try', async () => {
  const { editLock } = await setUp()
  const guesses = await Promise.allSettled(
    Array.from({ length: 20 }, (_, at) => editLock.unlock(at === 19 ? passphrase : `wrong ${at}`, caller)),
  )
  const codes = guesses.map((it) => (it.status === 'rejected' ? (it.reason as { code: string }).code : 'in'))
  expect(codes.filter((code) => code === 'rate_limited')).toHaveLength(19)
  expect(codes).not.toContain('in')
})

it('[E2] what was guessed at one door counts at every other', async () => {
  const { clock, editLock, keys, service, vault } = await setUp()
  await expect(editLock.unlock('wrong', caller)).rejects.toMatchObject({ code: 'invalid_request' })
  for (const other of [
    () => editLock.set(false, passphrase, caller),
    () => keys.changePassphrase(passphrase, 'another passphrase', caller),
  ]) {
    await expect(other()).rejects.toMatchObject({ code: 'rate_limited' })
  }
  vault.lock('test')
  await expect(service.unlock(passphrase)).rejects.toMatchObject({ code: 'rate_limited' })
  clock.advance(1000)
  expect(await service.unlock(passphrase)).toMatchObject({ state: 'unlocked' })
})

it('[E2] the passphrase cannot be taken away from under it', async () => {
  const { keys, editLock, vault } = await setUp()
  const { createVaultHandlers } = await import('../../../electron/services/handlers-vault.ts')
  await vault.keys.add({ ...cheapGuard('of the key store'), kind: 'os-keyring' })
  const handlers = createVaultHandlers({ keys, editLock, details: async () => ({}) as never })
  await editLock.unlock(passphrase, caller)
  await expect(handlers['vault.remove_guard']({ kind: 'passphrase' }, caller)).rejects.toMatchObject({
    code: 'invalid_request',
    details: { field: 'kind' },
  })
})
