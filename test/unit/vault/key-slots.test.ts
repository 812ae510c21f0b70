import { describe, expect, it } from 'vitest'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable } from '../../../electron/vault/ports.ts'
import { fill, readAll } from './filled.ts'
import { memoryGuard } from './guards.ts'
import { cheapGuard, locked, settableClock, unlocked } from './support.ts'

const kinds = (vault: Awaited<ReturnType<typeof unlocked>>['vault']) => vault.keys.slots().map(({ kind }) => kind)

describe('[F13] a second way in', () => {
  it('opens the same vault; the first one still does', async () => {
    const clock = settableClock(1000)
    const keyStore = memoryGuard()
    const { vault } = await unlocked({ guard: keyStore, clock })
    fill(vault)
    const before = readAll(vault)
    clock.set(2000)
    await vault.keys.add(cheapGuard())
    expect(vault.keys.slots()).toEqual([
      { kind: 'safe-storage', createdAt: 1000, updatedAt: 1000 },
      { kind: 'passphrase', createdAt: 2000, updatedAt: 2000 },
    ])
    expect(vault.status().guards).toEqual(['safe-storage', 'passphrase'])
    for (const guard of [keyStore, cheapGuard()]) {
      vault.lock('test')
      expect((await vault.unlock(guard)).state).toBe('unlocked')
      expect(readAll(vault)).toEqual(before)
    }
  })

  it('is the recovery when the key store has lost its key, and the remedy says so', async () => {
    const { vault } = await unlocked({ guard: memoryGuard() })
    fill(vault)
    await vault.keys.add(cheapGuard())
    const before = readAll(vault)
    vault.lock('test')
    expect(await vault.unlock(memoryGuard())).toMatchObject({
      state: 'locked',
      reason: 'The key store has no such key.',
      remedy: expect.stringMatching(/Nothing was deleted\. Or unlock the vault with its passphrase\.$/),
    })
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
    expect(readAll(vault)).toEqual(before)
    await vault.keys.remove('safe-storage')
    const renewed = memoryGuard()
    await vault.keys.add(renewed)
    vault.lock('test')
    expect((await vault.unlock(renewed)).state).toBe('unlocked')
  })

  it('is not added twice, and not with a guard that cannot give back what it got', async () => {
    const { vault } = await unlocked()
    await expect(vault.keys.add(cheapGuard('another'))).rejects.toMatchObject({ code: 'invalid_request' })
    const forgetful = memoryGuard({ unwrap: async () => Promise.reject(new KeyGuardRejected('no such key')) })
    await expect(vault.keys.add(forgetful)).rejects.toThrow('no such key')
    expect(kinds(vault)).toEqual(['passphrase'])
    vault.lock('test')
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
  })

  it('is removed, but never the last one', async () => {
    const { vault } = await unlocked()
    const keyStore = memoryGuard()
    await expect(vault.keys.remove('passphrase')).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(vault.keys.remove('os-keyring')).rejects.toMatchObject({ code: 'not_found' })
    await vault.keys.add(keyStore)
    await vault.keys.remove('passphrase')
    expect(vault.status()).toMatchObject({
      guards: ['safe-storage'],
      reason: "Protected by this computer's key store.",
    })
    vault.lock('test')
    expect((await vault.unlock(cheapGuard())).reason).toContain('not protected by passphrase')
    expect((await vault.unlock(keyStore)).state).toBe('unlocked')
  })

  it('a lock while it is being added wins: there is no new slot', async () => {
    const { vault } = await unlocked()
    const started = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const inner = memoryGuard()
    const seen: Uint8Array[] = []
    const slow: KeyGuard = {
      ...inner,
      wrap: async (key) => {
        seen.push(key)
        started.resolve()
        await released.promise
        return inner.wrap(key)
      },
    }
    const adding = vault.keys.add(slow)
    await started.promise
    vault.lock('The screen was locked.')
    expect(seen[0]?.some((byte) => byte !== 0)).toBe(true)
    released.resolve()
    await expect(adding).rejects.toBeInstanceOf(KeyGuardUnavailable)
    expect(seen[0]?.every((byte) => byte === 0)).toBe(true)
    expect(vault.status().guards).toEqual(['passphrase'])
    await vault.unlock(cheapGuard())
    expect(kinds(vault)).toEqual(['passphrase'])
  })
})

describe('[F13] another passphrase', () => {
  it('opens the vault from then on, and the old one no longer does', async () => {
    const { vault, file } = await unlocked({ guard: cheapGuard('the old one') })
    fill(vault)
    const before = readAll(vault)
    await vault.keys.replace(cheapGuard('the old one'), cheapGuard('the new one'))
    vault.close()
    const again = locked({ file }).vault
    expect((await again.unlock(cheapGuard('the old one'))).state).toBe('locked')
    expect((await again.unlock(cheapGuard('the new one'))).state).toBe('unlocked')
    expect(readAll(again)).toEqual(before)
  })

  it('needs the one that there is', async () => {
    const { vault } = await unlocked()
    await expect(vault.keys.replace(cheapGuard('wrong'), cheapGuard('new'))).rejects.toBeInstanceOf(KeyGuardRejected)
    await expect(vault.keys.check(cheapGuard('wrong'))).rejects.toBeInstanceOf(KeyGuardRejected)
    await vault.keys.check(cheapGuard())
    vault.lock('test')
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
  })
})

it('wrapping again never replaces a slot that opens by one that does not', async () => {
  const guard = memoryGuard()
  const { vault } = await unlocked({ guard })
  vault.lock('test')
  const garbling = memoryGuard({
    unwrap: async (...input) => ({ ...(await guard.unwrap(...input)), rewrap: true }),
    wrap: async () => ({ wrapped: Buffer.from('garbage'), params: {} }),
  })
  expect((await vault.unlock(garbling)).state).toBe('unlocked')
  vault.lock('test')
  expect((await vault.unlock(guard)).state).toBe('unlocked')
})
