import type { CallerFacts } from '../../../shared/contract-apps.ts'
import type { Db } from '../database.ts'
import type { AskedFor, AskRecord, AskStore } from '../ports-apps.ts'

interface Row {
  id: string
  kind: AskRecord['kind']
  code: string
  state: AskRecord['state']
  app_id: string | null
  name: string
  purpose: string
  user_agent: string | null
  wants: string
  caller: string | null
  secret_hash: Buffer | null
  times: number
  created_at: number
  last_at: number
  expires_at: number
  decided_at: number | null
}

const columns = `id, kind, code, state, app_id, name, purpose, user_agent, wants, caller, secret_hash, times, created_at,
  last_at, expires_at, decided_at`

function toRecord(row: Row): AskRecord {
  return {
    id: row.id,
    kind: row.kind,
    code: row.code,
    state: row.state,
    appId: row.app_id,
    name: row.name,
    purpose: row.purpose,
    userAgent: row.user_agent,
    wants: JSON.parse(row.wants) as AskedFor[],
    caller: row.caller === null ? null : (JSON.parse(row.caller) as CallerFacts),
    secretHash: row.secret_hash,
    times: row.times,
    createdAt: row.created_at,
    lastAt: row.last_at,
    expiresAt: row.expires_at,
    decidedAt: row.decided_at,
  }
}

function toRow(record: AskRecord): Row {
  return {
    id: record.id,
    kind: record.kind,
    code: record.code,
    state: record.state,
    app_id: record.appId,
    name: record.name,
    purpose: record.purpose,
    user_agent: record.userAgent,
    wants: JSON.stringify(record.wants),
    caller: record.caller === null ? null : JSON.stringify(record.caller),
    secret_hash: record.secretHash,
    times: record.times,
    created_at: record.createdAt,
    last_at: record.lastAt,
    expires_at: record.expiresAt,
    decided_at: record.decidedAt,
  }
}

/** What programs ask the person for. A code is unique among those that are here. */
export function askStore(db: Db): AskStore {
  const all = db.prepare<[], Row>(`SELECT ${columns} FROM asks ORDER BY created_at DESC, rowid DESC`)
  const one = db.prepare<[string, string], Row>(`SELECT ${columns} FROM asks WHERE id = ? OR code = ?`)
  const write = db.prepare<[Row]>(
    `INSERT INTO asks (${columns})
     VALUES (@id, @kind, @code, @state, @app_id, @name, @purpose, @user_agent, @wants, @caller, @secret_hash, @times,
       @created_at, @last_at, @expires_at, @decided_at)
     ON CONFLICT (id) DO UPDATE SET kind = excluded.kind, code = excluded.code, state = excluded.state,
       app_id = excluded.app_id, name = excluded.name, purpose = excluded.purpose, user_agent = excluded.user_agent,
       wants = excluded.wants, caller = excluded.caller, secret_hash = excluded.secret_hash, times = excluded.times,
       created_at = excluded.created_at, last_at = excluded.last_at, expires_at = excluded.expires_at,
       decided_at = excluded.decided_at`,
  )
  const drop = db.prepare<[number]>('DELETE FROM asks WHERE coalesce(decided_at, expires_at) < ?')
  return {
    list: () => all.all().map(toRecord),
    get(reference) {
      const row = one.get(reference, reference)
      return row === undefined ? null : toRecord(row)
    },
    save: (record) => void write.run(toRow(record)),
    sweep: (before) => void drop.run(before),
  }
}
