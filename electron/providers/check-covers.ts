import { requestMethods } from '../../shared/contract-apps.ts'
import type { Definition } from './definition.ts'
import { wholeUrlVariable } from './template.ts'

type Fail = (field: string, problem: string) => never

const loopback = new Set(['127.0.0.1', 'localhost', '[::1]'])

/** What a scope covers, as far as it can be judged by itself. */
export function checkCovers(scope: Definition['scopes'][number], fail: Fail): void {
  for (const [index, { host, path_prefix: prefix, methods = [] }] of (scope.covers ?? []).entries()) {
    const field = `scopes.${scope.name}.covers.${index}`
    if (host.includes('{')) fail(`${field}.host`, 'name a host without variables, or leave covers out')
    if (host !== host.toLowerCase()) fail(`${field}.host`, 'hosts are in small letters')
    if (prefix !== undefined && /[?#\s]/.test(prefix)) fail(`${field}.path_prefix`, 'a path without query and spaces')
    const unknown = methods.find((method) => !requestMethods.some((known) => known === method))
    if (unknown !== undefined) fail(`${field}.methods`, `${unknown} is none of ${requestMethods.join(', ')}`)
  }
}

/**
 * What scopes cover at hosts where no signed request may go: such a scope could only ever be called unused. Wrong in the
 * catalogue; a person who changes where an API is keeps the scopes, is told, and loses nothing but the telling.
 */
export function unreachableCovers(definition: Definition): [field: string, problem: string][] {
  return definition.scopes.flatMap((scope) =>
    (scope.covers ?? [])
      .map(({ host }, index): [string, string, string] => [
        host,
        `scopes.${scope.name}.covers.${index}.host`,
        `${host} is neither in api.hosts nor the host of api.base_url`,
      ])
      .filter(([host]) => !isApiHost(definition, host))
      .map(([, field, problem]): [string, string] => [field, problem]),
  )
}

/** Whether signed requests of this definition's accounts may go there: `host` or `*.host`. */
export function isApiHost({ api }: Definition, host: string): boolean {
  if (api.hosts.some((entry) => entry === host || (entry.startsWith('*.') && host.endsWith(entry.slice(1)))))
    return true
  if (api.base_url === undefined) return false
  // Whoever registers says where such an API is; on this machine it is at a loopback address.
  if (wholeUrlVariable(api.base_url) !== null) return api.private_network && loopback.has(host)
  const example = api.base_url.replace(/\{[^}]*\}/g, 'example')
  return URL.canParse(example) && new URL(example).host === host
}
