import { LatchkeyError } from '../../../shared/errors.ts'
import { type Db, isConstraint } from '../database.ts'
import type { AccountCredentials, AccountRecord, AccountStore, Grant, Trouble } from '../ports.ts'
import type { Sealer } from '../sealing.ts'

interface Row {
  id: string
  registration_id: string
  provider_id: string
  alias: string
  subject: string | null
  issuer: string | null
  name: string | null
  username: string | null
  email: string | null
  scopes_requested: string
  grant_type: Grant
  disabled_at: number | null
  validation: string | null
  trouble: string | null
  created_at: number
  last_used_at: number | null
  last_refresh_at: number | null
}

const columns = `id, registration_id, provider_id, alias, subject, issuer, name, username, email, scopes_requested,
  grant_type, disabled_at, validation, trouble, created_at, last_used_at, last_refresh_at`

const minute = 60_000
const place = (id: string) => ({ table: 'accounts', row: id, column: 'credentials' })
const json = (value: object | null) => (value === null ? null : JSON.stringify(value))

function toRecord(row: Row): AccountRecord {
  const { subject, issuer, name, username, email } = row
  return {
    id: row.id,
    registrationId: row.registration_id,
    providerId: row.provider_id,
    alias: row.alias,
    identity: subject === null ? null : { subject, issuer, name, username, email },
    scopesRequested: JSON.parse(row.scopes_requested) as string[],
    grant: row.grant_type,
    enabled: row.disabled_at === null,
    ...(row.disabled_at === null ? {} : { disabledAt: row.disabled_at }),
    validation: row.validation === null ? null : (JSON.parse(row.validation) as AccountRecord['validation']),
    trouble: row.trouble === null ? null : (JSON.parse(row.trouble) as Trouble),
    createdAt: row.created_at,
    lastUsedAt: row.last_used_at,
    lastRefreshAt: row.last_refresh_at,
  }
}

function toRow(record: AccountRecord): Row {
  return {
    id: record.id,
    registration_id: record.registrationId,
    provider_id: record.providerId,
    alias: record.alias,
    subject: record.identity?.subject ?? null,
    issuer: record.identity?.issuer ?? null,
    name: record.identity?.name ?? null,
    username: record.identity?.username ?? null,
    email: record.identity?.email ?? null,
    scopes_requested: JSON.stringify(record.scopesRequested),
    grant_type: record.grant,
    disabled_at: record.enabled ? null : (record.disabledAt ?? record.createdAt),
    validation: json(record.validation),
    trouble: json(record.trouble),
    created_at: record.createdAt,
    last_used_at: record.lastUsedAt,
    last_refresh_at: record.lastRefreshAt,
  }
}

