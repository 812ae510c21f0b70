import type { Warning } from '../../shared/contract-records.ts'
import { expressionTemplates } from '../providers/check-requests.ts'
import type { Definition } from '../providers/definition.ts'

/**
 * Hosts that a changed definition has and the one before had not: whoever holds them gets codes, secrets or tokens, so
 * each is named. `before`: null for a definition that is new, which is warned of where it points nowhere public.
 */
export function hostWarnings(before: Definition | null, after: Definition): Warning[] {
  if (before === null) return []
  const known = new Set(hostsOf(before).map(([, host]) => host))
  const earlier = new Map(hostsOf(before))
  return hostsOf(after)
    .filter(([, host]) => !known.has(host))
    .map(([field, host]) => {
      const was = earlier.get(field)
      const message = was === undefined ? `${host} is new.` : `${host} is new; it was ${was} before.`
      return { field, message: `${message} ${what(field)} Make sure that it belongs to ${after.name}.` }
    })
}

function what(field: string): string {
  if (field === 'git.hosts') return 'Git gets access tokens for it.'
  if (field.startsWith('api.')) return 'Signed requests, and with them access tokens, may go there.'
  if (field === 'endpoints.authorization' || field === 'authorization.url') return 'People sign in there.'
  return 'Codes, secrets and tokens are sent there.'
}

/** Every host that a definition names, with its field; a template's own variables stay as they are. */
function hostsOf(definition: Definition): [field: string, host: string][] {
  const { issuer, endpoints = {}, api, git } = definition
  const urls: [string, string | undefined][] = [
    ['issuer', issuer],
    ...Object.entries<string | undefined>(endpoints).map(([name, url]): [string, string | undefined] => [
      `endpoints.${name}`,
      url,
    ]),
    ['api.base_url', api.base_url],
    ['api.probe', api.probe?.url],
    ...expressionTemplates(definition).map(([field, template]): [string, string] => [
      field,
      typeof template === 'string' ? template : template.url,
    ]),
  ]
  const named = urls.flatMap(([field, url]): [string, string][] => {
    const host = url === undefined ? null : hostOf(url)
    return host === null ? [] : [[field, host]]
  })
  const listed = (field: string, hosts: string[]) => hosts.map((host): [string, string] => [field, host.toLowerCase()])
  return [...named, ...listed('api.hosts', api.hosts), ...listed('git.hosts', git?.hosts ?? [])]
}

/** Host and port, or the expression in the place of one. */
function hostOf(url: string): string | null {
  const authority = /^[a-z][a-z0-9+.-]*:\/\/([^/?#]*)/i.exec(url)?.[1] ?? /^(\{\{[^}]*\}\}|\{[^}]*\})/.exec(url)?.[1]
  return authority === undefined ? null : authority.toLowerCase()
}
