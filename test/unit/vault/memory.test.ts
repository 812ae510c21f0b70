import { describe, expect, it } from 'vitest'
import { account, cheapGuard, seed, tokens, unlocked } from './support.ts'

async function world() {
  const { vault } = await unlocked()
  seed(vault)
  vault.tokens.put('acc_1', tokens())
  let reads = 0
  const token = vault.remember((id) => {
    reads += 1
    return vault.tokens.get(id)
  })
  return { vault, token, reads: () => reads }
}

describe('what is remembered', () => {
  it('is read once, and cannot be changed by whoever gets it', async () => {
    const { token, reads } = await world()
    expect(token('acc_1')).toMatchObject({ accessToken: 'access-1' })
    expect(token('acc_1')).toBe(token('acc_1'))
    expect(reads()).toBe(1)
    expect(() => token('acc_1')?.scopes.push('more')).toThrow(TypeError)
    expect(() => Object.assign(token('acc_1') ?? {}, { accessToken: 'another' })).toThrow(TypeError)
  })

  it('is read again after any write, also by a foreign key', async () => {
    const { vault, token } = await world()
    expect(token('acc_1')?.expiresAt).toBe(61_000)
    vault.tokens.setExpiry('acc_1', 5000, 'tester')
    expect(token('acc_1')?.expiresAt).toBe(5000)
    vault.tokens.commitRefresh('acc_1', tokens({ accessToken: 'access-2' }))
    expect(token('acc_1')?.accessToken).toBe('access-2')
    vault.registrations.remove('reg_1')
    expect(token('acc_1')).toBeNull()
  })

  it('never holds what a transaction took back', async () => {
    const { vault, token } = await world()
    const failing = () =>
      vault.transaction(() => {
        vault.tokens.put('acc_1', tokens({ accessToken: 'never' }))
        expect(token('acc_1')?.accessToken).toBe('never')
        throw new Error('taken back')
      })
    expect(failing).toThrow('taken back')
    expect(token('acc_1')?.accessToken).toBe('access-1')
  })

  it('is forgotten on lock, and nobody gets it until the vault is open again', async () => {
    const { vault, token, reads } = await world()
    token('acc_1')
    vault.lock('The screen was locked.')
    expect(() => token('acc_1')).toThrow(expect.objectContaining({ code: 'locked' }))
    await vault.unlock(cheapGuard())
    expect(token('acc_1')?.accessToken).toBe('access-1')
    expect(reads()).toBe(2)
  })

  it('is not kept when reading fails', async () => {
    const { vault } = await world()
    const reader = vault.remember((id) => {
      const found = vault.accounts.get(id)
      if (found === null) throw new Error('not there')
      return found.alias
    })
    expect(() => reader('acc_2')).toThrow('not there')
    vault.accounts.save(account({ id: 'acc_2', alias: 'second' }))
    expect(reader('acc_2')).toBe('second')
  })

  it('has an end: a caller who asks for ever new names fills no memory', async () => {
    const { vault } = await world()
    let reads = 0
    const reader = vault.remember((name) => {
      reads += 1
      return name
    })
    for (let n = 0; n < 1001; n++) reader(`name ${n}`)
    reader('name 1000')
    expect(reads).toBe(1001)
    reader('name 0')
    expect(reads).toBe(1002)
  })
})
