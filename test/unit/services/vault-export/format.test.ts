import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { openExport, sealExport } from '../../../../electron/services/vault-export/format.ts'

const cheap = { n: 2, r: 1, p: 1 }
const passphrase = 'a passphrase for the file'

it('[F15] what was sealed comes out as it went in, whatever it is and whatever the passphrase is', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3000 }),
      fc.string({ minLength: 1, unit: 'grapheme' }),
      async (contents, words) => {
        const file = await sealExport(Buffer.from(contents), words, cheap)
        expect((await openExport(file, words)).equals(Buffer.from(contents))).toBe(true)
      },
    ),
    { numRuns: 60 },
  )
})

it('a passphrase typed composed or decomposed is the same one', async () => {
  const file = await sealExport(Buffer.from('x'), 'caf\u00e9 noir', cheap)
  expect(String(await openExport(file, 'cafe\u0301 noir'))).toBe('x')
})

it('[F15] the layout is the documented one, and no two files are alike', async () => {
  const contents = Buffer.from('the contents of the export')
  const file = await sealExport(contents, passphrase, cheap)
  expect(file.subarray(0, 15).toString('latin1')).toBe('LATCHKEY-EXPORT')
  expect(file.readUInt8(15)).toBe(1)
  const length = file.readUInt32BE(16)
  const header = JSON.parse(file.subarray(20, 20 + length).toString('utf8'))
  expect(header).toEqual({
    kdf: 'scrypt',
    n: 2,
    r: 1,
    p: 1,
    salt: expect.stringMatching(/^.{22}==$/),
    cipher: 'aes-256-gcm',
    nonce: expect.stringMatching(/^.{16}$/),
  })
  expect(file.length).toBe(20 + length + contents.length + 16)
  expect(file.includes('contents')).toBe(false)
  const other = await sealExport(contents, passphrase, cheap)
  expect(other.subarray(20).equals(file.subarray(20))).toBe(false)
})

it('[F15] a real export costs 128 MiB and half a second to try a passphrase on', async () => {
  const file = await sealExport(Buffer.from('x'), passphrase)
  expect(file.subarray(20, 80).toString()).toContain('"n":131072,"r":8,"p":1')
})

describe('what is no export of this version says so', () => {
  it.each([
    ['nothing', Buffer.alloc(0)],
    ['another file', Buffer.from('{"format":"latchkey-providers"}')],
    ['the beginning of one', Buffer.from('LATCHKEY-EXPORT')],
  ])('%s', async (_name, file) => {
    const error = {
      code: 'invalid_request',
      details: { field: 'document' },
      message: expect.stringContaining('not a file'),
    }
    await expect(openExport(file, passphrase)).rejects.toMatchObject(error)
  })

  it('[F15] a newer format is named', async () => {
    const file = await sealExport(Buffer.from('x'), passphrase, cheap)
    file.writeUInt8(2, 15)
    const error = openExport(file, passphrase)
    await expect(error).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'document' } })
    await expect(error).rejects.toThrow('has format 2; this Latchkey reads format 1. Update Latchkey')
  })
})
