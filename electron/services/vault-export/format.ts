import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { z } from 'zod'
import { LatchkeyError } from '../../../shared/errors.ts'
import { type Cost, costShape, derive, usualCost } from '../export-secrets.ts'

/**
 * The bytes of an export (docs/export-format.md): what it is, its version, a header with what the key is derived from,
 * and the contents under AES-256-GCM with all that stands before them as additional data. Not compressed: how well
 * secrets compress beside text that somebody else chose tells of them.
 */
const magic = Buffer.from('LATCHKEY-EXPORT', 'latin1')
export const formatVersion = 1

const lengthAt = magic.length + 1
const headerAt = lengthAt + 4
const longestHeader = 4096
const saltLength = 16
const nonceLength = 12
const tagLength = 16

const bytes = (length: number) => z.base64().refine((text) => Buffer.from(text, 'base64').length === length)
const headerSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  ...costShape,
  salt: bytes(saltLength),
  cipher: z.literal('aes-256-gcm'),
  nonce: bytes(nonceLength),
})

/** @param cost Of deriving the key. For tests; what is stored in the file decides when it is read. */
export async function sealExport(contents: Buffer, passphrase: string, cost: Cost = usualCost): Promise<Buffer> {
  const salt = randomBytes(saltLength)
  const nonce = randomBytes(nonceLength)
  const header = Buffer.from(
    JSON.stringify({
      kdf: 'scrypt',
      n: cost.n,
      r: cost.r,
      p: cost.p,
      salt: salt.toString('base64'),
      cipher: 'aes-256-gcm',
      nonce: nonce.toString('base64'),
    }),
  )
  const length = Buffer.alloc(4)
  length.writeUInt32BE(header.length)
  const before = Buffer.concat([magic, Buffer.of(formatVersion), length, header])
  const key = await derive(passphrase, salt, cost)
  try {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(before)
    return Buffer.concat([before, cipher.update(contents), cipher.final(), cipher.getAuthTag()])
  } finally {
    key.fill(0)
  }
}

/**
 * What was sealed; the caller wipes it. Throws `invalid_request`: with field `document` for what is no export and for one
 * of another version, which anybody can see; with field `passphrase` for everything else, without saying what it is.
 */
export async function openExport(file: Buffer, passphrase: string): Promise<Buffer> {
  if (file.length < headerAt || !file.subarray(0, magic.length).equals(magic)) {
    throw refused('document', 'This is not a file that Latchkey exported.')
  }
  const version = file.readUInt8(magic.length)
  if (version !== formatVersion) {
    throw refused(
      'document',
      `This export has format ${version}; this Latchkey reads format ${formatVersion}.${version > formatVersion ? ' Update Latchkey to import it.' : ''}`,
    )
  }
  const header = headerOf(file)
  const sealedEnd = file.length - tagLength
  if (header === null || header.end > sealedEnd) throw cannotOpen()
  const key = await derive(passphrase, Buffer.from(header.salt, 'base64'), header)
  let opened: Buffer | null = null
  try {
    const nonce = Buffer.from(header.nonce, 'base64')
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
    decipher.setAAD(file.subarray(0, header.end)).setAuthTag(file.subarray(sealedEnd))
    opened = decipher.update(file.subarray(header.end, sealedEnd))
    decipher.final()
    return opened
  } catch {
    opened?.fill(0)
    throw cannotOpen()
  } finally {
    key.fill(0)
  }
}

function headerOf(file: Buffer): (z.infer<typeof headerSchema> & { end: number }) | null {
  const length = file.readUInt32BE(lengthAt)
  const end = headerAt + length
  if (length > longestHeader || end > file.length) return null
  try {
    const header = headerSchema.safeParse(JSON.parse(file.subarray(headerAt, end).toString('utf8')))
    return header.success ? { ...header.data, end } : null
  } catch {
    return null
  }
}

const cannotOpen = () =>
  refused('passphrase', 'This export cannot be opened: the passphrase is wrong, or the file was changed.')

function refused(field: string, message: string): LatchkeyError {
  return new LatchkeyError('invalid_request', message, { field })
}
