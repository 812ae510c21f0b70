import { isUtf8 } from 'node:buffer'
import type { WebhookDeliveryContent, WebhookVerification } from '../../../shared/contract-webhooks.ts'
import type { Delivery } from './arrival.ts'

/** What is kept of a delivery, sealed as one text. */
export type Content = Pick<WebhookDeliveryContent, 'event_id' | 'headers' | 'body' | 'body_base64'>

/** Of the connection, of what stands between, or of nobody's interest; and whatever is a credential. */
const dropped = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'authorization',
  'connection',
  'content-length',
  'cookie',
  'expect',
  'forwarded',
  'host',
  'keep-alive',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
])
const isDropped = (name: string) => dropped.has(name) || name.startsWith('x-forwarded-') || name.startsWith('cf-')

/**
 * @param secret Taken out where the sender puts it into the body (Microsoft Graph's clientState): programs that read
 *   deliveries are not to have it.
 */
export function keepContent(
  delivery: Delivery,
  eventId: string | null,
  verification: WebhookVerification,
  secret: string | null,
): Content {
  const proof = verification.header?.toLowerCase()
  const headers = Object.fromEntries(
    Object.entries(delivery.headers).filter(([name]) => !isDropped(name) && name !== proof),
  )
  if (!isUtf8(delivery.body)) {
    return { event_id: eventId, headers, body: null, body_base64: delivery.body.toString('base64') }
  }
  const text = delivery.body.toString('utf8')
  const inBody = verification.kind === 'token' && verification.body !== null && secret !== null && secret !== ''
  return {
    event_id: eventId,
    headers,
    body: inBody ? text.replaceAll(JSON.stringify(secret), '"[removed]"').replaceAll(secret, '[removed]') : text,
    body_base64: null,
  }
}

export const toText = (content: Content): string => JSON.stringify(content)
export const fromText = (text: string): Content => JSON.parse(text) as Content
