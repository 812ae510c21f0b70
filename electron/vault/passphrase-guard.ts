import { createCipheriv, createDecipheriv, randomBytes, scrypt } from 'node:crypto'
import { z } from 'zod'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable } from './ports.ts'

/** The cost of one try (RFC 7914 2): memory is 128 · N · r bytes. */
export interface ScryptCost {
  N: number
  r: number
  p: number
}

/** 128 MiB and about half a second: the OWASP recommendation for scrypt (Password Storage Cheat Sheet). */
const usualCost: ScryptCost = { N: 2 ** 17, r: 8, p: 1 }

/** What is stored beside the wrapped key. The limits keep a tampered slot from exhausting the machine. */
const paramsSchema = z.object({
  kdf: z.literal('scrypt'),
  N: z
    .number()
    .int()
    .min(2)
    .max(2 ** 20)
    .refine((N) => Number.isInteger(Math.log2(N))),
  r: z.number().int().min(1).max(16),
  p: z.number().int().min(1).max(16),
  salt: z.base64(),
})

const nonceLength = 12
const tagLength = 16

/** Says what the wrapped key is for; the parameters are bound by the derived key itself. */
const purpose = Buffer.from('latchkey key slot: passphrase')

/** The same passphrase typed on another keyboard may arrive composed or decomposed: NFKC makes them one (RFC 8265 4.2). */
function deriveKey(passphrase: string, salt: Buffer, cost: ScryptCost): Promise<Buffer> {
  const { N, r, p } = cost
  return new Promise((resolve, reject) => {
    const maxmem = 128 * r * (N + p) + 1024 * 1024
    scrypt(passphrase.normalize('NFKC'), salt, 32, { N, r, p, maxmem }, (error, key) => {
      if (error === null) return resolve(key)
      reject(
        new KeyGuardUnavailable(
          'The key could not be derived from the passphrase: there is not enough memory.',
          'Close other programs and try again.',
        ),
      )
    })
  })
}

/**
 * Guards the data key with a passphrase: scrypt, then AES-256-GCM. Layout of the wrapped key: nonce, tag, ciphertext.
 * `cost` is for new slots; an existing one is opened with the cost that it was made with.
 */
export function passphraseGuard(passphrase: string, cost: ScryptCost = usualCost): KeyGuard {
  return {
    kind: 'passphrase',
    async wrap(dataKey) {
      const salt = randomBytes(16)
      const key = await deriveKey(passphrase, salt, cost)
      try {
        const nonce = randomBytes(nonceLength)
        const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(purpose)
        const sealed = Buffer.concat([cipher.update(dataKey), cipher.final()])
        return {
          wrapped: Buffer.concat([nonce, cipher.getAuthTag(), sealed]),
          params: { kdf: 'scrypt', N: cost.N, r: cost.r, p: cost.p, salt: salt.toString('base64') },
        }
      } finally {
        key.fill(0)
      }
    },
    async unwrap(wrapped, params) {
      const stored = paramsSchema.safeParse(params)
      if (!stored.success || wrapped.length <= nonceLength + tagLength) {
        throw new KeyGuardUnavailable(
          'What the vault stores about its passphrase is damaged.',
          'Put a copy from the backups folder in the place of the vault. Nothing was deleted.',
        )
      }
      const key = await deriveKey(passphrase, Buffer.from(stored.data.salt, 'base64'), stored.data)
      let opened: Buffer | null = null
      try {
        const nonce = wrapped.subarray(0, nonceLength)
        const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(purpose)
        decipher.setAuthTag(wrapped.subarray(nonceLength, nonceLength + tagLength))
        opened = decipher.update(wrapped.subarray(nonceLength + tagLength))
        decipher.final()
        return { dataKey: opened, rewrap: false }
      } catch {
        opened?.fill(0)
        throw new KeyGuardRejected('The passphrase does not open this vault.')
      } finally {
        key.fill(0)
      }
    },
  }
}
