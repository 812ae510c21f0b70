import { describe, expect, it } from 'vitest'
import { createVaultDetails, createVaultHandlers } from '../../../electron/services/handlers-vault.ts'
import { createPassphraseThrottle } from '../../../electron/services/passphrase-throttle.ts'
import type { Caller } from '../../../electron/services/ports.ts'
import type { ActivityEntry } from '../../../electron/services/ports-apps.ts'
import { createVaultKeys } from '../../../electron/services/vault-keys.ts'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable } from '../../../electron/vault/ports.ts'
import { vaultContract, vaultDetailsSchema } from '../../../shared/contract-vault.ts'
import { memoryGuard } from '../vault/guards.ts'
import { cheap, cheapGuard, settableClock, unlocked } from '../vault/support.ts'

const caller: Caller = { kind: 'page' }
const unavailable = async () => Promise.reject(new KeyGuardUnavailable('The keyring is locked.', 'Unlock it.'))

/** A vault under `guard`, on a host with `guards`. */
async function setUp(guards: KeyGuard[] = [], guard: KeyGuard = cheapGuard()) {
  const { vault } = await unlocked({ guard, clock: settableClock(0) })
  const clock = settableClock()
  const noted: ActivityEntry[] = []
  const keys = createVaultKeys({
    vault,
    guards,
    activity: { add: (entry) => void noted.push(entry) },
    throttle: createPassphraseThrottle(clock),
    scryptCost: cheap,
  })
  const state = { enabled: false, open_until: null }
  const details = createVaultDetails({
    keys,
    lock: { get: () => ({ idle_minutes: 15, after_minutes: null, on_screen_lock: true, on_suspend: true }) },
    editLock: { state: () => state },
    backups: { list: () => [] },
    badge: { get: (kinds) => ({ level: 'passphrase', title: kinds.join('+'), sentence: 'x', way_up: null }) },
  })
  const handlers = createVaultHandlers({ keys, editLock: { state: () => state }, details })
  return { vault, keys, handlers, noted, clock, state }
}

describe('vault.details', () => {
  it('[F13] shows the slots, whether each can be used now, and what could be added', async () => {
    const keyStore = memoryGuard()
    const probing = memoryGuard({ kind: 'os-keyring', probe: unavailable })
    const { handlers } = await setUp([keyStore, probing])
    expect(await handlers['vault.details']({}, caller)).toMatchObject({
      slots: [{ kind: 'passphrase', created_at: '1970-01-01T00:00:00.000Z', usable: null, note: null }],
      addable: ['safe-storage'],
      badge: { title: 'passphrase' },
      key_version: 1,
      rotation: { running: false, done: 0, total: 0 },
    })
    const after = await handlers['vault.add_guard']({ kind: 'safe-storage' }, caller)
    expect(vaultDetailsSchema.parse(after)).toEqual(after)
    expect(after.slots).toMatchObject([{ kind: 'passphrase' }, { kind: 'safe-storage', usable: true, note: null }])
    expect(after.addable).toEqual([])
    expect(Object.keys(handlers).every((method) => method in vaultContract)).toBe(true)
  })

  it('says of each slot why it cannot be used, asking each key store once', async () => {
    let asked = 0
    const inner = memoryGuard({ kind: 'os-keyring' })
    const keyring: KeyGuard = {
      ...inner,
      unwrap: async (...input) => {
        asked++
        if (asked > 1) await unavailable()
        return inner.unwrap(...input)
      },
    }
    const { keys, vault } = await setUp([keyring], memoryGuard())
    await vault.keys.add(keyring)
    expect(asked).toBe(1)
    const [mine, desktop] = (await keys.details()).slots
    expect(desktop).toMatchObject({ usable: false, note: expect.stringContaining('desktop app') })
    expect(mine).toMatchObject({ usable: false, note: 'The keyring is locked. Unlock it.' })
    await keys.details()
    expect(asked).toBe(2)
    await keys.addGuard('passphrase', 'correct horse', caller)
    await keys.details()
    expect(asked).toBe(3)
  })

  it('answers locked', async () => {
    const { vault, handlers } = await setUp()
    vault.lock('test')
    await expect(handlers['vault.details']({}, caller)).rejects.toMatchObject({ code: 'locked' })
    await expect(handlers['vault.rotate']({}, caller)).rejects.toMatchObject({ code: 'locked' })
    await expect(handlers['vault.remove_guard']({ kind: 'passphrase' }, caller)).rejects.toMatchObject({
      code: 'locked',
    })
  })
})

