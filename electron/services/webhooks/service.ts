import type {
  WebhookDelivery,
  WebhookDeliveryContent,
  WebhookEndpoint,
  WebhookEndpointInput,
  WebhookPreset,
  WebhookSettings,
} from '../../../shared/contract-webhooks.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { randomId } from '../../platform/ids.ts'
import type { Network } from '../../platform/ports.ts'
import type { WebhookDeliveryRecord, WebhookEndpointRecord } from '../../vault/ports.ts'
import type { EgressService } from '../egress.ts'
import type { Caller } from '../ports.ts'
import type { Arrival } from './arrival.ts'
import { checkSecret, settingsOf } from './check.ts'
import { fromText } from './content.ts'
import { createJwtVerifier } from './jwt.ts'
import { presets } from './presets.ts'
import { createReceiver, type ReceiveParts, type Reply } from './receive.ts'
import { createVerifier } from './verify.ts'

/** Webhook endpoints, and what arrives at them (D5, D6). */
export interface WebhookService {
  presets(): WebhookPreset[]
  endpoints(): WebhookEndpoint[]
  /** Makes one, or changes the one that `id` names. Throws `invalid_request` with the field, not_found, locked. */
  save(input: WebhookEndpointInput, caller: Caller): Promise<WebhookEndpoint>
  /** Removes it with its deliveries. Throws not_found, locked. */
  remove(id: string, caller: Caller): void
  deliveries(filter: { endpoint?: string; limit: number; before?: string }): WebhookDelivery[]
  delivery(id: string): WebhookDeliveryContent
  /** Announces a delivery again. Throws not_found, locked. */
  redeliver(id: string, caller: Caller): WebhookDelivery
  /** For the listener. Never rejects. */
  receive(endpointId: string, arrival: Arrival): Promise<Reply>
  /** Whether there is anything to listen for. Throws `locked`. */
  wanted(): boolean
}

/** The server that deliveries come to (api/hooks-listener.ts). It follows the events of the endpoints. */
export interface Listener {
  /** `http://127.0.0.1:PORT`, or null while it is off. */
  url(): string | null
  /** Resolves when it listens, or does not, as the endpoints want it. */
  settled(): Promise<void>
}

interface Parts extends Omit<ReceiveParts, 'verifier'> {
  network: Network
  egress: Pick<EgressService, 'hosts'>
  /** What listens for deliveries; null while there is nothing yet. */
  listener: () => Listener | null
}

export function createWebhookService(parts: Parts): WebhookService {
  const { vault, clock, events, activity } = parts
  const jwt = createJwtVerifier({ network: parts.network, clock, allow: () => parts.egress.hosts() })
  const receiver = createReceiver({ ...parts, verifier: createVerifier({ clock, jwt }) })

  function known(id: string): WebhookEndpointRecord {
    const endpoint = vault.webhooks.endpoint(id)
    if (endpoint === null) throw new LatchkeyError('not_found', 'There is no such webhook endpoint.', { field: 'id' })
    return endpoint
  }

  function view(record: WebhookEndpointRecord): WebhookEndpoint {
    const base = parts.listener()?.url() ?? null
    return {
      id: record.id,
      name: record.name,
      enabled: record.enabled,
      settings: JSON.parse(record.settings) as WebhookSettings,
      has_secret: vault.webhooks.secret(record.id) !== null,
      accepted: record.accepted,
      refused: record.refused,
      url: base === null || !record.enabled ? null : `${base}/hooks/${record.id}`,
      created_at: new Date(record.createdAt).toISOString(),
      updated_at: new Date(record.updatedAt).toISOString(),
    }
  }

  function note(endpoint: { id: string }, caller: Caller, summary: string): void {
    const detail = { endpoint: endpoint.id }
    activity.add({ kind: 'webhook', account_id: null, provider_id: null, actor: caller.kind, summary, detail })
    events.emit({ type: 'webhook', endpoint_id: endpoint.id, delivery_id: null })
  }

  function delivered(id: string) {
    const delivery = vault.webhooks.delivery(id)
    if (delivery === null) {
      throw new LatchkeyError('not_found', 'There is no such delivery, or no longer.', { field: 'id' })
    }
    return delivery
  }

  return {
    presets: () => [...presets],
    endpoints: () => vault.webhooks.endpoints().map(view),

    async save(input, caller) {
      const stored = input.id === undefined ? null : known(input.id)
      const settings = settingsOf(input, stored === null ? null : (JSON.parse(stored.settings) as WebhookSettings))
      const secret = input.secret === undefined ? undefined : input.secret.trim() || null
      const hadSecret = stored !== null && vault.webhooks.secret(stored.id) !== null
      checkSecret(settings, secret === undefined ? hadSecret : secret !== null)
      const now = clock.now()
      const record: WebhookEndpointRecord = {
        id: stored?.id ?? randomId('hook'),
        name: input.name,
        settings: JSON.stringify(settings),
        enabled: input.enabled,
        accepted: stored?.accepted ?? 0,
        refused: stored?.refused ?? 0,
        createdAt: stored?.createdAt ?? now,
        updatedAt: now,
      }
      vault.webhooks.saveEndpoint(record, secret)
      note(record, caller, `The webhook endpoint ${record.name} was ${stored === null ? 'made' : 'changed'}.`)
      await parts.listener()?.settled()
      return view(known(record.id))
    },

    remove(id, caller) {
      const record = known(id)
      vault.webhooks.removeEndpoint(id)
      note(record, caller, `The webhook endpoint ${record.name} was removed with its deliveries.`)
    },

    deliveries({ endpoint, limit, before }) {
      if (endpoint !== undefined) known(endpoint)
      return vault.webhooks
        .deliveries({
          limit,
          ...(endpoint === undefined ? {} : { endpointId: endpoint }),
          ...(before === undefined ? {} : { before: Date.parse(before) }),
        })
        .map(deliveryView)
    },

    delivery(id) {
      const found = delivered(id)
      return { ...deliveryView(found), ...fromText(found.body) }
    },

    redeliver(id, caller) {
      const found = delivered(id)
      const { name } = known(found.endpointId)
      const detail = { endpoint: found.endpointId, delivery: id }
      const summary = `${name}: a delivery was announced again.`
      activity.add({ kind: 'webhook', account_id: null, provider_id: null, actor: caller.kind, summary, detail })
      events.emit({ type: 'webhook', endpoint_id: found.endpointId, delivery_id: id })
      return deliveryView(found)
    },

    receive: (endpointId, arrival) => receiver.receive(endpointId, arrival),
    wanted: () => vault.webhooks.endpoints().some(({ enabled }) => enabled),
  }
}

const deliveryView = (record: WebhookDeliveryRecord): WebhookDelivery => ({
  id: record.id,
  endpoint_id: record.endpointId,
  event_type: record.eventType,
  subject: record.subject,
  occurred_at: record.occurredAt === null ? null : new Date(record.occurredAt).toISOString(),
  received_at: new Date(record.receivedAt).toISOString(),
  content_type: record.contentType,
})
