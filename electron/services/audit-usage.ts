import type { Usage } from '../../shared/contract-apps.ts'
import { isApiHost } from '../providers/check-covers.ts'
import type { Catalogue, Definition } from '../providers/definition.ts'
import type { AccountRecord, Vault } from '../vault/ports.ts'
import type { UsageRow } from '../vault/ports-apps.ts'
import { day } from './activity-limits.ts'
import { isBelow } from './audit-path.ts'

export type UsageParts = { vault: Pick<Vault, 'activity' | 'apps' | 'registrations' | 'tokens'>; catalogue: Catalogue }

type User = Usage['users'][number]
type Scope = Definition['scopes'][number]
type Covered = NonNullable<Scope['covers']>[number]

/** Callers that are not apps, as people know them. */
const names: Record<string, string> = {
  page: "Latchkey's page",
  cli: 'The command line',
  owner: 'Programs with the owner key',
  app: 'A program that was removed',
  latchkey: 'Latchkey itself',
}

const time = (at: number) => new Date(at).toISOString()

/** Who used an account for what since this day, who may, and which of its scopes were needed for it (G4). */
export function usageOf(parts: UsageParts, account: AccountRecord, days: number, today: number): Usage {
  const sinceDay = today - days + 1
  const rows = parts.vault.activity.usage(account.id, sinceDay)
  return {
    account_id: account.id,
    days,
    since: time(sinceDay * day),
    users: usersOf(rows, (id) => parts.vault.apps.get(id)?.name ?? null),
    permitted: permittedOn(parts, account.id),
    scopes: scopesOf(parts, account, rows),
    complete: !rows.some(({ right }) => right === 'token'),
  }
}

function usersOf(rows: UsageRow[], appName: (id: string) => string | null): User[] {
  const users = new Map<string, User>()
  const uses = new Map<string, User['uses'][number]>()
  for (const row of rows) {
    const key = row.appId ?? row.actor
    const last_at = time(row.lastAt)
    const user = users.get(key) ?? {
      actor: row.actor,
      app_id: row.appId,
      name: (row.appId === null ? null : (appName(row.appId) ?? row.appName)) ?? names[row.actor] ?? row.actor,
      count: 0,
      failed: 0,
      last_at,
      uses: [],
    }
    users.set(key, user)
    const { right, method, host, path } = row
    const place = JSON.stringify([key, right, method, host, path])
    const use = uses.get(place) ?? { right, method, host, path, count: 0, failed: 0, last_at }
    if (!uses.has(place)) user.uses.push(use)
    uses.set(place, use)
    for (const sum of [user, use]) {
      sum.count += row.count
      sum.failed += row.failed
      if (last_at > sum.last_at) sum.last_at = last_at
    }
  }
  for (const user of users.values()) user.uses.sort((a, b) => b.count - a.count)
  return [...users.values()].sort((a, b) => b.count - a.count)
}

/** Those whose app can still be used; what an app may do with accounts that it connects itself is not about this one. */
function permittedOn({ vault }: UsageParts, accountId: string): Usage['permitted'] {
  const apps = new Map(vault.apps.list().map((app) => [app.id, app]))
  const found = new Map<string, Usage['permitted'][number]>()
  for (const permission of vault.apps.permissions()) {
    const app = apps.get(permission.appId)
    if (permission.accountId !== accountId || app === undefined || app.revokedAt !== null) continue
    const rights = new Set([...(found.get(app.id)?.rights ?? []), ...permission.rights])
    found.set(app.id, { app_id: app.id, name: app.name, rights: [...rights] })
  }
  return [...found.values()].sort((a, b) => a.name.localeCompare(b.name))
}

function scopesOf({ vault, catalogue }: UsageParts, account: AccountRecord, rows: UsageRow[]): Usage['scopes'] {
  const granted = vault.tokens.facts(account.id)?.scopes ?? account.scopesRequested
  const definition = catalogue.list().find(({ id }) => id === account.providerId)
  // A registration with an API of its own sends requests where the definition knows nothing of scopes.
  const elsewhere = Boolean(vault.registrations.get(account.registrationId)?.options.baseUrl)
  const requests = rows.filter(({ right, host }) => right === 'request' && host !== null)
  return granted.map((name) => {
    const scope = definition?.scopes.find((it) => it.name === name)
    const covers = scope?.covers?.filter(({ host }) => definition !== undefined && isApiHost(definition, host)) ?? []
    if (covers.length === 0) return { name, state: 'unknown', last_at: null }
    let last = 0
    let certain = !elsewhere
    for (const row of requests) {
      const answers = covers.map((covered) => coversRow(covered, row))
      if (answers.includes(true)) last = Math.max(last, row.lastAt)
      else if (answers.includes(null)) certain = false
    }
    if (last > 0) return { name, state: 'used', last_at: time(last) }
    return { name, state: certain ? 'unused' : 'unknown', last_at: null }
  })
}

/** null: the sums do not tell. */
function coversRow({ host, path_prefix, methods }: Covered, row: UsageRow): boolean | null {
  if (row.host === null || row.path === null || !sameHost(host, row.host)) return false
  if (methods !== undefined && !methods.includes(row.method ?? '')) return false
  return isBelow(row.path, path_prefix)
}

const loopback = /^(?:127\.0\.0\.1|localhost|\[::1\])$/

/** `*.example.com` covers every name below. On this machine the port is another one each time, so any will do. */
function sameHost(covered: string, used: string): boolean {
  if (covered.startsWith('*.')) return used.endsWith(covered.slice(1))
  return covered === used || (loopback.test(covered) && used.replace(/:\d+$/, '') === covered)
}
