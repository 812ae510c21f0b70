import type { WebhookSettings } from '../../../shared/contract-webhooks.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { randomId } from '../../platform/ids.ts'
import type { Clock, Logger } from '../../platform/ports.ts'
import type { Vault, WebhookEndpointRecord } from '../../vault/ports.ts'
import type { ActivityLog } from '../activity.ts'
import type { Events } from '../ports.ts'
import { type Arrival, type Delivery, readArrival } from './arrival.ts'
import { bodyChallenge, queryChallenge } from './challenge.ts'
import { keepContent, toText } from './content.ts'
import { deduplicationKey, readFacts } from './facts.ts'
import { createRate, defaultWebhookLimits, type WebhookLimits } from './limits.ts'
import type { Verdict, Verifier } from './verify.ts'

/** What the sender is answered. `text` is always plain text: it may be a stranger's. */
export interface Reply {
  status: 200 | 401 | 404 | 405 | 429 | 503
  text: string
  /** Seconds. */
  retryAfter?: number
}

/** The newest deliveries of an endpoint that are kept. */
const keep = 500

export interface ReceiveParts {
  vault: Pick<Vault, 'status' | 'webhooks'>
  verifier: Verifier
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
  logger: Logger
  limits?: Partial<WebhookLimits>
}

const later = (seconds: number): Reply => ({
  status: 503,
  text: 'Latchkey cannot take this now. Send it again later.',
  retryAfter: seconds,
})
const notHere: Reply = { status: 404, text: 'There is no such endpoint.' }
const tooMany: Reply = { status: 429, text: 'Too many requests.', retryAfter: 60 }

/**
 * Receives deliveries: verified, read, told apart from those that came before, stored, announced. A refused one is
 * counted and leaves nothing behind. Why it was refused stands in the activity, not in the answer.
 */
export function createReceiver(parts: ReceiveParts) {
  const { vault, clock, events, activity, logger } = parts
  const limits = { ...defaultWebhookLimits, ...parts.limits }
  const deliveries = createRate(clock)
  const refusals = createRate(clock)

  async function take(endpointId: string, arrival: Arrival): Promise<Reply> {
    const endpoint = vault.webhooks.endpoint(endpointId)
    if (endpoint === null || !endpoint.enabled) return notHere
    if (deliveries.count(endpointId) > limits.deliveries) return tooMany
    const settings = JSON.parse(endpoint.settings) as WebhookSettings
    const secret = vault.webhooks.secret(endpointId)
    const challenge = queryChallenge(settings.challenge, arrival, secret)
    if (challenge !== null) return { status: 200, text: challenge }
    if (arrival.method !== 'POST') return { status: 405, text: 'Deliveries come with POST.' }

    const delivery = readArrival(arrival)
    const verdict = await parts.verifier.verify(settings.verification, secret, delivery)
    if (!verdict.good) return refuse(endpoint, verdict.reason)
    const answer = bodyChallenge(settings.challenge, delivery)
    if (answer !== null) return { status: 200, text: answer }
    return store(endpoint, settings, secret, delivery, verdict)
  }

  function store(
    endpoint: WebhookEndpointRecord,
    settings: WebhookSettings,
    secret: string | null,
    delivery: Delivery,
    verdict: Extract<Verdict, { good: true }>,
  ): Reply {
    const now = clock.now()
    const { eventType, eventId, subject, occurredAt } = readFacts(settings.parser, delivery)
    const record = {
      id: randomId('dlv'),
      endpointId: endpoint.id,
      deduplicationKey: deduplicationKey(settings, delivery, verdict, now),
      eventType,
      subject,
      occurredAt,
      receivedAt: now,
      contentType: delivery.contentType,
    }
    const content = keepContent(delivery, eventId, settings.verification, secret)
    // A sender that repeats itself is content with this, and nobody hears of the delivery twice.
    if (!vault.webhooks.addDelivery(record, toText(content), keep)) return { status: 200, text: 'Received already.' }
    vault.webhooks.count(endpoint.id, 'accepted')
    const what = [eventType ?? 'a delivery', subject].filter((it) => it !== null).join(', ')
    note(endpoint, `${endpoint.name}: ${what}`, { delivery: record.id })
    events.emit({ type: 'webhook', endpoint_id: endpoint.id, delivery_id: record.id })
    return { status: 200, text: 'Received.' }
  }

  function refuse(endpoint: WebhookEndpointRecord, reason: string): Reply {
    const count = refusals.count(endpoint.id)
    // Whoever floods it with rubbish is to fill neither the disk nor the log; what is genuine is still taken.
    if (count > limits.refusals) return tooMany
    vault.webhooks.count(endpoint.id, 'refused')
    if (count === 1) note(endpoint, `${endpoint.name} refused a delivery. ${reason}`, { refused: true })
    return { status: 401, text: 'This delivery could not be verified.' }
  }

  function note(endpoint: WebhookEndpointRecord, summary: string, detail: Record<string, string | boolean>) {
    activity.add({
      kind: 'webhook',
      account_id: null,
      provider_id: null,
      actor: 'latchkey',
      summary,
      detail: { endpoint: endpoint.id, ...detail },
    })
  }

  return {
    /** Never rejects. */
    async receive(endpointId: string, arrival: Arrival): Promise<Reply> {
      if (vault.status().state !== 'unlocked') return later(60)
      try {
        return await take(endpointId, arrival)
      } catch (error) {
        // Locked in the meantime, or the keys of the sender could not be had.
        const known = error instanceof LatchkeyError
        if (known && error.code === 'not_found') return notHere
        if (known && error.code === 'locked') return later(60)
        logger.warn('A webhook delivery could not be taken.', {
          endpoint: endpointId,
          error: known ? error.code : error instanceof Error ? error.name : typeof error,
        })
        return later(30)
      }
    },
  }
}
