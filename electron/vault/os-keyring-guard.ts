import { createCipheriv, createDecipheriv, randomBytes, randomUUID } from 'node:crypto'
import type { AsyncEntry } from '@napi-rs/keyring'
import { z } from 'zod'
import { keyringFailure, rejected, type Surroundings, unavailable } from './guard-failures.ts'
import { type KeyGuard, KeyGuardUnavailable } from './ports.ts'
import { keyLength } from './sealing.ts'

/** As it stands in the keyring; `account` is a random id, stored in the slot. */
const service = 'Latchkey'
const nonceLength = 12
const tagLength = 16
const purpose = Buffer.from('latchkey key slot: os-keyring')
const paramsSchema = z.object({ account: z.string().min(1).max(200) })

/** Long enough to type a password. The host does not start before the keyring has answered or this has passed. */
const usualPatience = 30_000

/** Only ever the Secret Service: the kernel's keyring, which the library falls back to, is empty after a restart. */
const options = { linux: { store: 'secret-service' } } as const

export interface OsKeyringParts extends Partial<Surroundings> {
  /** Milliseconds that the keyring has for one answer. */
  patience?: number
}

/** Hexadecimal digits as bytes: every keyring keeps text as it is, and bytes can be wiped. */
function toHex(key: Uint8Array): Buffer {
  const text = Buffer.alloc(key.length * 2)
  key.forEach((byte, index) => {
    text.write(byte.toString(16).padStart(2, '0'), index * 2, 'latin1')
  })
  return text
}

/** null when this is no key that Latchkey wrote. Wipes what it was given. */
function fromHex(text: number[]): Buffer | null {
  const digits = text.map((code) => '0123456789abcdef'.indexOf(String.fromCharCode(code)))
  text.fill(0)
  const good = digits.length === keyLength * 2 && !digits.includes(-1)
  const key = good
    ? Buffer.from(digits.flatMap((digit, at) => (at % 2 ? [] : [digit * 16 + (digits[at + 1] ?? 0)])))
    : null
  digits.fill(0)
  return key
}

/**
 * Guards the data key with a random key of its own, which the operating system's keyring keeps (Secret Service, Keychain,
 * Windows credentials): AES-256-GCM, so that another key in the keyring is noticed instead of giving garbage. An entry
 * that is there is never overwritten. Layout of the wrapped key: nonce, tag, ciphertext.
 */
export function osKeyringGuard(parts: OsKeyringParts = {}): KeyGuard {
  const around = { env: parts.env ?? process.env, platform: parts.platform ?? process.platform }
  const patience = parts.patience ?? usualPatience

  /** Runs `work` on an entry; says what failed. The library is loaded only now: most runs never need it. */
  const ask = async <T>(account: string, work: (entry: AsyncEntry) => Promise<T>): Promise<T> => {
    const library = await import('@napi-rs/keyring').catch(() => {
      throw unavailable('no_support')
    })
    let timer: NodeJS.Timeout | undefined
    try {
      const late = new Promise<never>((_, reject) => {
        timer = setTimeout(() => reject(unavailable('silent')), patience)
      })
      return await Promise.race([work(new library.AsyncEntry(service, account, options)), late])
    } catch (error) {
      if (error instanceof KeyGuardUnavailable) throw error
      throw unavailable(keyringFailure(error instanceof Error ? error.message : String(error), around))
    } finally {
      clearTimeout(timer)
    }
  }
  const read = (account: string) => ask(account, (entry) => entry.getSecret())

  /** The key that new slots are wrapped with: the one of the slot before, where it still is, else a new one. */
  const wrappingKey = async (before?: Record<string, unknown>): Promise<{ account: string; key: Buffer }> => {
    const known = paramsSchema.safeParse(before)
    if (known.success) {
      const found = await read(known.data.account)
      const key = found === null ? null : fromHex(found)
      if (key !== null) return { account: known.data.account, key }
    }
    const account = randomUUID()
    const key = randomBytes(keyLength)
    const text = toHex(key)
    try {
      await ask(account, (entry) => entry.setSecret(text))
      return { account, key }
    } catch (error) {
      key.fill(0)
      throw error
    } finally {
      text.fill(0)
    }
  }

  return {
    kind: 'os-keyring',

    // An entry that nobody has made: a keyring that is locked has no reason to ask for its password.
    probe: () => read('probe').then(() => undefined),

    async wrap(dataKey, before) {
      const { account, key } = await wrappingKey(before)
      try {
        const nonce = randomBytes(nonceLength)
        const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength }).setAAD(purpose)
        const sealed = Buffer.concat([cipher.update(dataKey), cipher.final()])
        return { wrapped: Buffer.concat([nonce, cipher.getAuthTag(), sealed]), params: { account } }
      } finally {
        key.fill(0)
      }
    },

    async unwrap(wrapped, params) {
      const stored = paramsSchema.safeParse(params)
      if (!stored.success || wrapped.length <= nonceLength + tagLength) {
        throw new KeyGuardUnavailable(
          'What the vault stores about the keyring is damaged.',
          'Put a copy from the backups folder in the place of the vault. Nothing was deleted.',
        )
      }
      const found = await read(stored.data.account)
      if (found === null) throw rejected('entryGone')
      const key = fromHex(found)
      if (key === null) throw rejected('entryChanged')
      let opened: Buffer | null = null
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, wrapped.subarray(0, nonceLength), {
          authTagLength: tagLength,
        }).setAAD(purpose)
        decipher.setAuthTag(wrapped.subarray(nonceLength, nonceLength + tagLength))
        opened = decipher.update(wrapped.subarray(nonceLength + tagLength))
        decipher.final()
        return { dataKey: opened, rewrap: false }
      } catch {
        opened?.fill(0)
        throw rejected('entryChanged')
      } finally {
        key.fill(0)
      }
    },
  }
}