describe('adding and removing', () => {
  it('says what is wrong: no passphrase, no such guard here, twice, a guard that cannot work', async () => {
    const { handlers } = await setUp([memoryGuard({ wrap: unavailable })])
    const add = handlers['vault.add_guard']
    await expect(add({ kind: 'passphrase' }, caller)).rejects.toMatchObject({ details: { field: 'passphrase' } })
    await expect(add({ kind: 'os-keyring' }, caller)).rejects.toMatchObject({ details: { field: 'kind' } })
    await expect(add({ kind: 'passphrase', passphrase: 'another one' }, caller)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('already'),
    })
    await expect(add({ kind: 'safe-storage' }, caller)).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'The keyring is locked.',
      details: { action: { text: 'Unlock it.' } },
    })
  })

  it('never leaves a vault that nothing opens', async () => {
    const broken = memoryGuard({ kind: 'os-keyring' })
    const { handlers, vault, noted } = await setUp([broken], memoryGuard())
    const remove = handlers['vault.remove_guard']
    await expect(remove({ kind: 'safe-storage' }, caller)).rejects.toMatchObject({ code: 'invalid_request' })
    await vault.keys.add(broken)
    broken.unwrap = async () => Promise.reject(new KeyGuardRejected('The key is gone.'))
    await expect(remove({ kind: 'safe-storage' }, caller)).rejects.toMatchObject({
      message: expect.stringContaining('The key is gone.'),
      details: { action: { text: 'Add a passphrase first.' } },
    })
    expect(noted).toEqual([])
    await handlers['vault.add_guard']({ kind: 'passphrase', passphrase: 'correct horse' }, caller)
    expect((await remove({ kind: 'safe-storage' }, caller)).slots.map(({ kind }) => kind)).toEqual([
      'os-keyring',
      'passphrase',
    ])
    expect(noted).toMatchObject([
      { kind: 'vault', actor: 'page', detail: { guard: 'passphrase' } },
      { kind: 'vault', actor: 'page', detail: { guard: 'safe-storage' } },
    ])
  })

  it('[E2] the passphrase stays while changes ask for it', async () => {
    const { handlers, state } = await setUp([memoryGuard()])
    await handlers['vault.add_guard']({ kind: 'safe-storage' }, caller)
    state.enabled = true
    await expect(handlers['vault.remove_guard']({ kind: 'passphrase' }, caller)).rejects.toMatchObject({
      details: { action: { text: 'Turn that off first.' } },
    })
    state.enabled = false
    await handlers['vault.remove_guard']({ kind: 'passphrase' }, caller)
  })
})

describe('the passphrase', () => {
  it('[F13] is changed by who knows it; wrong ones are slowed down, wherever they are tried', async () => {
    const { handlers, keys, vault, clock } = await setUp()
    const change = handlers['vault.change_passphrase']
    await expect(change({ current: 'wrong', passphrase: 'the new one' }, caller)).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'current' },
    })
    await expect(keys.check('correct horse')).rejects.toMatchObject({ code: 'rate_limited' })
    clock.advance(1000)
    await change({ current: 'correct horse', passphrase: 'the new one' }, caller)
    await keys.check('the new one')
    await expect(keys.check('correct horse')).rejects.toMatchObject({ details: { field: 'passphrase' } })
    vault.lock('test')
    expect((await vault.unlock(cheapGuard('the new one'))).state).toBe('unlocked')
  })

  it('that is not there says so', async () => {
    const { keys } = await setUp([], memoryGuard())
    await expect(keys.check('any')).rejects.toMatchObject({
      code: 'invalid_request',
      message: 'This vault has no passphrase.',
    })
  })
})

describe('rotating', () => {
  it('[F13] asks for the passphrase where there is one, and names what cannot be reached', async () => {
    const keyStore = memoryGuard()
    const { handlers, vault, clock } = await setUp([keyStore])
    const rotate = handlers['vault.rotate']
    await handlers['vault.add_guard']({ kind: 'safe-storage' }, caller)
    await expect(rotate({}, caller)).rejects.toMatchObject({ details: { field: 'passphrase' } })
    await expect(rotate({ passphrase: 'wrong' }, caller)).rejects.toMatchObject({ details: { field: 'passphrase' } })
    clock.advance(1000)
    const { unwrap } = keyStore
    keyStore.unwrap = unavailable
    await expect(rotate({ passphrase: 'correct horse' }, caller)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringMatching(/key store of this computer.* now\. The keyring is locked\./),
    })
    keyStore.unwrap = unwrap
    expect(vault.keys.version()).toBe(1)
    expect((await rotate({ passphrase: 'correct horse' }, caller)).key_version).toBe(2)
    await vault.keys.settled()
  })

  it('is for the host that can open every slot', async () => {
    const { handlers } = await setUp([], memoryGuard())
    await expect(handlers['vault.rotate']({}, caller)).rejects.toMatchObject({
      message: expect.stringContaining('desktop app'),
      details: { action: { text: expect.stringContaining('remove that way') } },
    })
  })
})
