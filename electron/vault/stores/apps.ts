import type { CallerFacts, Right } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { type Db, isConstraint } from '../database.ts'
import type { AppRecord, AppStore, PermissionRecord } from '../ports-apps.ts'

interface AppRow {
  id: string
  name: string
  purpose: string
  key_hash: Buffer
  created_at: number
  last_used_at: number | null
  expires_at: number | null
  idle_days: number | null
  revoked_at: number | null
  caller: string | null
}

interface PermissionRow {
  id: string
  app_id: string
  account_id: string | null
  rights: string
  hosts: string
  methods: string
  path_prefix: string | null
  until: number | null
  created_at: number
  updated_at: number
}

const appColumns = 'id, name, purpose, key_hash, created_at, last_used_at, expires_at, idle_days, revoked_at, caller'
const permissionColumns = 'id, app_id, account_id, rights, hosts, methods, path_prefix, until, created_at, updated_at'

const minute = 60_000

function toApp(row: AppRow): AppRecord {
  return {
    id: row.id,
    name: row.name,
    purpose: row.purpose,
    keyHash: row.key_hash,
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    expiresAt: row.expires_at,
    idleDays: row.idle_days,
    revokedAt: row.revoked_at,
    caller: row.caller === null ? null : (JSON.parse(row.caller) as CallerFacts),
  }
}

function toAppRow(record: AppRecord): AppRow {
  return {
    id: record.id,
    name: record.name,
    purpose: record.purpose,
    key_hash: record.keyHash,
    created_at: record.createdAt,
    last_used_at: record.lastUsedAt,
    expires_at: record.expiresAt,
    idle_days: record.idleDays,
    revoked_at: record.revokedAt,
    caller: record.caller === null ? null : JSON.stringify(record.caller),
  }
}

function toPermission(row: PermissionRow): PermissionRecord {
  return {
    id: row.id,
    appId: row.app_id,
    accountId: row.account_id,
    rights: JSON.parse(row.rights) as Right[],
    hosts: JSON.parse(row.hosts) as string[],
    methods: JSON.parse(row.methods) as string[],
    pathPrefix: row.path_prefix,
    until: row.until,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}

function toPermissionRow(record: PermissionRecord): PermissionRow {
  return {
    id: record.id,
    app_id: record.appId,
    account_id: record.accountId,
    rights: JSON.stringify(record.rights),
    hosts: JSON.stringify(record.hosts),
    methods: JSON.stringify(record.methods),
    path_prefix: record.pathPrefix,
    until: record.until,
    created_at: record.createdAt,
    updated_at: record.updatedAt,
  }
}

/** The programs that were let in, with what they may do. Of their keys only the hashes are here. */
export function appStore(db: Db): AppStore {
  const all = db.prepare<[], AppRow>(`SELECT ${appColumns} FROM apps ORDER BY created_at, rowid`)
  const one = db.prepare<[string], AppRow>(`SELECT ${appColumns} FROM apps WHERE id = ?`)
  const byKeyHash = db.prepare<[Buffer], AppRow>(`SELECT ${appColumns} FROM apps WHERE key_hash = ?`)
  const write = db.prepare<[AppRow]>(
    `INSERT INTO apps (${appColumns})
     VALUES (@id, @name, @purpose, @key_hash, @created_at, @last_used_at, @expires_at, @idle_days, @revoked_at, @caller)
     ON CONFLICT (id) DO UPDATE SET name = excluded.name, purpose = excluded.purpose, key_hash = excluded.key_hash,
       created_at = excluded.created_at, last_used_at = excluded.last_used_at, expires_at = excluded.expires_at,
       idle_days = excluded.idle_days, revoked_at = excluded.revoked_at, caller = excluded.caller`,
  )
  const setUsed = db.prepare<[number, string]>('UPDATE apps SET last_used_at = ? WHERE id = ?')
  const setRevoked = db.prepare<[number, string]>('UPDATE apps SET revoked_at = ? WHERE id = ? AND revoked_at IS NULL')
  const dropAsks = db.prepare<[string]>("DELETE FROM asks WHERE app_id = ? AND state = 'waiting'")

  const allPermissions = db.prepare<[], PermissionRow>(
    `SELECT ${permissionColumns} FROM permissions ORDER BY created_at, rowid`,
  )
  const ofApp = db.prepare<[string], PermissionRow>(
    `SELECT ${permissionColumns} FROM permissions WHERE app_id = ? ORDER BY created_at, rowid`,
  )
  const onePermission = db.prepare<[string], PermissionRow>(`SELECT ${permissionColumns} FROM permissions WHERE id = ?`)
  const writePermission = db.prepare<[PermissionRow]>(
    `INSERT INTO permissions (${permissionColumns})
     VALUES (@id, @app_id, @account_id, @rights, @hosts, @methods, @path_prefix, @until, @created_at, @updated_at)
     ON CONFLICT (id) DO UPDATE SET app_id = excluded.app_id, account_id = excluded.account_id,
       rights = excluded.rights, hosts = excluded.hosts, methods = excluded.methods,
       path_prefix = excluded.path_prefix, until = excluded.until, created_at = excluded.created_at,
       updated_at = excluded.updated_at`,
  )
  const dropPermission = db.prepare<[string]>('DELETE FROM permissions WHERE id = ?')
  const dropPermissionsOf = db.prepare<[string]>('DELETE FROM permissions WHERE app_id = ?')

  const revoke = db.transaction((id: string, at: number) => {
    setRevoked.run(at, id)
    dropPermissionsOf.run(id)
    dropAsks.run(id)
  })
  /** When each app's last use was written; a row need not even be looked at to know that it is too early. */
  const written = new Map<string, number>()
  const found = (row: AppRow | undefined) => (row === undefined ? null : toApp(row))

  return {
    list: () => all.all().map(toApp),
    get: (id) => found(one.get(id)),
    byKeyHash: (hash) => found(byKeyHash.get(hash)),
    save(record) {
      write.run(toAppRow(record))
      written.delete(record.id)
    },
    touchUsed(id, at) {
      const last = written.get(id)
      // A clock that was set back must not silence an app for long: the distance counts, in either direction.
      if (last !== undefined && Math.abs(at - last) < minute) return
      setUsed.run(at, id)
      written.set(id, at)
    },
    revoke,
    permissions: (appId) => (appId === undefined ? allPermissions.all() : ofApp.all(appId)).map(toPermission),
    permission(id) {
      const row = onePermission.get(id)
      return row === undefined ? null : toPermission(row)
    },
    savePermission(record) {
      try {
        writePermission.run(toPermissionRow(record))
      } catch (error) {
        if (!isConstraint(error, 'FOREIGNKEY')) throw error
        throw new LatchkeyError('not_found', 'The app or the account has been removed.', {}, error)
      }
    },
    removePermission: (id) => void dropPermission.run(id),
  }
}
