import type { Db } from '../database.ts'
import type { RegistrationOptions, RegistrationRecord, RegistrationStore } from '../ports.ts'
import type { Sealer } from '../sealing.ts'

interface Row {
  id: string
  provider_id: string
  name: string
  description: string
  client_id: string
  client_authentication: string
  scopes: string
  variables: string
  extra_hosts: string
  fallback_expiry: number | null
  has_client_secret: number
  disabled_at: number | null
  options: string
  created_at: number
  updated_at: number
}

const columns = `id, provider_id, name, description, client_id, client_authentication, scopes, variables, extra_hosts,
  fallback_expiry, client_secret IS NOT NULL AS has_client_secret, disabled_at, options, created_at, updated_at`

type SecretColumn = 'client_secret' | 'private_key' | 'certificate'
const place = (id: string, column: SecretColumn) => ({ table: 'registrations', row: id, column })

function toRecord(row: Row): RegistrationRecord {
  return {
    id: row.id,
    providerId: row.provider_id,
    name: row.name,
    description: row.description,
    clientId: row.client_id,
    clientAuthentication: row.client_authentication,
    scopes: JSON.parse(row.scopes) as string[],
    variables: JSON.parse(row.variables) as Record<string, string>,
    extraHosts: JSON.parse(row.extra_hosts) as string[],
    fallbackExpiry: row.fallback_expiry,
    hasClientSecret: row.has_client_secret === 1,
    enabled: row.disabled_at === null,
    ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
    options: JSON.parse(row.options) as RegistrationOptions,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** OAuth clients at providers; the client secret, the private key and the certificate sealed. */
export function registrationStore(db: Db, sealer: () => Sealer): RegistrationStore {
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM registrations ORDER BY created_at, id`)
  const one = db.prepare<[string], Row>(`SELECT ${columns} FROM registrations WHERE id = ?`)
  const secret = db.prepare<[string], Buffer | null>('SELECT client_secret FROM registrations WHERE id = ?').pluck()
  const setSecret = db.prepare<[Buffer | null, string]>('UPDATE registrations SET client_secret = ? WHERE id = ?')
  const drop = db.prepare<[string]>('DELETE FROM registrations WHERE id = ?')
  const write = db.prepare<[Omit<Row, 'has_client_secret'>]>(
    `INSERT INTO registrations (id, provider_id, name, description, client_id, client_authentication, scopes, variables,
       extra_hosts, fallback_expiry, disabled_at, options, created_at, updated_at)
     VALUES (@id, @provider_id, @name, @description, @client_id, @client_authentication, @scopes, @variables,
       @extra_hosts, @fallback_expiry, @disabled_at, @options, @created_at, @updated_at)
     ON CONFLICT (id) DO UPDATE SET provider_id = excluded.provider_id, name = excluded.name,
       description = excluded.description, client_id = excluded.client_id,
       client_authentication = excluded.client_authentication, scopes = excluded.scopes,
       variables = excluded.variables, extra_hosts = excluded.extra_hosts, fallback_expiry = excluded.fallback_expiry,
       disabled_at = excluded.disabled_at, options = excluded.options, created_at = excluded.created_at, updated_at = excluded.updated_at`,
  )
  const enable = db.prepare<[string]>('UPDATE registrations SET disabled_at = NULL WHERE id = ?')
  const disable = db.prepare<[number, string]>(
    'UPDATE registrations SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL',
  )
  const credentials = db.prepare<[string], Record<'private_key' | 'certificate', Buffer | null>>(
    'SELECT private_key, certificate FROM registrations WHERE id = ?',
  )
  const presence = db.prepare<[string], { private_key: number; certificate: number }>(
    `SELECT private_key IS NOT NULL AS private_key, certificate IS NOT NULL AS certificate FROM registrations
     WHERE id = ?`,
  )
  const setCredentials = db.prepare<[Buffer | null, Buffer | null, string]>(
    'UPDATE registrations SET private_key = ?, certificate = ? WHERE id = ?',
  )
  const sealed = (id: string, column: SecretColumn, text: string | null | undefined) =>
    text === null || text === undefined ? null : sealer().seal(place(id, column), text)
  const save = db.transaction<RegistrationStore['save']>((record, clientSecret) => {
    write.run({
      id: record.id,
      provider_id: record.providerId,
      name: record.name,
      description: record.description,
      client_id: record.clientId,
      client_authentication: record.clientAuthentication,
      scopes: JSON.stringify(record.scopes),
      variables: JSON.stringify(record.variables),
      extra_hosts: JSON.stringify(record.extraHosts),
      fallback_expiry: record.fallbackExpiry,
      disabled_at: record.enabled ? null : (record.disabledAt ?? record.updatedAt),
      options: JSON.stringify(record.options),
      created_at: record.createdAt,
      updated_at: record.updatedAt,
    })
    if (clientSecret === undefined) return
    setSecret.run(sealed(record.id, 'client_secret', clientSecret), record.id)
  })
  return {
    list: () => all.all().map(toRecord),
    get: (id) => {
      const row = one.get(id)
      return row === undefined ? null : toRecord(row)
    },
    save,
    clientSecret: (id) => {
      const stored = secret.get(id) ?? null
      return stored === null ? null : sealer().open(place(id, 'client_secret'), stored)
    },
    setEnabled: (id, enabled, at) => void (enabled ? enable.run(id) : disable.run(at, id)),
    credentials(id) {
      const { private_key: key = null, certificate = null } = credentials.get(id) ?? {}
      const { open } = sealer()
      return {
        ...(key === null ? {} : { privateKey: open(place(id, 'private_key'), key) }),
        ...(certificate === null ? {} : { certificate: open(place(id, 'certificate'), certificate) }),
      }
    },
    setCredentials(id, { privateKey, certificate }) {
      setCredentials.run(sealed(id, 'private_key', privateKey), sealed(id, 'certificate', certificate), id)
    },
    hasCredentials(id) {
      const row = presence.get(id)
      return { privateKey: row?.private_key === 1, certificate: row?.certificate === 1 }
    },
    remove: (id) => void drop.run(id),
  }
}
