import type { Db } from '../database.ts'
import type { RegistrationRecord, RegistrationStore } from '../ports.ts'
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
  created_at: number
  updated_at: number
}

const columns = `id, provider_id, name, description, client_id, client_authentication, scopes, variables, extra_hosts,
  fallback_expiry, client_secret IS NOT NULL AS has_client_secret, created_at, updated_at`

const secretPlace = (id: string) => ({ table: 'registrations', row: id, column: 'client_secret' })

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
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

/** OAuth clients at providers, the client secret sealed. */
export function registrationStore(db: Db, sealer: () => Sealer): RegistrationStore {
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM registrations ORDER BY created_at, id`)
  const one = db.prepare<[string], Row>(`SELECT ${columns} FROM registrations WHERE id = ?`)
  const secret = db.prepare<[string], Buffer | null>('SELECT client_secret FROM registrations WHERE id = ?').pluck()
  const setSecret = db.prepare<[Buffer | null, string]>('UPDATE registrations SET client_secret = ? WHERE id = ?')
  const drop = db.prepare<[string]>('DELETE FROM registrations WHERE id = ?')
  const write = db.prepare<[Omit<Row, 'has_client_secret'>]>(
    `INSERT INTO registrations (id, provider_id, name, description, client_id, client_authentication, scopes, variables,
       extra_hosts, fallback_expiry, created_at, updated_at)
     VALUES (@id, @provider_id, @name, @description, @client_id, @client_authentication, @scopes, @variables,
       @extra_hosts, @fallback_expiry, @created_at, @updated_at)
     ON CONFLICT (id) DO UPDATE SET provider_id = excluded.provider_id, name = excluded.name,
       description = excluded.description, client_id = excluded.client_id,
       client_authentication = excluded.client_authentication, scopes = excluded.scopes,
       variables = excluded.variables, extra_hosts = excluded.extra_hosts, fallback_expiry = excluded.fallback_expiry,
       created_at = excluded.created_at, updated_at = excluded.updated_at`,
  )
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
      created_at: record.createdAt,
      updated_at: record.updatedAt,
    })
    if (clientSecret === undefined) return
    setSecret.run(clientSecret === null ? null : sealer().seal(secretPlace(record.id), clientSecret), record.id)
  })
  return {
    list: () => all.all().map(toRecord),
    get: (id) => {
      const row = one.get(id)
      return row === undefined ? null : toRecord(row)
    },
    save,
    clientSecret: (id) => {
      const sealed = secret.get(id) ?? null
      return sealed === null ? null : sealer().open(secretPlace(id), sealed)
    },
    remove: (id) => void drop.run(id),
  }
}
