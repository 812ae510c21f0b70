import path from 'node:path'
import type { ClientSettings } from '../../electron/oauth/ports.ts'
import { systemClock } from '../../electron/platform/clock.ts'
import { createDataKey } from '../../electron/vault/data-key.ts'
import { openDatabase } from '../../electron/vault/database.ts'
import { checkIntegrity, newestSchema } from '../../electron/vault/integrity.ts'
import { sealedColumns } from '../../electron/vault/sealed-columns.ts'
import { openVault } from '../../electron/vault/vault.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import { noLog } from '../unit/vault/fixtures.ts'
import type { Outcome } from './job.ts'
import { editionsOf, guard, importedAccounts, openParts, type Parts, registrationId } from './parts.ts'

/** What the one who killed knows, from what the process told before it died, and from the authorization server. */
export interface Known {
  accounts: ReadonlySet<string>
  /** The account whose reset had begun. */
  resetting: string | null
  /** Whether an import has ended at some time. */
  imported: boolean
  /** RFC 7662: whether the server would accept this refresh token. */
  alive(refreshToken: string): Promise<boolean>
}

/** The file alone: every page, every parent, every sealed value. Gives what is wrong. */
export async function judgeFile(file: string): Promise<string[]> {
  const db = openDatabase(file)
  try {
    const { damage } = checkIntegrity(file)
    const dataKey = createDataKey(db, systemClock, noLog)
    await dataKey.open(guard(), () => true)
    const sealer = dataKey.sealer()
    if (sealer === null) return [...damage, 'the data key does not open']
    const problems = sealedColumns.flatMap(({ table, column, key, place }) => {
      const rows = db.prepare(`SELECT ${key.join(', ')}, ${column} AS sealed FROM ${table} WHERE ${column} IS NOT NULL`)
      return (rows.all() as Record<string, unknown>[]).flatMap((row) => {
        try {
          sealer.open(place(key.map((name) => String(row[name]))), row.sealed as Buffer)
          return []
        } catch (error) {
          return [error instanceof Error ? error.message : String(error)]
        }
      })
    })
    dataKey.forget()
    return [...damage, ...problems]
  } finally {
    db.close()
  }
}

/** Latchkey after the restart: every account is there, and each one works or says why it does not. */
export async function judgeAccounts(file: string, settings: ClientSettings, known: Known) {
  const parts = await openParts(file, settings)
  const { vault } = parts
  const problems: string[] = []
  const outcomes: Outcome[] = []
  const ids = new Set<string>()
  try {
    const marked = new Set(vault.tokens.interruptedRefreshes().map(({ accountId }) => accountId))
    parts.tokens.recover()
    for (const { id, registrationId: of } of vault.accounts.list()) {
      ids.add(id)
      if (of !== registrationId) continue
      const verdict = await judgeAccount(parts, id, marked.has(id), known)
      if (verdict.outcome !== null) outcomes.push(verdict.outcome)
      else problems.push(`${id}: ${verdict.why}`)
    }
    for (const id of known.accounts) if (!ids.has(id)) problems.push(`${id} is gone`)
    problems.push(...judgeImport(parts, known))
    await vault.keys.settled()
    if (vault.tokens.interruptedRefreshes().length > 0) problems.push('a marker of a refresh was left')
  } finally {
    await parts.close()
  }
  return { problems, outcomes, ids }
}

type Verdict = { outcome: Outcome } | { outcome: null; why: string }

async function judgeAccount(parts: Parts, id: string, marked: boolean, known: Known): Promise<Verdict> {
  const { vault, tokens } = parts
  const stored = vault.tokens.get(id)
  if (stored === null) {
    const { trouble } = vault.accounts.get(id) ?? {}
    if (known.resetting === id && trouble?.reason.includes('was reset')) return await mended(parts, id, 'reset')
    return { outcome: null, why: 'it has no tokens, and nobody asked for that' }
  }
  if (stored.refreshToken === null) return { outcome: null, why: 'it has no refresh token' }
  const alive = await known.alive(stored.refreshToken)
  if (!marked) return alive ? { outcome: 'whole' } : { outcome: null, why: 'its refresh token is dead without a word' }
  try {
    await tokens.fresh(id, { force: true })
    return alive ? { outcome: 'tried again' } : { outcome: null, why: 'a dead refresh token gave a new one' }
  } catch (error) {
    if (alive) return { outcome: null, why: `its refresh token is good, and the next use said: ${error}` }
    const reason = vault.accounts.get(id)?.trouble?.reason ?? ''
    const named = error instanceof LatchkeyError && error.code === 'reauth_required' && reason.includes('was lost')
    if (!named) return { outcome: null, why: `the loss is not named: ${error}` }
    if (!error.details.action?.command?.includes('connect')) return { outcome: null, why: 'no way out is named' }
    return await mended(parts, id, 'loss named')
  }
}

/** What the remedy says, done: after a new sign-in the account works. */
async function mended({ vault, tokens, connect }: Parts, id: string, outcome: Outcome): Promise<Verdict> {
  await connect(vault.accounts.get(id)?.alias ?? '', id)
  await tokens.fresh(id, { force: true })
  const trouble = vault.accounts.get(id)?.trouble ?? null
  return trouble === null ? { outcome } : { outcome: null, why: `the sign-in did not mend it: ${trouble.reason}` }
}

/** All of one edition, or nothing where none had ended. */
function judgeImport(parts: Parts, { imported }: Known): string[] {
  const editions = editionsOf(parts)
  const whole = editions.length === importedAccounts.length && editions.every((it) => it === 'AA' || it === 'BB')
  if (whole && new Set(editions).size === 1) return []
  if (editions.length === 0 && !imported) return []
  return [`an import was kept in part: ${editions.join(' ')}`]
}

/** A vault of an earlier schema whose migration may have been cut off: it is of the old schema or of the new one. */
export async function judgeMigration(file: string, schema: number): Promise<string[]> {
  const db = openDatabase(file)
  const found = db.pragma('user_version', { simple: true }) as number
  db.close()
  const name = path.basename(file)
  if (found !== schema && found !== newestSchema) return [`${name} is of schema ${found}`]
  const vault = openVault({ file, clock: systemClock, logger: noLog })
  const { state } = await vault.unlock(guard())
  const whole = state === 'unlocked' && vault.tokens.get('acc_ada')?.refreshToken === 'not-a-real-refresh-token'
  vault.close()
  return [...(whole ? [] : [`${name} lost its account`]), ...(await judgeFile(file)).map((it) => `${name}: ${it}`)]
}
