import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { LatchkeyError } from '../../shared/errors.ts'

/** Where a sealed value belongs. Moved anywhere else, it does not open. */
export interface Place {
  table: string
  row: string
  column: string
}

/** Seals and opens the values of secret columns under the data key. */
export interface Sealer {
  /** Always under the newest key. */
  seal(place: Place, text: string): Buffer
  /**
   * Under the key that the value names, which may be an older one while the data key is being rotated.
   * Throws `LatchkeyError('internal')` when the value was changed, moved, or sealed under another key.
   */
  open(place: Place, sealed: Uint8Array): string
  /** The same value sealed under the newest key. Throws as `open` does; what was opened meanwhile is wiped. */
  reseal(place: Place, sealed: Uint8Array): Buffer
}

/** 256 bits. */
export const keyLength = 32
const nonceLength = 12
const tagLength = 16
/** Of the layout below, so that another one can be told apart some day. */
const format = 1
const headerLength = 5

/** The first bytes of whatever is sealed under this version of the key. */
export function sealedHeader(keyVersion: number): Buffer {
  const header = Buffer.alloc(headerLength)
  header.writeUInt8(format, 0)
  header.writeUInt32BE(keyVersion, 1)
  return header
}

/** JSON keeps the parts apart whatever they hold: no two places give the same bytes. */
function additionalData(place: Place, keyVersion: number): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.row, place.column, keyVersion]))
}

export function cannotOpen(place: Place, cause?: unknown): LatchkeyError {
  return new LatchkeyError(
    'internal',
    `The stored value ${place.column} of ${place.row} (${place.table}) cannot be opened: it was damaged, changed outside Latchkey, or put there from elsewhere. It has been kept as it is. Connect again or enter it again to replace it.`,
    {},
    cause,
  )
}

/**
 * AES-256-GCM (NIST SP 800-38D) with a random 96-bit nonce for each value: far fewer than 2^32 values are ever sealed
 * under one key. Layout: format (1 byte), key version (4, big endian), nonce (12), tag (16), ciphertext.
 */
export function sealBytes(key: Buffer, keyVersion: number, place: Place, value: Uint8Array | string): Buffer {
  const nonce = randomBytes(nonceLength)
  const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
  cipher.setAAD(additionalData(place, keyVersion))
  const sealed = typeof value === 'string' ? cipher.update(value, 'utf8') : cipher.update(value)
  const rest = cipher.final()
  return Buffer.concat([sealedHeader(keyVersion), nonce, cipher.getAuthTag(), sealed, rest])
}

/** What is given is the caller's to wipe. Throws `LatchkeyError('internal')`. */
export function openBytes(keys: ReadonlyMap<number, Buffer>, place: Place, sealed: Uint8Array): Buffer {
  // A damaged row may hold something else than bytes.
  if (!(sealed instanceof Uint8Array)) throw cannotOpen(place)
  const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
  const nonceEnd = headerLength + nonceLength
  const tagEnd = nonceEnd + tagLength
  if (bytes.length < tagEnd || bytes.readUInt8(0) !== format) throw cannotOpen(place)
  const keyVersion = bytes.readUInt32BE(1)
  const key = keys.get(keyVersion)
  if (key === undefined) throw cannotOpen(place)
  let opened: Buffer | null = null
  try {
    const nonce = bytes.subarray(headerLength, nonceEnd)
    const decipher = createDecipheriv('aes-256-gcm', key, nonce, { authTagLength: tagLength })
    decipher.setAAD(additionalData(place, keyVersion))
    decipher.setAuthTag(bytes.subarray(nonceEnd, tagEnd))
    opened = decipher.update(bytes.subarray(tagEnd))
    decipher.final()
    return opened
  } catch (error) {
    opened?.fill(0)
    throw cannotOpen(place, error)
  }
}

/**
 * `older`: the keys before this one, by version. Keys are used in place, not copied: when they are zeroed, the sealer is
 * useless.
 */
export function createSealer(
  dataKey: Buffer,
  keyVersion: number,
  older: ReadonlyMap<number, Buffer> = new Map(),
): Sealer {
  const keys = new Map([...older, [keyVersion, dataKey]])
  return {
    seal: (place, text) => sealBytes(dataKey, keyVersion, place, text),
    open(place, sealed) {
      const opened = openBytes(keys, place, sealed)
      const text = opened.toString('utf8')
      opened.fill(0)
      return text
    },
    reseal(place, sealed) {
      const opened = openBytes(keys, place, sealed)
      try {
        return sealBytes(dataKey, keyVersion, place, opened)
      } finally {
        opened.fill(0)
      }
    },
  }
}
