import { randomBytes } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { type KeyGuard, KeyGuardUnavailable, type Vault } from '../../../electron/vault/ports.ts'
import { memoryGuard } from './guards.ts'
import { cheapGuard, locked, registration, seed, tokens, unlocked } from './support.ts'

const stores = [
  'registrations',
  'accounts',
  'tokens',
  'activity',
  'records',
  'providers',
  'routes',
  'webhooks',
  'apps',
  'asks',
  'bindings',
  'settings',
  'keys',
] as const

/** Every method of every store, and the transaction. */
function everyCall(vault: Vault): [name: string, call: () => unknown][] {
  const calls = stores.flatMap((store) =>
    Object.entries(vault[store] as unknown as Record<string, (...input: unknown[]) => unknown>).map(
      ([name, method]): [string, () => unknown] => [`${store}.${name}`, () => method('x', {}, {}, null)],
    ),
  )
  return [...calls, ['transaction', () => vault.transaction(() => 1)]]
}

describe('locked', () => {
  it('every method of every store answers locked: new, locked and closed', async () => {
    const { vault } = locked()
    const expectAllLocked = () => {
      for (const [name, call] of everyCall(vault)) {
        expect(call, name).toThrow(expect.objectContaining({ code: 'locked' }))
      }
    }
    expect(everyCall(vault).length).toBe(91)
    expectAllLocked()
    await vault.create(cheapGuard())
    expect(vault.registrations.list()).toEqual([])
    vault.lock('The screen was locked.')
    expectAllLocked()
    await vault.unlock(cheapGuard())
    vault.close()
    expectAllLocked()
    expect(vault.status().state).toBe('locked')
  })

  it('keeps everything, and says why and what helps', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.tokens.put('acc_1', tokens())
    expect(vault.lock('The screen was locked.')).toEqual({
      state: 'locked',
      guards: ['passphrase'],
      reason: 'The screen was locked.',
      remedy: 'Enter the passphrase to unlock it.',
    })
    expect(vault.lock('Again.').reason).toBe('The screen was locked.')
    expect(await vault.unlock(cheapGuard())).toEqual({
      state: 'unlocked',
      guards: ['passphrase'],
      reason: 'Protected by a passphrase.',
      remedy: null,
    })
    expect(vault.tokens.get('acc_1')).toEqual(tokens())
  })

  it('the key in memory is zeroed', async () => {
    let seen: Uint8Array = new Uint8Array()
    let returned: Uint8Array = new Uint8Array()
    const guard = memoryGuard()
    const watched: KeyGuard = {
      ...guard,
      wrap: (dataKey) => {
        seen = dataKey
        return guard.wrap(dataKey)
      },
      unwrap: async (...input) => {
        const opened = await guard.unwrap(...input)
        returned = opened.dataKey
        return opened
      },
    }
    const { vault } = await unlocked({ guard: watched })
    expect(seen.some((byte) => byte !== 0)).toBe(true)
    expect(returned.every((byte) => byte === 0)).toBe(true)
    vault.lock('test')
    expect(seen).toHaveLength(32)
    expect(seen.every((byte) => byte === 0)).toBe(true)
  })
})

describe('creating', () => {
  it('is for a new vault only, also when asked twice at once', async () => {
    const { vault } = locked()
    expect(vault.status()).toMatchObject({ state: 'new', guards: [] })
    const answers = await Promise.allSettled([vault.create(cheapGuard()), vault.create(cheapGuard('other one'))])
    expect(answers.map((it) => it.status)).toEqual(['fulfilled', 'rejected'])
    await expect(vault.create(cheapGuard())).rejects.toMatchObject({ code: 'invalid_request' })
    vault.lock('test')
    await expect(vault.create(cheapGuard())).rejects.toMatchObject({ code: 'invalid_request' })
    expect((await vault.unlock(cheapGuard())).state).toBe('unlocked')
  })

  it('with a guard that cannot work leaves the vault new, with the reason', async () => {
    const { vault } = locked()
    const refuse = async () => {
      throw new KeyGuardUnavailable('No keyring answers.', 'Choose a passphrase.')
    }
    await expect(vault.create(memoryGuard({ wrap: refuse }))).rejects.toThrow('No keyring answers.')
    expect(vault.status()).toEqual({
      state: 'new',
      guards: [],
      reason: 'No keyring answers.',
      remedy: 'Choose a passphrase.',
    })
    expect((await vault.create(cheapGuard())).state).toBe('unlocked')
  })

  it('with a guard that does not give back what it was given is refused before anything relies on it', async () => {
    const { vault } = locked()
    const forgetful = memoryGuard({ unwrap: async () => ({ dataKey: randomBytes(32), rewrap: false }) })
    await expect(vault.create(forgetful)).rejects.toBeInstanceOf(KeyGuardUnavailable)
    expect(vault.status().state).toBe('new')
  })
})

