import { createCipheriv, createDecipheriv, createHash, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'
import { LatchkeyError } from '../../shared/errors.ts'

/** Of what a passphrase costs. The limits keep a file that somebody made from exhausting the machine. */
export const costShape = {
  n: z
    .number()
    .int()
    .min(2)
    .max(2 ** 18)
    .refine((n) => Number.isInteger(Math.log2(n))),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(4),
}

/**
 * Secrets that leave this computer in a file, encrypted under a passphrase: scrypt (RFC 7914), then AES-256-GCM with what
 * else stands in the file as additional data, so that they open in the very file that they were written into and in no
 * other. The format is in docs/providers.md.
 */
const sealedSchema = z.strictObject({
  kdf: z.literal('scrypt'),
  ...costShape,
  salt: z.base64(),
  cipher: z.literal('aes-256-gcm'),
  nonce: z.base64(),
  tag: z.base64(),
  data: z.base64(),
})
export type SealedSecrets = z.infer<typeof sealedSchema>

export interface Cost {
  n: number
  r: number
  p: number
}

/** 128 MiB and about half a second: the OWASP recommendation for scrypt (Password Storage Cheat Sheet). */
export const usualCost: Cost = { n: 2 ** 17, r: 8, p: 1 }

/** @param rest Everything else in the file. */
export async function sealSecrets(
  text: string,
  passphrase: string,
  rest: unknown,
  cost: Cost = usualCost,
): Promise<SealedSecrets> {
  const salt = randomBytes(16)
  const nonce = randomBytes(12)
  const key = await derive(passphrase, salt, cost)
  try {
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: 16 }).setAAD(digest(rest))
    const data = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
    return {
      kdf: 'scrypt',
      ...cost,
      salt: salt.toString('base64'),
      cipher: 'aes-256-gcm',
      nonce: nonce.toString('base64'),
      tag: cipher.getAuthTag().toString('base64'),
      data: data.toString('base64'),
    }
  } finally {
    key.fill(0)
  }
}

/** Throws `invalid_request` with field `passphrase` when it does not open, or the file was changed. */
export async function openSecrets(sealed: unknown, passphrase: string, rest: unknown): Promise<string> {
  const stored = sealedSchema.safeParse(sealed)
  if (!stored.success) {
    throw new LatchkeyError('invalid_request', 'The encrypted part of this file is damaged.', {
      field: 'document.secrets',
    })
  }
  const { salt, nonce, tag, data, ...cost } = stored.data
  const key = await derive(passphrase, Buffer.from(salt, 'base64'), cost)
  try {
    const decipher = createDecipheriv('aes-256-gcm', key, Buffer.from(nonce, 'base64'), { authTagLength: 16 })
    decipher.setAAD(digest(rest)).setAuthTag(Buffer.from(tag, 'base64'))
    return Buffer.concat([decipher.update(Buffer.from(data, 'base64')), decipher.final()]).toString('utf8')
  } catch {
    throw new LatchkeyError(
      'invalid_request',
      'The secrets of this file do not open: the passphrase is wrong, or the file was changed after it was written.',
      { field: 'passphrase' },
    )
  } finally {
    key.fill(0)
  }
}

/** Members in the order of their names, so that a program that writes the file anew changes nothing. */
function digest(rest: unknown): Buffer {
  return createHash('sha256')
    .update(JSON.stringify(sorted(rest)))
    .digest()
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, member]) => member !== undefined)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, member]) => [name, sorted(member)]),
  )
}

/**
 * A key of 256 bits. NFKC: the same passphrase typed on another keyboard may arrive composed or decomposed
 * (RFC 8265 4.2).
 */
export function derive(passphrase: string, salt: Buffer, { n, r, p }: Cost): Promise<Buffer> {
  const maxmem = 128 * r * (n + p) + 1024 * 1024
  return new Promise((resolve, reject) => {
    scrypt(passphrase.normalize('NFKC'), salt, 32, { N: n, r, p, maxmem }, (error, key) => {
      if (error === null) resolve(key)
      else reject(new LatchkeyError('internal', 'There is not enough memory to derive the key of this file.'))
    })
  })
}
