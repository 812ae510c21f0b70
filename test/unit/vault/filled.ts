import Database from 'better-sqlite3'
import type { Vault } from '../../../electron/vault/ports.ts'
import { sealedColumns } from '../../../electron/vault/sealed-columns.ts'
import { account, registration, tokens } from './fixtures.ts'

const far = Date.UTC(2100, 0, 1)
const route = {
  proxy: 'http://proxy.example:8080',
  proxyUsername: null,
  caBundle: null,
  certificate: null,
  privateNetwork: false,
}

/** Values in every sealed column, several rows of each. */
export function fill(vault: Vault, rows = 3): void {
  for (let n = 1; n <= rows; n++) {
    vault.registrations.save(registration({ id: `reg_${n}` }), `client-secret-${n}`)
    vault.registrations.setCredentials(`reg_${n}`, { privateKey: `key-${n}`, certificate: `certificate-${n}` })
    vault.accounts.save(account({ id: `acc_${n}`, alias: `practice:${n}`, registrationId: `reg_${n}` }))
    vault.accounts.setCredentials(`acc_${n}`, { username: 'ada', password: `password-${n}` })
    vault.tokens.put(`acc_${n}`, tokens({ accessToken: `access-${n}`, extra: { session: `extra-${n}` } }))
    vault.routes.save(`provider_${n}`, route, { proxyPassword: `proxy-${n}`, privateKey: `route-key-${n}` })
    const endpoint = { id: `hook_${n}`, name: 'Hook', settings: '{}', enabled: true, accepted: 0, refused: 0 }
    vault.webhooks.saveEndpoint({ ...endpoint, createdAt: n, updatedAt: n }, `signing-${n}`)
    const delivery = { id: `del_${n}`, endpointId: `hook_${n}`, deduplicationKey: `${n}`, eventType: null }
    const told = { subject: null, occurredAt: null, receivedAt: n, contentType: 'text/plain' }
    vault.webhooks.addDelivery({ ...delivery, ...told }, `body-${n}`, 9)
    vault.records.put('code', `key-${n}`, `record-${n}`, far)
  }
}

/** All of it, read back. */
export function readAll(vault: Vault, rows = 3): unknown {
  return Array.from({ length: rows }, (_, index) => {
    const n = index + 1
    return [
      vault.registrations.clientSecret(`reg_${n}`),
      vault.registrations.credentials(`reg_${n}`),
      vault.accounts.credentials(`acc_${n}`),
      vault.tokens.get(`acc_${n}`),
      vault.routes.get(`provider_${n}`),
      vault.webhooks.secret(`hook_${n}`),
      vault.webhooks.delivery(`del_${n}`)?.body,
      vault.records.get('code', `key-${n}`),
    ]
  })
}

/** What stands in the file: the versions that values are sealed under, with how many of each, and the keys. */
export function sealedState(file: string) {
  const db = new Database(file)
  try {
    const values = sealedColumns.flatMap(
      ({ table, column }) =>
        db.prepare(`SELECT ${column} FROM ${table} WHERE ${column} IS NOT NULL`).pluck().all() as Buffer[],
    )
    const versions: Record<number, number> = {}
    for (const value of values) versions[value.readUInt32BE(1)] = (versions[value.readUInt32BE(1)] ?? 0) + 1
    const keys = db.prepare('SELECT version, previous IS NOT NULL AS older FROM data_keys ORDER BY version').all()
    const slots = db.prepare('SELECT kind, key_version AS version FROM key_slots ORDER BY kind').all()
    return { values, versions, keys, slots }
  } finally {
    db.close()
  }
}