describe('unlocking', () => {
  it('with a wrong passphrase stays locked, says so, and harms nothing', async () => {
    const { vault } = await unlocked()
    vault.registrations.save(registration(), 'client-secret-1')
    vault.lock('test')
    expect(await vault.unlock(cheapGuard('wrong'))).toMatchObject({
      state: 'locked',
      reason: 'The passphrase does not open this vault.',
      remedy: expect.stringContaining('Try again'),
    })
    expect(await vault.unlock(cheapGuard())).toMatchObject({ state: 'unlocked' })
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
  })

  it('with a guard that has no slot says what to use instead', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    expect(await vault.unlock(memoryGuard())).toMatchObject({
      state: 'locked',
      reason: expect.stringContaining('not protected by safe-storage'),
    })
  })

  it('with a key store whose key has changed stays locked and keeps everything', async () => {
    const guard = memoryGuard()
    const { vault } = await unlocked({ guard })
    seed(vault)
    vault.lock('test')
    expect(await vault.unlock(memoryGuard())).toMatchObject({
      state: 'locked',
      guards: ['safe-storage'],
      reason: 'The key store has no such key.',
      remedy: expect.stringContaining('Nothing was deleted'),
    })
    const other = memoryGuard({ unwrap: async () => ({ dataKey: randomBytes(32), rewrap: false }) })
    expect((await vault.unlock(other)).reason).toContain('does not belong to this vault')
    const short = memoryGuard({ unwrap: async () => ({ dataKey: randomBytes(16), rewrap: true }) })
    expect((await vault.unlock(short)).reason).toContain('does not belong to this vault')
    const broken = memoryGuard({ unwrap: async () => Promise.reject(new TypeError('defect')) })
    expect(await vault.unlock(broken)).toMatchObject({ state: 'locked', remedy: expect.stringContaining('log') })
    expect(await vault.unlock(guard)).toMatchObject({ state: 'unlocked' })
    expect(vault.registrations.clientSecret('reg_1')).toBe('client-secret-1')
  })

  it('wraps the key again when the guard asks for it, and goes on when that fails', async () => {
    const guard = memoryGuard()
    const { vault } = await unlocked({ guard })
    vault.lock('test')
    const again: Uint8Array[] = []
    const rewrapping = memoryGuard({
      unwrap: async (...input) => ({ ...(await guard.unwrap(...input)), rewrap: true }),
      wrap: async (dataKey) => {
        const slot = await guard.wrap(dataKey)
        again.push(slot.wrapped)
        return slot
      },
    })
    expect((await vault.unlock(rewrapping)).state).toBe('unlocked')
    vault.lock('test')
    const handles: string[] = []
    const watching = memoryGuard({
      unwrap: async (wrapped, params) => {
        handles.push(Buffer.from(wrapped).toString('hex'))
        return { ...(await guard.unwrap(wrapped, params)), rewrap: true }
      },
      wrap: async () => Promise.reject(new KeyGuardUnavailable('gone', 'later')),
    })
    expect((await vault.unlock(watching)).state).toBe('unlocked')
    expect(handles).toEqual(again.map((it) => Buffer.from(it).toString('hex')))
    vault.lock('test')
    expect((await vault.unlock(guard)).state).toBe('unlocked')
  })

  it('a lock while it is under way wins', async () => {
    const guard = memoryGuard()
    const { vault } = await unlocked({ guard })
    vault.lock('test')
    const started = Promise.withResolvers<void>()
    const released = Promise.withResolvers<void>()
    const slow = memoryGuard({
      unwrap: async (...input) => {
        started.resolve()
        await released.promise
        return guard.unwrap(...input)
      },
    })
    const attempt = vault.unlock(slow)
    await started.promise
    vault.lock('The screen was locked.')
    released.resolve()
    expect((await attempt).state).toBe('locked')
    expect(() => vault.accounts.list()).toThrow(expect.objectContaining({ code: 'locked' }))
    expect((await vault.unlock(guard)).state).toBe('unlocked')
  })

  it('explain() gives the reason until the vault opens', async () => {
    const { vault } = await unlocked()
    vault.lock('test')
    vault.explain('Only basic_text answers.', 'Choose a passphrase.')
    expect(vault.status()).toMatchObject({ reason: 'Only basic_text answers.', remedy: 'Choose a passphrase.' })
    expect(() => vault.accounts.list()).toThrow('Only basic_text answers.')
    await vault.unlock(cheapGuard())
    expect(vault.status().reason).toBe('Protected by a passphrase.')
  })
})
