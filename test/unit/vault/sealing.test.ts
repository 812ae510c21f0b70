import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { createSealer } from '../../../electron/vault/sealing.ts'

const place = { table: 'token_secrets', row: 'acc_1', column: 'access_token' }
const sealer = createSealer(randomBytes(32), 1)

it('opens what it sealed, whatever the text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 3000 }), (text) => {
      const sealed = sealer.seal(place, text)
      expect(sealer.open(place, sealed)).toBe(text)
    }),
  )
})

it('never seals the same text to the same bytes', () => {
  const all = Array.from({ length: 1000 }, () => sealer.seal(place, 'same').toString('hex'))
  expect(new Set(all).size).toBe(1000)
  expect(new Set(all.map((hex) => hex.slice(10, 34))).size).toBe(1000)
})

it('does not open when a single bit anywhere was changed, or when it was cut', () => {
  const sealed = sealer.seal(place, 'a token')
  for (let bit = 0; bit < sealed.length * 8; bit++) {
    const changed = Buffer.from(sealed)
    changed.writeUInt8(changed.readUInt8(bit >> 3) ^ (1 << (bit & 7)), bit >> 3)
    expect(() => sealer.open(place, changed)).toThrow('cannot be opened')
  }
  for (let length = 0; length < sealed.length; length++) {
    expect(() => sealer.open(place, sealed.subarray(0, length))).toThrow('cannot be opened')
  }
})

it('does not open in another table, row, column, or under another key version or key', () => {
  const key = randomBytes(32)
  const first = createSealer(key, 1)
  const sealed = first.seal(place, 'a token')
  for (const other of [{ table: 'registrations' }, { row: 'acc_2' }, { column: 'refresh_token' }]) {
    expect(() => first.open({ ...place, ...other }, sealed)).toThrow('cannot be opened')
  }
  expect(() => createSealer(key, 2).open(place, sealed)).toThrow('cannot be opened')
  const renamed = Buffer.from(sealed)
  renamed.writeUInt32BE(2, 1)
  expect(() => createSealer(key, 2).open(place, renamed)).toThrow('cannot be opened')
  expect(() => createSealer(randomBytes(32), 1).open(place, sealed)).toThrow('cannot be opened')
})

it('tells places apart that would read the same when joined', () => {
  const sealed = sealer.seal({ table: 'a', row: 'b","c', column: 'd' }, 'text')
  expect(() => sealer.open({ table: 'a', row: 'b', column: 'c","d' }, sealed)).toThrow('cannot be opened')
})

it('says which value it is, and nothing of what it holds', () => {
  expect(() => sealer.open(place, Buffer.from('secret leftovers that are long enough to be read'))).toThrow(
    /^The stored value access_token of acc_1 \(token_secrets\) cannot be opened: .*It has been kept/,
  )
})
