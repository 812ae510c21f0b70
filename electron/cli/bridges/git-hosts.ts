import type { ProviderDetails } from '../../../shared/contract-records.ts'
import type { Registration } from '../../../shared/models.ts'

/** Where a provider's repositories are, and under which user name its tokens are taken. */
export interface GitOf {
  /** `host`, `host:port`, `*.host` or `*.host:port`. */
  hosts: string[]
  username: string
}

const loopback = new Set(['127.0.0.1', '[::1]', 'localhost'])

/**
 * The address that git wants to sign in at. null: one that tokens are never given for, which is every protocol but https,
 * and http to anywhere but this computer.
 */
export function destinationOf(request: { protocol: string; host: string }): URL | null {
  const { protocol, host } = request
  if (protocol !== 'https' && protocol !== 'http') return null
  // Anything that a URL parser would read as more than a host.
  if (host === '' || /[/?#@\\\s]/.test(host) || !URL.canParse(`${protocol}://${host}/`)) return null
  const url = new URL(`${protocol}://${host}/`)
  if (url.hostname.endsWith('.')) url.hostname = url.hostname.slice(0, -1)
  return protocol === 'https' || loopback.has(url.hostname) ? url : null
}

/** Whether `entry` names the host and port of `url`. Names are compared whole; `*.` stands for every name below. */
export function names(entry: string, url: URL): boolean {
  const below = entry.startsWith('*.')
  const host = below ? entry.slice(2) : entry
  if (!URL.canParse(`${url.protocol}//${host}/`)) return false
  const other = new URL(`${url.protocol}//${host}/`)
  if (other.port !== url.port) return false
  if (!below) return other.hostname === url.hostname
  return other.hostname.includes('.') && url.hostname.endsWith(`.${other.hostname}`)
}

/** What a provider's definition says about git, filled in with the registration's variables. */
export function gitOf(details: ProviderDetails, registration: Registration | undefined): GitOf | null {
  const { git } = details.definition as { git?: GitOf }
  if (git === undefined) return null
  return { username: git.username, hosts: filled(git.hosts, registration) }
}

/** Where signed requests of an account may go: its tokens are meant for these hosts (docs/local-api.md). */
export function apiHosts(details: ProviderDetails, registration: Registration | undefined): string[] {
  const { api } = details.definition as { api?: { hosts?: string[]; base_url?: string } }
  const base = filled(api?.base_url ? [api.base_url] : [], registration)
    .filter((url) => URL.canParse(url))
    .map((url) => new URL(url).host)
  return [...filled(api?.hosts ?? [], registration), ...base, ...(registration?.extra_hosts ?? [])]
}

/** Templates whose variables the registration does not fill name no host. */
function filled(templates: string[], registration: Registration | undefined): string[] {
  const variables = registration?.variables ?? {}
  return templates
    .map((template) => template.replace(/\{([a-z][a-z0-9_]*)\}/g, (whole, name: string) => variables[name] ?? whole))
    .filter((text) => !text.includes('{'))
}
