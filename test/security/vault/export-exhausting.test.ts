import { expect, it } from 'vitest'
import { openExport, sealExport } from '../../../electron/services/vault-export/format.ts'

const passphrase = 'a passphrase for the file'

/** A file with another header in front of the same contents. */
async function withHeader(change: (header: Record<string, unknown>) => unknown): Promise<Buffer> {
  const file = await sealExport(Buffer.from('x'), passphrase, { n: 2, r: 1, p: 1 })
  const end = 20 + file.readUInt32BE(16)
  const header = Buffer.from(JSON.stringify(change(JSON.parse(file.subarray(20, end).toString('utf8')))))
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  return Buffer.concat([file.subarray(0, 16), length, header, file.subarray(end)])
}

it.each<[string, Record<string, unknown>]>([
  ['N of 2^30', { n: 2 ** 30 }],
  ['N that is no power of two', { n: 2 ** 17 + 1 }],
  ['r of 2^20', { r: 2 ** 20 }],
  ['p of 2^20', { p: 2 ** 20 }],
  ['a negative N', { n: -2 }],
  ['N as text', { n: '131072' }],
  ['another function', { kdf: 'none' }],
  ['another cipher', { cipher: 'none' }],
  ['a salt of a megabyte', { salt: Buffer.alloc(2000).toString('base64') }],
  ['a short nonce', { nonce: 'AAAA' }],
  ['something more', { more: true }],
])('[F15] an export that asks for %s is refused before anything is derived', async (_name, change) => {
  const file = await withHeader((header) => ({ ...header, ...change }))
  const before = performance.now()
  await expect(openExport(file, passphrase)).rejects.toMatchObject({
    code: 'invalid_request',
    details: { field: 'passphrase' },
  })
  expect(performance.now() - before).toBeLessThan(1000)
})

it.each<[string, (file: Buffer) => number]>([
  ['longer than the file', () => 0xffffffff],
  ['as long as all the rest', (file) => file.length - 20],
  ['of no length', () => 0],
])('[F15] a header %s is refused', async (_name, length) => {
  const file = await sealExport(Buffer.from('x'), passphrase, { n: 2, r: 1, p: 1 })
  file.writeUInt32BE(length(file), 16)
  await expect(openExport(file, passphrase)).rejects.toMatchObject({ code: 'invalid_request' })
})

it('[F15] a header of thousands of bytes is refused', async () => {
  const file = await withHeader((header) => ({ ...header, more: 'x'.repeat(5000) }))
  await expect(openExport(file, passphrase)).rejects.toMatchObject({ code: 'invalid_request' })
})
