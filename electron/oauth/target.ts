import { LatchkeyError } from '../../shared/errors.ts'
import { fillOptionalTemplate } from '../providers/template.ts'
import type { ClientSettings } from './ports.ts'

/**
 * Which API the tokens are for: `resource` (RFC 8707 2, several separated by spaces) and `audience`, which Auth0 and
 * others want. The registration's own come before the definition's. They go into the authorization request, the token
 * request and every refresh.
 *
 * @throws LatchkeyError `invalid_request` with field `options.resource`: it has to be an absolute URI without a fragment.
 */
export function targetParameters({ options, definition, variables }: ClientSettings): [string, string][] {
  const resource =
    options?.resource || fillOptionalTemplate(definition.resource, variables, `resource of ${definition.name}`)
  const audience =
    options?.audience || fillOptionalTemplate(definition.audience, variables, `audience of ${definition.name}`)
  const resources = resource ? resource.split(/\s+/).filter((it) => it !== '') : []
  for (const uri of resources) {
    if (URL.canParse(uri) && !uri.includes('#')) continue
    throw new LatchkeyError('invalid_request', 'A resource is an absolute URI without a fragment (RFC 8707 2).', {
      field: 'options.resource',
    })
  }
  const parameters = resources.map((uri): [string, string] => ['resource', uri])
  if (audience) parameters.push(['audience', audience])
  return parameters
}
