import type { Provider } from '../../shared/models.ts'
import type { Definition } from './definition.ts'

/** RFC 9700 2.4 */
const passwordNotice =
  'Connecting with user name and password hands the password to Latchkey, and cannot pass a second factor. RFC 9700 says that it must not be used: choose it only where the provider offers nothing else.'

/** A definition as the page, API and command line show it. */
export function providerView(definition: Definition, origin: Provider['origin'] = 'catalogue'): Provider {
  const builtIn = definition.client === 'built_in'
  return {
    id: definition.id,
    name: definition.name,
    category: definition.category,
    description: definition.description,
    documentation_url: definition.documentation_url ?? null,
    console_url: definition.console_url ?? null,
    sign_in: { via: definition.sign_in.via, reason: definition.sign_in.reason ?? null },
    client_authentication: [...definition.client_authentication],
    grants: [...(definition.grants ?? ['authorization_code'])],
    origin,
    needs_registration: !builtIn,
    redirect_uri: redirectUri(definition),
    redirect_note: definition.redirect.note ?? null,
    // Latchkey fills in those of a built-in client: nobody is asked for them.
    variables: builtIn ? [] : definition.variables.map((variable) => ({ ...variable })),
    scopes: definition.scopes.map(({ covers: _, ...scope }) => scope),
    setup_steps: [...definition.setup_steps],
    notices: [...definition.notices, ...(definition.grants?.includes('password') ? [passwordNotice] : [])],
    api_base_url: definition.api.base_url ?? null,
    api_hosts: [...definition.api.hosts],
    evidence: definition.evidence,
    sources: definition.sources.map(({ url, read_on }) => ({ url, read_on })),
  }
}

/**
 * What to enter at the provider. Without a port where one of the moment is used: providers that accept loopback redirects
 * leave the port out of the comparison (RFC 8252 7.3), and their forms refuse a placeholder.
 */
function redirectUri({ id, redirect }: Definition): string {
  const port = redirect.port === null ? '' : `:${redirect.port}`
  return `http://${redirect.host}${port}/callback/${id}`
}
