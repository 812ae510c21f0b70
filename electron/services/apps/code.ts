import { randomInt, timingSafeEqual } from 'node:crypto'
import { digest, newSecret } from '../../platform/secrets.ts'

/** Without look-alikes (0 O, 1 I L, U V would be one with bad handwriting) and without vowels, so that no word comes of it. */
const alphabet = '23456789BCDFGHJKMNPQRSTVWXYZ'

/** `WXYZ-2345`: for two people, or one at two places, to compare. 28^8 of them; it opens nothing. */
export function newCode(): string {
  const letters = Array.from({ length: 8 }, () => alphabet.charAt(randomInt(alphabet.length))).join('')
  return `${letters.slice(0, 4)}-${letters.slice(4)}`
}

/** A code as somebody typed it: `wxyz 2345` is `WXYZ-2345`. What is none stays as it is. */
export function readCode(typed: string): string {
  const letters = typed.toUpperCase().replace(/[\s-]/g, '')
  return letters.length === 8 && [...letters].every((it) => alphabet.includes(it))
    ? `${letters.slice(0, 4)}-${letters.slice(4)}`
    : typed
}

/** An app's key: `lkapp_` and 256 random bits, so that it is recognised in a place where it should not be. */
export const newKey = (): string => `lkapp_${newSecret()}`

export const isKey = (text: string): boolean => /^lkapp_[A-Za-z0-9_-]{43}$/.test(text)

/** Of 256 random bits: nothing slower is needed, as nobody can try them out. */
export const secretHash = digest

export const sameHash = (one: Buffer, other: Buffer): boolean =>
  one.length === other.length && timingSafeEqual(one, other)
