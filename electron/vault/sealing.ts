import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto'
import { LatchkeyError } from '../../shared/errors.ts'

/** Where a sealed value belongs. Moved anywhere else, it does not open. */
export interface Place {
  table: string
  row: string
  column: string
}

/** Seals and opens the values of secret columns under one data key. */
export interface Sealer {
  seal(place: Place, text: string): Buffer
  /** Throws `LatchkeyError('internal')` when the value was changed, moved, or sealed under another key. */
  open(place: Place, sealed: Uint8Array): string
}

/** 256 bits. */
export const keyLength = 32
const nonceLength = 12
const tagLength = 16
/** Of the layout below, so that another one can be told apart some day. */
const format = 1
const headerLength = 5

/** JSON keeps the parts apart whatever they hold: no two places give the same bytes. */
function additionalData(place: Place, keyVersion: number): Buffer {
  return Buffer.from(JSON.stringify([place.table, place.row, place.column, keyVersion]))
}

function cannotOpen(place: Place, cause?: unknown): LatchkeyError {
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
 * The key is used in place, not copied: when it is zeroed, the sealer is useless.
 */
export function createSealer(dataKey: Buffer, keyVersion: number): Sealer {
  return {
    seal(place, text) {
      const nonce = randomBytes(nonceLength)
      const cipher = createCipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: tagLength })
      cipher.setAAD(additionalData(place, keyVersion))
      const sealed = Buffer.concat([cipher.update(text, 'utf8'), cipher.final()])
      const header = Buffer.alloc(headerLength)
      header.writeUInt8(format, 0)
      header.writeUInt32BE(keyVersion, 1)
      return Buffer.concat([header, nonce, cipher.getAuthTag(), sealed])
    },
    open(place, sealed) {
      const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength)
      const nonceEnd = headerLength + nonceLength
      const tagEnd = nonceEnd + tagLength
      if (bytes.length < tagEnd || bytes.readUInt8(0) !== format || bytes.readUInt32BE(1) !== keyVersion) {
        throw cannotOpen(place)
      }
      try {
        const nonce = bytes.subarray(headerLength, nonceEnd)
        const decipher = createDecipheriv('aes-256-gcm', dataKey, nonce, { authTagLength: tagLength })
        decipher.setAAD(additionalData(place, keyVersion))
        decipher.setAuthTag(bytes.subarray(nonceEnd, tagEnd))
        return Buffer.concat([decipher.update(bytes.subarray(tagEnd)), decipher.final()]).toString('utf8')
      } catch (error) {
        throw cannotOpen(place, error)
      }
    },
  }
}
