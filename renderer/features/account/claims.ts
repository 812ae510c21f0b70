import { absolute, relative } from '../../components/time-text.ts'
import { t } from '../../texts.ts'

export interface ClaimRow {
  name: string
  /** As it stands in the token. */
  value: string
  /** A number of seconds as people read it (RFC 7519 NumericDate). */
  time: string | null
  meaning: string | null
}

/** Claims whose value is a NumericDate (RFC 7519 2; OIDC Core 2 and 5.1). */
const dates = new Set(['exp', 'nbf', 'iat', 'auth_time', 'updated_at'])
/** What people look for first. */
const order = ['iss', 'sub', 'aud', 'azp', 'client_id', 'exp', 'nbf', 'iat', 'auth_time', 'scope', 'scp']

function text(value: unknown): string {
  if (typeof value === 'string') return value
  if (Array.isArray(value) && value.every((it) => typeof it === 'string')) return value.join(', ')
  return JSON.stringify(value) ?? ''
}

/** Header or claims as rows, the standard ones first and explained. */
export function claimRows(claims: Record<string, unknown>, now: number): ClaimRow[] {
  const place = (name: string) => {
    const index = order.indexOf(name)
    return index === -1 ? order.length : index
  }
  return Object.entries(claims)
    .map(([name, value]) => {
      const seconds = dates.has(name) && typeof value === 'number' ? value * 1000 : null
      const readable = seconds !== null && Math.abs(seconds) <= 8.64e15
      return {
        name,
        value: text(value),
        time: readable ? `${absolute(seconds)} (${relative(new Date(seconds).toISOString(), now)})` : null,
        meaning: Object.hasOwn(t.account.claims, name) ? (t.account.claims[name] ?? null) : null,
      }
    })
    .sort((a, b) => place(a.name) - place(b.name))
}
