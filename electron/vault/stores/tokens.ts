import { LatchkeyError } from '../../../shared/errors.ts'
import type { Clock } from '../../platform/ports.ts'
import { type Db, durably, isConstraint } from '../database.ts'
import type { ExpirySource, TokenSet, TokenSetFacts, TokenStore } from '../ports.ts'
import { cannotOpen, type Sealer } from '../sealing.ts'

interface FactsRow {
  account_id: string
  token_type: string
  scopes: string
  obtained_at: number
  expires_at: number | null
  expiry_source: ExpirySource
  has_refresh_token: number
  has_id_token: number
  generation: number
}

interface SecretsRow {
  account_id: string
  access_token: Buffer
  refresh_token: Buffer | null
  id_token: Buffer | null
  extra: Buffer | null
}

const facts = `account_id, token_type, scopes, obtained_at, expires_at, expiry_source, has_refresh_token, has_id_token,
  generation`

type SecretColumn = 'access_token' | 'refresh_token' | 'id_token' | 'extra'
const place = (accountId: string, column: SecretColumn) => ({ table: 'token_secrets', row: accountId, column })

function toFacts(row: FactsRow): TokenSetFacts {
  return {
    tokenType: row.token_type,
    scopes: JSON.parse(row.scopes) as string[],
    obtainedAt: row.obtained_at,
    expiresAt: row.expires_at,
    expirySource: row.expiry_source,
    hasRefreshToken: row.has_refresh_token === 1,
    hasIdToken: row.has_id_token === 1,
    generation: row.generation,
  }
}

const noAccount = (accountId: string) =>
  new LatchkeyError('not_found', 'The account has been removed; its tokens were not stored.', { account: accountId })

