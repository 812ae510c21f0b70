import { randomBytes } from 'node:crypto'
import { expect, it } from 'vitest'
import { passphraseGuard } from '../../../electron/vault/passphrase-guard.ts'
import { KeyGuardRejected, KeyGuardUnavailable } from '../../../electron/vault/ports.ts'
import { cheap } from './support.ts'

it('gives back the key it wrapped, and stores no more than it needs', async () => {
  const key = randomBytes(32)
  const guard = passphraseGuard('correct horse', cheap)
  const { wrapped, params } = await guard.wrap(key)
  expect(params).toEqual({ kdf: 'scrypt', ...cheap, salt: expect.stringMatching(/^[A-Za-z0-9+/]{22}==$/) })
  expect(Buffer.from(wrapped).includes(key)).toBe(false)
  const opened = await passphraseGuard('correct horse').unwrap(wrapped, params)
  expect(Buffer.from(opened.dataKey).equals(key)).toBe(true)
  expect(opened.rewrap).toBe(false)
})

it('is memory-hard by default: 128 MiB for each try', async () => {
  const { params } = await passphraseGuard('correct horse').wrap(randomBytes(32))
  expect(params).toMatchObject({ kdf: 'scrypt', N: 131_072, r: 8, p: 1 })
})

it('two slots of the same key and passphrase have nothing in common', async () => {
  const key = randomBytes(32)
  const guard = passphraseGuard('correct horse', cheap)
  const [a, b] = [await guard.wrap(key), await guard.wrap(key)]
  expect(a.params.salt).not.toBe(b.params.salt)
  expect(Buffer.from(a.wrapped).equals(b.wrapped)).toBe(false)
})

it('rejects a wrong passphrase and a changed slot', async () => {
  const guard = passphraseGuard('correct horse', cheap)
  const { wrapped, params } = await guard.wrap(randomBytes(32))
  await expect(passphraseGuard('correct horsf', cheap).unwrap(wrapped, params)).rejects.toBeInstanceOf(KeyGuardRejected)
  const changed = Buffer.from(wrapped)
  changed.writeUInt8(changed.readUInt8(40) ^ 1, 40)
  await expect(guard.unwrap(changed, params)).rejects.toBeInstanceOf(KeyGuardRejected)
  const elsewhere = { ...params, salt: randomBytes(16).toString('base64') }
  await expect(guard.unwrap(wrapped, elsewhere)).rejects.toBeInstanceOf(KeyGuardRejected)
})

it('the same letters typed composed or decomposed are the same passphrase', async () => {
  const key = randomBytes(32)
  const { wrapped, params } = await passphraseGuard('clé à molette', cheap).wrap(key)
  const opened = await passphraseGuard('clé à molette'.normalize('NFD'), cheap).unwrap(wrapped, params)
  expect(Buffer.from(opened.dataKey).equals(key)).toBe(true)
})

it('a tampered cost is refused before any memory is spent', async () => {
  const guard = passphraseGuard('correct horse', cheap)
  const { wrapped, params } = await guard.wrap(randomBytes(32))
  for (const bad of [
    { N: 2 ** 30 },
    { N: 1000 },
    { r: 10_000 },
    { p: 0 },
    { kdf: 'md5' },
    { salt: 7 },
    { N: undefined },
  ]) {
    await expect(guard.unwrap(wrapped, { ...params, ...bad })).rejects.toBeInstanceOf(KeyGuardUnavailable)
  }
  await expect(guard.unwrap(wrapped.subarray(0, 20), params)).rejects.toBeInstanceOf(KeyGuardUnavailable)
})
