import { hash, randomBytes, timingSafeEqual } from 'node:crypto'

/** A new secret of 256 random bits in base64url (RFC 4648 5): 43 characters. */
export const newSecret = (): string => randomBytes(32).toString('base64url')

export const isSecret = (text: string): boolean => /^[A-Za-z0-9_-]{43}$/.test(text)

export const digest = (text: string): Buffer => hash('sha256', text, 'buffer')

/** Compares in constant time. Hashing first makes both sides equally long, so that not even the length shows. */
export const sameSecret = (given: string, expected: Buffer): boolean => timingSafeEqual(digest(given), expected)
