import { createHash, createHmac, timingSafeEqual } from 'node:crypto'
import type { WebhookVerification } from '../../../shared/contract-webhooks.ts'
import type { Clock } from '../../platform/ports.ts'
import type { Delivery } from './arrival.ts'
import type { JwtVerifier } from './jwt.ts'
import { readEvery, signedBytes } from './template.ts'

/**
 * Whether a delivery comes from who it should. `covers`: what the proof is about. `body` and `body and time` mean that
 * nobody without the secret can have made or changed the body; `sender` that only the sender is known. A refusal says
 * why, in a sentence that holds nothing of what was sent.
 */
export type Verdict = { good: true; covers: 'sender' | 'body' | 'body and time'; timestamp: string | null } | Refused
export interface Refused {
  good: false
  reason: string
}

export interface Verifier {
  /** Throws `LatchkeyError` when the keys of a JWT's issuer cannot be had now. */
  verify(verification: WebhookVerification, secret: string | null, delivery: Delivery): Promise<Verdict>
}

export function createVerifier({ clock, jwt }: { clock: Clock; jwt: JwtVerifier }): Verifier {
  return {
    async verify(verification, secret, delivery) {
      if (verification.kind === 'jwt') return jwt.verify(verification, delivery)
      // Without a secret, a signature that anybody can make would do.
      if (secret === null || secret === '') return refused('The endpoint has no secret to check it with.')
      return verification.kind === 'token'
        ? verifyToken(verification, secret, delivery)
        : verifySignature(verification, secret, delivery, clock.now())
    },
  }
}

type Signature = Extract<WebhookVerification, { kind: 'hmac' }>
type Token = Extract<WebhookVerification, { kind: 'token' }>

function verifySignature(settings: Signature, secret: string, delivery: Delivery, now: number): Verdict {
  const header = delivery.headers[settings.header.toLowerCase()]
  if (header === undefined) return refused(`It has no ${settings.header} header.`)
  const values = (settings.separator === null ? [header] : header.split(settings.separator)).map((it) => it.trim())
  const timestamp = timestampOf(settings, values, delivery)
  if (settings.timestamp !== null) {
    if (timestamp === null) return refused('It does not say when it was sent.')
    const problem = settings.tolerance === null ? null : tooFarAway(timestamp, settings.tolerance, now)
    if (problem !== null) return refused(problem)
  }
  const content = signedBytes(settings.signed, delivery, timestamp)
  if (content === null) return refused('A header that the signature is made of is missing.')
  const expected = createHmac(settings.algorithm, keyOf(settings, secret)).update(content).digest()
  // More than one while the sender changes its secret.
  const given = values.filter((value) => value.startsWith(settings.prefix)).slice(0, 10)
  const fits = given
    .map((value) => decode(value.slice(settings.prefix.length), settings.encoding))
    .some((bytes) => bytes.length === expected.length && timingSafeEqual(bytes, expected))
  if (!fits) return refused('Its signature does not fit.')
  return { good: true, covers: timestamp === null ? 'body' : 'body and time', timestamp }
}

function timestampOf({ timestamp }: Signature, values: string[], delivery: Delivery): string | null {
  if (timestamp === null) return null
  if ('header' in timestamp) return delivery.headers[timestamp.header.toLowerCase()]?.trim() ?? null
  return values.find((value) => value.startsWith(timestamp.prefix))?.slice(timestamp.prefix.length) ?? null
}

/** Seconds since 1970, or milliseconds where the number is too large for that. */
function tooFarAway(timestamp: string, tolerance: number, now: number): string | null {
  if (!/^\d{1,16}$/.test(timestamp)) return 'The time it says it was sent at is no number.'
  const number = Number(timestamp)
  const sentAt = number > 100_000_000_000 ? number : number * 1000
  if (Math.abs(now - sentAt) <= tolerance * 1000) return null
  return sentAt < now ? 'It was sent too long ago.' : 'The time it says it was sent at has not come yet.'
}

function keyOf({ secret_encoding }: Signature, secret: string): Buffer {
  return secret_encoding === 'text' ? Buffer.from(secret, 'utf8') : Buffer.from(secret.replace(/^whsec_/, ''), 'base64')
}

function decode(value: string, encoding: Signature['encoding']): Buffer {
  const shape = encoding === 'hex' ? /^(?:[0-9a-f]{2})+$/i : /^[A-Za-z0-9+/]+={0,2}$/
  return shape.test(value) ? Buffer.from(value, encoding) : Buffer.alloc(0)
}

function verifyToken(settings: Token, secret: string, delivery: Delivery): Verdict {
  const given = tokensIn(settings, delivery)
  if (given.length === 0) return refused('It does not bring the shared token.')
  // Every item of a batch has to bring it: one that does not was put in by somebody else.
  if (!given.every((value) => typeof value === 'string' && sameText(value, secret))) {
    return refused('Its shared token is another one.')
  }
  return { good: true, covers: 'sender', timestamp: null }
}

function tokensIn({ header, prefix, body }: Token, delivery: Delivery): unknown[] {
  if (body !== null) return readEvery(delivery.document, body)
  const value = delivery.headers[(header ?? '').toLowerCase()]
  return value?.startsWith(prefix) ? [value.slice(prefix.length)] : []
}

/** Takes as long for a near miss as for any other; digests, so that the length tells nothing either. */
export function sameText(one: string, other: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(digest(one), digest(other))
}

export const refused = (reason: string): Refused => ({ good: false, reason })
