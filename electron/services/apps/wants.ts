import { rights as allRights } from '../../../shared/contract-apps.ts'
import { redact } from '../../platform/redact.ts'
import { hostText, parseHost } from '../../signer/policy.ts'
import type { AskedFor } from '../../vault/ports-apps.ts'
import { commonPrefix, isComparable, isUnder } from './path-prefix.ts'

/** More is no question that a person could answer. */
const most = 50

/** Both together, as one question. Narrower than neither; the narrowing of requests counts where they are wanted. */
export function merged(one: AskedFor, other: AskedFor): AskedFor {
  const rights = allRights.filter((right) => one.rights.includes(right) || other.rights.includes(right))
  const together = { account: one.account, provider: one.provider ?? other.provider, rights }
  if (!other.rights.includes('request')) return { ...one, ...together }
  if (!one.rights.includes('request')) return { ...other, ...together }
  return {
    ...together,
    hosts: union(one.hosts, other.hosts),
    methods: union(one.methods, other.methods),
    pathPrefix:
      one.pathPrefix === null || other.pathPrefix === null ? null : commonPrefix(one.pathPrefix, other.pathPrefix),
  }
}

/** An empty list is every host, or every method. */
function union(one: string[], other: string[]): string[] {
  if (one.length === 0 || other.length === 0) return []
  const more = other.filter((it) => !one.includes(it))
  return one.length + more.length > most ? one : [...one, ...more]
}

/** Whether who was asked about `asked` has been asked about `wanted` too. */
export function includes(asked: AskedFor, wanted: AskedFor): boolean {
  if (!wanted.rights.every((right) => asked.rights.includes(right))) return false
  if (!wanted.rights.includes('request')) return true
  const prefix = asked.pathPrefix
  return (
    contains(asked.hosts, wanted.hosts) &&
    contains(asked.methods, wanted.methods) &&
    (prefix === null || (wanted.pathPrefix !== null && isUnder(prefix, wanted.pathPrefix)))
  )
}

function contains(all: string[], some: string[]): boolean {
  return all.length === 0 || (some.length > 0 && some.every((it) => all.includes(it)))
}

/** Which question of an app this is about: asked again it is the same one, not another. */
export function subjectOf({ account, provider, rights, hosts }: AskedFor): string {
  if (account !== null) return `account ${account.toLowerCase()}`
  return rights.includes('connect') ? `connect ${provider ?? ''}` : `host ${hosts[0] ?? ''}`
}

/** What a refused request shows of what is wanted; a URL without a host leaves host and path open. */
export function narrowingOf(method: string, url: string | URL): Pick<AskedFor, 'hosts' | 'methods' | 'pathPrefix'> {
  const target = typeof url !== 'string' ? url : URL.canParse(url) ? new URL(url) : null
  const entry = target === null ? null : parseHost(portOf(target))
  return {
    hosts: entry === null ? [] : [hostText(entry)],
    methods: [method],
    pathPrefix: entry === null || target === null ? null : shownPath(target.pathname),
  }
}

/** Host entries without a port mean that of https. */
const portOf = (url: URL) => (url.protocol === 'http:' && url.port === '' ? `${url.host}:80` : url.host)

/** As many whole segments as hold nothing that looks like a secret. */
function shownPath(path: string): string | null {
  const whole = path.replace(/\/+$/, '').slice(0, 500)
  if (!isComparable(whole)) return null
  let shown = ''
  for (const segment of whole.split('/').slice(1)) {
    const longer = `${shown}/${segment}`
    if (redact(longer) !== longer) break
    shown = longer
  }
  return shown === '' ? null : shown
}