/** Accounts without their tokens, their other secrets sealed. Aliases are one whatever the case of their ASCII letters. */
export function accountStore(db: Db, sealer: () => Sealer): AccountStore {
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM accounts ORDER BY created_at, id`)
  const byName = db.prepare<[string, number], Row>(
    `SELECT ${columns} FROM accounts WHERE alias > ? ORDER BY alias LIMIT ?`,
  )
  const mayNeedPerson = db.prepare<[], Row>(
    `SELECT ${columns} FROM accounts WHERE trouble IS NOT NULL OR NOT EXISTS (
       SELECT 1 FROM token_sets WHERE account_id = accounts.id AND (has_refresh_token = 1 OR expires_at IS NULL))
     ORDER BY alias`,
  )
  const one = db.prepare<[string], Row>(`SELECT ${columns} FROM accounts WHERE id = ?`)
  const byAlias = db.prepare<[string], Row>(`SELECT ${columns} FROM accounts WHERE alias = ?`)
  const byRegistration = db.prepare<[string], Row>(
    `SELECT ${columns} FROM accounts WHERE registration_id = ? ORDER BY created_at, id`,
  )
  const byIdentity = db.prepare<[string, string, string | null], Row>(
    `SELECT ${columns} FROM accounts WHERE provider_id = ? AND subject = ? AND issuer IS ? ORDER BY created_at, id`,
  )
  const setTrouble = db.prepare<[string | null, string]>('UPDATE accounts SET trouble = ? WHERE id = ?')
  const setUsed = db.prepare<[number, string]>('UPDATE accounts SET last_used_at = ? WHERE id = ?')
  const drop = db.prepare<[string]>('DELETE FROM accounts WHERE id = ?')
  const write = db.prepare<[Row]>(
    `INSERT INTO accounts (${columns})
     VALUES (@id, @registration_id, @provider_id, @alias, @subject, @issuer, @name, @username, @email,
       @scopes_requested, @grant_type, @disabled_at, @validation, @trouble, @created_at, @last_used_at, @last_refresh_at)
     ON CONFLICT (id) DO UPDATE SET registration_id = excluded.registration_id, provider_id = excluded.provider_id,
       alias = excluded.alias, subject = excluded.subject, issuer = excluded.issuer, name = excluded.name,
       username = excluded.username, email = excluded.email, scopes_requested = excluded.scopes_requested,
       grant_type = excluded.grant_type, disabled_at = excluded.disabled_at, validation = excluded.validation,
       trouble = excluded.trouble, created_at = excluded.created_at, last_used_at = excluded.last_used_at,
       last_refresh_at = excluded.last_refresh_at`,
  )
  const enable = db.prepare<[string]>('UPDATE accounts SET disabled_at = NULL WHERE id = ?')
  const disable = db.prepare<[number, string]>(
    'UPDATE accounts SET disabled_at = ? WHERE id = ? AND disabled_at IS NULL',
  )
  const setValidation = db.prepare<[string | null, string]>('UPDATE accounts SET validation = ? WHERE id = ?')
  const credentials = db.prepare<[string], Buffer | null>('SELECT credentials FROM accounts WHERE id = ?').pluck()
  const setCredentials = db.prepare<[Buffer | null, string]>('UPDATE accounts SET credentials = ? WHERE id = ?')
  /** When each account's last use was written; a row need not even be looked at to know that it is too early. */
  const written = new Map<string, number>()
  const found = (row: Row | undefined) => (row === undefined ? null : toRecord(row))
  return {
    list: () => all.all().map(toRecord),
    // No alias is empty (shared/contract.ts), so all of them come after that.
    byName: (after, limit) => byName.all(after ?? '', limit).map(toRecord),
    mayNeedPerson: () => mayNeedPerson.all().map(toRecord),
    get: (id) => found(one.get(id)),
    byAlias: (alias) => found(byAlias.get(alias)),
    byRegistration: (registrationId) => byRegistration.all(registrationId).map(toRecord),
    byIdentity: (providerId, issuer, subject) => byIdentity.all(providerId, subject, issuer).map(toRecord),
    save(record) {
      try {
        write.run(toRow(record))
      } catch (error) {
        if (isConstraint(error, 'UNIQUE')) {
          const message = `The alias "${record.alias}" belongs to another account. Choose a different alias.`
          throw new LatchkeyError('invalid_request', message, { field: 'alias' }, error)
        }
        if (isConstraint(error, 'FOREIGNKEY')) {
          const message = 'The registration of this account has been removed. Choose another registration.'
          throw new LatchkeyError('not_found', message, { field: 'registration' }, error)
        }
        throw error
      }
      written.delete(record.id)
    },
    setTrouble: (id, trouble) => void setTrouble.run(json(trouble), id),
    setEnabled: (id, enabled, at) => void (enabled ? enable.run(id) : disable.run(at, id)),
    setValidation: (id, validation) => void setValidation.run(json(validation), id),
    credentials(id) {
      const sealed = credentials.get(id) ?? null
      return sealed === null ? {} : (JSON.parse(sealer().open(place(id), sealed)) as AccountCredentials)
    },
    setCredentials(id, wanted) {
      const empty = Object.values(wanted).every((value) => value === undefined)
      setCredentials.run(empty ? null : sealer().seal(place(id), JSON.stringify(wanted)), id)
    },
    touchUsed(id, at) {
      const last = written.get(id)
      // A clock that was set back must not silence an account for long: the distance counts, in either direction.
      if (last !== undefined && Math.abs(at - last) < minute) return
      setUsed.run(at, id)
      written.set(id, at)
    },
    remove(id) {
      drop.run(id)
      written.delete(id)
    },
  }
}
