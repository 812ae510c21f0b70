import type { Place } from './sealing.ts'

/** A column whose values are sealed under the data key, and where a value of it belongs. */
export interface SealedColumn {
  table: string
  column: string
  /** The primary key, as it stands in the schema. All of its parts are text. */
  key: readonly [string, ...string[]]
  /** The place that the store of this table seals it for. */
  place(key: readonly string[]): Place
}

function ofRow(table: string, key: string, ...columns: string[]): SealedColumn[] {
  return columns.map((column) => ({
    table,
    column,
    key: [key],
    place: ([row = '']) => ({ table, row, column }),
  }))
}

/** Every sealed column there is: a rotation of the data key seals them anew. A test compares the list with the schema. */
export const sealedColumns: readonly SealedColumn[] = [
  ...ofRow('registrations', 'id', 'client_secret', 'private_key', 'certificate'),
  ...ofRow('accounts', 'id', 'credentials'),
  ...ofRow('token_secrets', 'account_id', 'access_token', 'refresh_token', 'id_token', 'extra'),
  ...ofRow('network_routes', 'provider_id', 'proxy_password', 'private_key'),
  ...ofRow('webhook_endpoints', 'id', 'secret'),
  ...ofRow('webhook_deliveries', 'id', 'body'),
  {
    table: 'practice_records',
    column: 'value',
    key: ['kind', 'key_hash'],
    place: (key) => ({ table: 'practice_records', row: JSON.stringify(key), column: 'value' }),
  },
]

/** BLOBs that are not sealed values: hashes, and what the data key itself is kept in. */
export const otherBlobs: readonly string[] = [
  'apps.key_hash',
  'asks.secret_hash',
  'data_keys.verifier',
  'data_keys.previous',
  'key_slots.wrapped',
]
