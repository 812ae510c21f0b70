import type { Account, AccountState } from '../../../shared/models.ts'

/** What a person should look at first. */
const rank: Record<AccountState, number> = {
  reauth_required: 0,
  never_connected: 1,
  unreachable: 2,
  expiring: 3,
  expired: 4,
  active: 5,
  locked: 6,
  disabled: 7,
}

/** Every state, what needs the person first. */
export const states = (Object.keys(rank) as AccountState[]).sort((a, b) => rank[a] - rank[b])

/** True when nothing but signing in again helps. Whatever mends itself does not call the person. */
export const needsYou = (account: Account): boolean =>
  account.status.state === 'reauth_required' || account.status.state === 'never_connected'

export const sorts = ['need', 'name', 'expiry', 'used'] as const
export type Sort = (typeof sorts)[number]

const names = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' })
const byName = (a: Account, b: Account) => names.compare(a.alias, b.alias) || (a.id < b.id ? -1 : 1)
/** The end of the access token; what has none comes last. */
const end = ({ token }: Account) => (token?.expires_at ? Date.parse(token.expires_at) : Number.POSITIVE_INFINITY)
const used = ({ last_used_at }: Account) => (last_used_at === null ? 0 : Date.parse(last_used_at))

const orders: Record<Sort, (a: Account, b: Account) => number> = {
  need: (a, b) => rank[a.status.state] - rank[b.status.state] || byName(a, b),
  name: byName,
  expiry: (a, b) => (end(a) === end(b) ? byName(a, b) : end(a) - end(b)),
  used: (a, b) => used(b) - used(a) || byName(a, b),
}

/** A sorted copy. */
export function sortAccounts(accounts: readonly Account[], sort: Sort): Account[] {
  return [...accounts].sort(orders[sort])
}

/** True when every word stands somewhere in what the person knows of the account. `words` in lower case. */
export function fits(account: Account, words: string): boolean {
  if (words === '') return true
  const { alias, provider_name, provider_id, registration_name, identity } = account
  const text = [
    alias,
    provider_name,
    provider_id,
    registration_name,
    identity?.name,
    identity?.username,
    identity?.email,
  ]
    .join('\n')
    .toLocaleLowerCase()
  return words.split(/\s+/).every((word) => text.includes(word))
}

/** The line under an account's name: whom it belongs to, and where. */
export function subtitle({ alias, identity, provider_name }: Account): string {
  const who = identity?.email ?? identity?.username ?? identity?.name ?? null
  return who === null || who === alias ? provider_name : `${who} · ${provider_name}`
}

/** Milliseconds until some account's state changes by itself: 1 s at least, a minute at most; false when none will. */
export function nextChange(accounts: readonly Account[], now: number): number | false {
  let next = Number.POSITIVE_INFINITY
  for (const { token, status } of accounts) {
    const moments: number[] = status.retry_at === null ? [] : [Date.parse(status.retry_at)]
    if (token?.expires_at) {
      const ends = Date.parse(token.expires_at)
      const life = ends - Date.parse(token.obtained_at)
      // Where `expiring` begins (DESIGN section 6, Refresh).
      moments.push(ends, ends - Math.min(Math.max(60_000, life / 10), life / 2))
    }
    for (const moment of moments) if (moment > now && moment < next) next = moment
  }
  return next === Number.POSITIVE_INFINITY ? false : Math.min(60_000, Math.max(1000, next - now + 300))
}
