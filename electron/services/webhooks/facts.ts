import { createHash } from 'node:crypto'
import type { WebhookSettings } from '../../../shared/contract-webhooks.ts'
import type { Delivery } from './arrival.ts'
import { fillFirst, placeholders } from './template.ts'
import type { Verdict } from './verify.ts'

/** What a delivery is about (D5). Texts of strangers: cut, and without control characters. */
export interface Facts {
  eventType: string | null
  eventId: string | null
  subject: string | null
  /** Milliseconds since 1970. */
  occurredAt: number | null
}

export function readFacts(parser: WebhookSettings['parser'], delivery: Delivery): Facts {
  const text = (templates: string[], longest: number) => {
    const found = fillFirst(templates, delivery)?.text
    return found === undefined ? null : plain(found, longest)
  }
  const time = fillFirst(parser.time, delivery)?.text ?? null
  return {
    eventType: text(parser.event_type, 200),
    eventId: text(parser.event_id, 300),
    subject: text(parser.subject, 300),
    occurredAt: time === null ? null : readTime(time),
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is taken out
const plain = (text: string, longest: number) => text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ').slice(0, longest)

/** Seconds or milliseconds since 1970, or a date as ISO 8601 or RFC 9110 5.6.7 write it. */
function readTime(text: string): number | null {
  if (/^\d{1,16}(?:\.\d+)?$/.test(text)) {
    const number = Number(text)
    return Math.round(number > 100_000_000_000 ? number : number * 1000)
  }
  const date = /^[\w:.,+ -]{6,60}$/.test(text) ? Date.parse(text) : Number.NaN
  return Number.isNaN(date) ? null : date
}

/** Without an id or a signature, the same body again within this time is taken for the same delivery. */
const sameWithin = 5 * 60_000

/**
 * What tells a delivery from every other of its endpoint. An id counts when it cannot have been changed on the way: one
 * in a header that no signature covers would let a stranger send an old body again under a new one.
 */
export function deduplicationKey(
  { parser }: WebhookSettings,
  delivery: Delivery,
  verdict: Extract<Verdict, { good: true }>,
  now: number,
): string {
  const id = fillFirst(parser.event_id, delivery)
  const inBody = id !== null && placeholders(id.template).every((name) => name.startsWith('body:'))
  if (id !== null && (inBody || verdict.covers === 'sender')) return `id:${digest(id.text)}`
  const body = digest(delivery.body)
  if (verdict.covers === 'body') return `body:${body}`
  if (verdict.covers === 'body and time') return `body:${body}:${verdict.timestamp}`
  return `body:${body}:${Math.floor(now / sameWithin)}`
}

const digest = (content: string | Buffer) => createHash('sha256').update(content).digest('base64url')
