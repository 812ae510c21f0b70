import { LatchkeyError } from '../../../shared/errors.ts'
import { type Db, isConstraint } from '../database.ts'
import type { WebhookDeliveryRecord, WebhookEndpointRecord, WebhookStore } from '../ports.ts'
import type { Sealer } from '../sealing.ts'

interface EndpointRow {
  id: string
  name: string
  settings: string
  enabled: number
  accepted: number
  refused: number
  created_at: number
  updated_at: number
}

interface DeliveryRow {
  id: string
  endpoint_id: string
  deduplication_key: string
  event_type: string | null
  subject: string | null
  occurred_at: number | null
  received_at: number
  content_type: string
}

const endpointColumns = 'id, name, settings, enabled, accepted, refused, created_at, updated_at'
const deliveryColumns =
  'id, endpoint_id, deduplication_key, event_type, subject, occurred_at, received_at, content_type'
const secretPlace = (id: string) => ({ table: 'webhook_endpoints', row: id, column: 'secret' })
const bodyPlace = (id: string) => ({ table: 'webhook_deliveries', row: id, column: 'body' })

function toEndpoint(row: EndpointRow): WebhookEndpointRecord {
  const { created_at: createdAt, updated_at: updatedAt, enabled, ...rest } = row
  return { ...rest, enabled: enabled === 1, createdAt, updatedAt }
}

function toDelivery(row: DeliveryRow): WebhookDeliveryRecord {
  return {
    id: row.id,
    endpointId: row.endpoint_id,
    deduplicationKey: row.deduplication_key,
    eventType: row.event_type,
    subject: row.subject,
    occurredAt: row.occurred_at,
    receivedAt: row.received_at,
    contentType: row.content_type,
  }
}

/** Webhook endpoints and the deliveries that were verified; secrets and bodies sealed. */
export function webhookStore(db: Db, sealer: () => Sealer): WebhookStore {
  const endpoints = db.prepare<[], EndpointRow>(
    `SELECT ${endpointColumns} FROM webhook_endpoints ORDER BY created_at, id`,
  )
  const endpoint = db.prepare<[string], EndpointRow>(`SELECT ${endpointColumns} FROM webhook_endpoints WHERE id = ?`)
  const secret = db.prepare<[string], Buffer | null>('SELECT secret FROM webhook_endpoints WHERE id = ?').pluck()
  const setSecret = db.prepare<[Buffer | null, string]>('UPDATE webhook_endpoints SET secret = ? WHERE id = ?')
  const dropEndpoint = db.prepare<[string]>('DELETE FROM webhook_endpoints WHERE id = ?')
  // The counters are not overwritten: a delivery may have arrived since the record was read.
  const writeEndpoint = db.prepare<[EndpointRow]>(
    `INSERT INTO webhook_endpoints (${endpointColumns})
     VALUES (@id, @name, @settings, @enabled, @accepted, @refused, @created_at, @updated_at)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, settings = excluded.settings, enabled = excluded.enabled,
       updated_at = excluded.updated_at`,
  )
  const counters = {
    accepted: db.prepare<[string]>('UPDATE webhook_endpoints SET accepted = accepted + 1 WHERE id = ?'),
    refused: db.prepare<[string]>('UPDATE webhook_endpoints SET refused = refused + 1 WHERE id = ?'),
  }
  const addDelivery = db.prepare<[DeliveryRow & { body: Buffer }]>(
    `INSERT INTO webhook_deliveries (${deliveryColumns}, body)
     VALUES (@id, @endpoint_id, @deduplication_key, @event_type, @subject, @occurred_at, @received_at, @content_type,
       @body)
     ON CONFLICT (endpoint_id, deduplication_key) DO NOTHING`,
  )
  const prune = db.prepare<[string, string, number]>(
    `DELETE FROM webhook_deliveries WHERE endpoint_id = ? AND rowid NOT IN (
       SELECT rowid FROM webhook_deliveries WHERE endpoint_id = ? ORDER BY received_at DESC, rowid DESC LIMIT ?)`,
  )
  const all = db.prepare<[number, number], DeliveryRow>(
    `SELECT ${deliveryColumns} FROM webhook_deliveries WHERE received_at < ? ORDER BY received_at DESC, rowid DESC
     LIMIT ?`,
  )
  const ofEndpoint = db.prepare<[string, number, number], DeliveryRow>(
    `SELECT ${deliveryColumns} FROM webhook_deliveries WHERE endpoint_id = ? AND received_at < ?
     ORDER BY received_at DESC, rowid DESC LIMIT ?`,
  )
  const one = db.prepare<[string], DeliveryRow & { body: Buffer }>(
    `SELECT ${deliveryColumns}, body FROM webhook_deliveries WHERE id = ?`,
  )

  const saveEndpoint = db.transaction<WebhookStore['saveEndpoint']>((record, wanted) => {
    const { createdAt, updatedAt, enabled, ...rest } = record
    writeEndpoint.run({ ...rest, enabled: enabled ? 1 : 0, created_at: createdAt, updated_at: updatedAt })
    if (wanted === undefined) return
    setSecret.run(wanted === null ? null : sealer().seal(secretPlace(record.id), wanted), record.id)
  })
  const add = db.transaction((record: WebhookDeliveryRecord, body: string, keep: number) => {
    const { changes } = addDelivery.run({
      id: record.id,
      endpoint_id: record.endpointId,
      deduplication_key: record.deduplicationKey,
      event_type: record.eventType,
      subject: record.subject,
      occurred_at: record.occurredAt,
      received_at: record.receivedAt,
      content_type: record.contentType,
      body: sealer().seal(bodyPlace(record.id), body),
    })
    if (changes === 0) return false
    prune.run(record.endpointId, record.endpointId, keep)
    return true
  })

  return {
    endpoints: () => endpoints.all().map(toEndpoint),
    endpoint(id) {
      const row = endpoint.get(id)
      return row === undefined ? null : toEndpoint(row)
    },
    saveEndpoint,
    secret(id) {
      const sealed = secret.get(id) ?? null
      return sealed === null ? null : sealer().open(secretPlace(id), sealed)
    },
    removeEndpoint: (id) => void dropEndpoint.run(id),
    count: (id, outcome) => void counters[outcome].run(id),
    addDelivery(record, body, keep) {
      try {
        return add(record, body, keep)
      } catch (error) {
        if (!isConstraint(error, 'FOREIGNKEY')) throw error
        throw new LatchkeyError('not_found', 'The webhook endpoint has been removed.', {}, error)
      }
    },
    deliveries({ endpointId, limit, before = Number.MAX_SAFE_INTEGER }) {
      const rows = endpointId === undefined ? all.all(before, limit) : ofEndpoint.all(endpointId, before, limit)
      return rows.map(toDelivery)
    },
    delivery(id) {
      const row = one.get(id)
      return row === undefined ? null : { ...toDelivery(row), body: sealer().open(bodyPlace(id), row.body) }
    },
  }
}
