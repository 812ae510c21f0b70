import {
  allowInsecureRequests,
  Configuration,
  type CustomFetch,
  clockSkew,
  customFetch,
  discovery,
  type ServerMetadata,
} from 'openid-client'
import { fillOptionalTemplate, fillTemplate } from '../providers/template.ts'
import { clientAuthenticationOf } from './client-authentication.ts'
import { type ClientSettings, FlowError } from './ports.ts'

export interface Configured {
  config: Configuration
  /**
   * false: nobody says what the issuer is called, so neither `iss` nor an ID token can be checked, and neither is used.
   */
  issuerKnown: boolean
}

/**
 * openid-client's view of one client at one provider: endpoints by discovery or as written in the definition, variables
 * filled in, and the client's way of authenticating (RFC 6749 2.3).
 *
 * @param options.skew Seconds that the server's clock is ahead, for the checks of an ID token.
 * @throws LatchkeyError `invalid_request` naming a variable without a value; FlowError; what openid-client throws.
 */
export async function configure(
  settings: ClientSettings,
  options: { fetch: CustomFetch; discovered: CustomFetch; skew?: number },
): Promise<Configured> {
  const { definition, clientId } = settings
  const client = {
    [clockSkew]: options.skew ?? 0,
    // RFC 8705 5: endpoints that ask for a certificate may have addresses of their own.
    ...(settings.clientAuthentication === 'tls_client_auth' ? { use_mtls_endpoint_aliases: true } : {}),
  }
  let configured: Configured | null = null
  const authentication = await clientAuthenticationOf(settings, () => {
    const server = configured?.config.serverMetadata()
    return {
      issuerKnown: configured?.issuerKnown ?? false,
      tokenEndpoint: server?.token_endpoint,
      algorithms: server?.token_endpoint_auth_signing_alg_values_supported,
    }
  })
  const issuer = fillOptionalTemplate(definition.issuer, settings.variables, `issuer of ${definition.name}`)

  if (definition.discovery && issuer !== null) {
    const config = await discovery(new URL(issuer), clientId, client, authentication, {
      algorithm: definition.discovery,
      execute: isHttp(issuer) ? [allowInsecureRequests] : [],
      [customFetch]: options.discovered,
    })
    config[customFetch] = options.fetch
    configured = { config, issuerKnown: true }
    return configured
  }

  const endpoints = endpointsOf(settings)
  // openid-client wants a name for the server even where it has none; `issuerKnown` keeps it from being believed.
  const server: ServerMetadata = { ...endpoints, issuer: issuer ?? new URL(endpoints.token_endpoint).origin }
  const config = new Configuration(server, clientId, client, authentication)
  if (Object.values(endpoints).some(isHttp)) allowInsecureRequests(config)
  config[customFetch] = options.fetch
  configured = { config, issuerKnown: issuer !== null }
  return configured
}

function endpointsOf({ definition, variables }: ClientSettings) {
  const { name, endpoints } = definition
  if (!endpoints) {
    throw new FlowError(
      'provider_error',
      `The definition of ${name} has neither endpoints nor an issuer to discover them from.`,
      'Choose another provider, or mend the definition.',
    )
  }
  const optional = (member: keyof ServerMetadata & string, template: string | undefined) => {
    const url = fillOptionalTemplate(template, variables, `${member.replaceAll('_', ' ')} of ${name}`)
    return url === null ? {} : { [member]: url }
  }
  return {
    authorization_endpoint: fillTemplate(endpoints.authorization, variables, `authorization endpoint of ${name}`),
    token_endpoint: fillTemplate(endpoints.token, variables, `token endpoint of ${name}`),
    ...optional('userinfo_endpoint', endpoints.userinfo),
    ...optional('revocation_endpoint', endpoints.revocation),
    ...optional('introspection_endpoint', endpoints.introspection),
    ...optional('device_authorization_endpoint', endpoints.device_authorization),
    ...optional('pushed_authorization_request_endpoint', endpoints.pushed_authorization_request),
    ...optional('registration_endpoint', endpoints.registration),
  }
}

/** Plain http gets past this only towards this machine: exchange.ts looks at every single address. */
function isHttp(url: string): boolean {
  return url.startsWith('http:')
}
