import { randomBytes } from 'node:crypto'

/** Crockford's base 32 in small letters: no i, l, o or u to misread. 32 divides 256, so a masked byte is unbiased. */
const alphabet = '0123456789abcdefghjkmnpqrstvwxyz'
const length = 16

/** What `randomId` makes, for those who have to tell an id from a random secret. */
export const idShape = /^[a-z]{1,16}_[0-9a-hjkmnp-tv-z]{16}$/

/**
 * A new id such as `acc_7h2k9d0p4mq8vx3r`: 80 random bits after a prefix that says what it names. It is not a secret.
 * `prefix` is 1 to 16 letters a-z.
 */
export function randomId(prefix: string): string {
  let id = `${prefix}_`
  for (const byte of randomBytes(length)) id += alphabet.charAt(byte & 31)
  return id
}