/** Token sets: facts in one table, sealed tokens in another, and the markers of refresh requests under way. */
export function tokenStore(db: Db, sealer: () => Sealer, clock: Clock): TokenStore {
  const allFacts = db.prepare<[], FactsRow>(`SELECT ${facts} FROM token_sets`)
  const oneFacts = db.prepare<[string], FactsRow>(`SELECT ${facts} FROM token_sets WHERE account_id = ?`)
  const whole = db.prepare<[string], FactsRow & SecretsRow>(
    `SELECT ${facts}, access_token, refresh_token, id_token, extra FROM token_sets JOIN token_secrets USING (account_id)
     WHERE account_id = ?`,
  )
  const nextGeneration = db
    .prepare<[string], number>(
      'UPDATE accounts SET token_generation = token_generation + 1, trouble = NULL WHERE id = ? RETURNING token_generation',
    )
    .pluck()
  const writeFacts = db.prepare<[FactsRow]>(
    `INSERT INTO token_sets (${facts})
     VALUES (@account_id, @token_type, @scopes, @obtained_at, @expires_at, @expiry_source, @has_refresh_token,
       @has_id_token, @generation)
     ON CONFLICT (account_id) DO UPDATE SET token_type = excluded.token_type, scopes = excluded.scopes,
       obtained_at = excluded.obtained_at, expires_at = excluded.expires_at, expiry_source = excluded.expiry_source,
       has_refresh_token = excluded.has_refresh_token, has_id_token = excluded.has_id_token,
       generation = excluded.generation`,
  )
  const writeSecrets = db.prepare<[SecretsRow]>(
    `INSERT INTO token_secrets (account_id, access_token, refresh_token, id_token, extra)
     VALUES (@account_id, @access_token, @refresh_token, @id_token, @extra)
     ON CONFLICT (account_id) DO UPDATE SET access_token = excluded.access_token,
       refresh_token = excluded.refresh_token, id_token = excluded.id_token, extra = excluded.extra`,
  )
  const setRefreshed = db.prepare<[number, string]>('UPDATE accounts SET last_refresh_at = ? WHERE id = ?')
  const setExpiry = db.prepare<[number, ExpirySource, string]>(
    'UPDATE token_sets SET expires_at = ?, expiry_source = ? WHERE account_id = ?',
  )
  const drop = db.prepare<[string]>('DELETE FROM token_sets WHERE account_id = ?')
  const mark = db.prepare<[string, number]>(
    `INSERT INTO refresh_markers (account_id, started_at) VALUES (?, ?)
     ON CONFLICT (account_id) DO UPDATE SET started_at = excluded.started_at`,
  )
  const unmark = db.prepare<[string]>('DELETE FROM refresh_markers WHERE account_id = ?')
  const marked = db.prepare<[], { accountId: string; startedAt: number }>(
    'SELECT account_id AS accountId, started_at AS startedAt FROM refresh_markers ORDER BY started_at',
  )

  const store = (accountId: string, tokens: TokenSet) => {
    const generation = nextGeneration.get(accountId)
    if (generation === undefined) throw noAccount(accountId)
    const { seal } = sealer()
    const sealed = (column: SecretColumn, token: string | null) =>
      token === null ? null : seal(place(accountId, column), token)
    writeFacts.run({
      account_id: accountId,
      token_type: tokens.tokenType,
      scopes: JSON.stringify(tokens.scopes),
      obtained_at: Math.round(tokens.obtainedAt),
      expires_at: tokens.expiresAt === null ? null : Math.round(tokens.expiresAt),
      expiry_source: tokens.expirySource,
      has_refresh_token: tokens.refreshToken === null ? 0 : 1,
      has_id_token: tokens.idToken === null ? 0 : 1,
      generation,
    })
    writeSecrets.run({
      account_id: accountId,
      access_token: seal(place(accountId, 'access_token'), tokens.accessToken),
      refresh_token: sealed('refresh_token', tokens.refreshToken),
      id_token: sealed('id_token', tokens.idToken),
      extra: sealed('extra', tokens.extra === undefined ? null : JSON.stringify(tokens.extra)),
    })
    unmark.run(accountId)
  }

  return {
    facts: (accountId) => {
      const row = oneFacts.get(accountId)
      return row === undefined ? null : toFacts(row)
    },
    allFacts: () => new Map(allFacts.all().map((row) => [row.account_id, toFacts(row)])),
    get(accountId) {
      const row = whole.get(accountId)
      if (row === undefined) {
        if (oneFacts.get(accountId) !== undefined) throw cannotOpen(place(accountId, 'access_token'))
        return null
      }
      // A token that is known to be there and is not was not taken away by Latchkey.
      if (row.has_refresh_token === 1 && row.refresh_token === null) throw cannotOpen(place(accountId, 'refresh_token'))
      const { open } = sealer()
      const opened = (column: SecretColumn) => {
        const sealed = row[column]
        return sealed === null ? null : open(place(accountId, column), sealed)
      }
      const extra = opened('extra')
      return {
        accessToken: open(place(accountId, 'access_token'), row.access_token),
        refreshToken: opened('refresh_token'),
        idToken: opened('id_token'),
        tokenType: row.token_type,
        scopes: JSON.parse(row.scopes) as string[],
        obtainedAt: row.obtained_at,
        expiresAt: row.expires_at,
        expirySource: row.expiry_source,
        ...(extra === null ? {} : { extra: JSON.parse(extra) as Record<string, string> }),
      }
    },
    put: (accountId, tokens) => durably(db, () => store(accountId, tokens)),
    beginRefresh(accountId, at) {
      try {
        durably(db, () => mark.run(accountId, at))
      } catch (error) {
        throw isConstraint(error, 'FOREIGNKEY') ? noAccount(accountId) : error
      }
    },
    commitRefresh: (accountId, tokens) =>
      durably(db, () => {
        store(accountId, tokens)
        setRefreshed.run(clock.now(), accountId)
      }),
    endRefresh: (accountId) => void unmark.run(accountId),
    interruptedRefreshes: () => marked.all(),
    setExpiry: (accountId, expiresAt, source) => void setExpiry.run(Math.round(expiresAt), source, accountId),
    remove: db.transaction((accountId: string) => {
      drop.run(accountId)
      unmark.run(accountId)
    }),
  }
}
