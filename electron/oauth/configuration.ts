import {
  allowInsecureRequests,
  type ClientAuth,
  ClientSecretBasic,
  ClientSecretPost,
  Configuration,
  type CustomFetch,
  clockSkew,
  customFetch,
  discovery,
  None,
  type ServerMetadata,
} from 'openid-client'
import { fillOptionalTemplate, fillTemplate } from '../providers/template.ts'
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
  const client = { [clockSkew]: options.skew ?? 0 }
  const authentication = authenticationOf(settings)
  const issuer = fillOptionalTemplate(definition.issuer, settings.variables, `issuer of ${definition.name}`)

  if (definition.discovery && issuer !== null) {
    const config = await discovery(new URL(issuer), clientId, client, authentication, {
      algorithm: definition.discovery,
      execute: isHttp(issuer) ? [allowInsecureRequests] : [],
      [customFetch]: options.discovered,
    })
    config[customFetch] = options.fetch
    return { config, issuerKnown: true }
  }

  const endpoints = endpointsOf(settings)
  // openid-client wants a name for the server even where it has none; `issuerKnown` keeps it from being believed.
  const server: ServerMetadata = { ...endpoints, issuer: issuer ?? new URL(endpoints.token_endpoint).origin }
  const config = new Configuration(server, clientId, client, authentication)
  if (Object.values(endpoints).some(isHttp)) allowInsecureRequests(config)
  config[customFetch] = options.fetch
  return { config, issuerKnown: issuer !== null }
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
  const userinfo = fillOptionalTemplate(endpoints.userinfo, variables, `userinfo endpoint of ${name}`)
  const revocation = fillOptionalTemplate(endpoints.revocation, variables, `revocation endpoint of ${name}`)
  return {
    authorization_endpoint: fillTemplate(endpoints.authorization, variables, `authorization endpoint of ${name}`),
    token_endpoint: fillTemplate(endpoints.token, variables, `token endpoint of ${name}`),
    ...(userinfo === null ? {} : { userinfo_endpoint: userinfo }),
    ...(revocation === null ? {} : { revocation_endpoint: revocation }),
  }
}

/** Plain http gets past this only towards this machine: exchange.ts looks at every single address. */
function isHttp(url: string): boolean {
  return url.startsWith('http:')
}

function authenticationOf({ clientAuthentication, clientSecret, definition }: ClientSettings): ClientAuth {
  if (clientAuthentication === 'none') return None()
  if (!clientSecret) {
    throw new FlowError(
      'invalid_client',
      `This registration has no client secret, and ${definition.name} is to be asked with one.`,
      'Enter the client secret in the registration, or choose “none” as its client authentication.',
    )
  }
  if (clientAuthentication === 'client_secret_basic') return ClientSecretBasic(clientSecret)
  if (clientAuthentication === 'client_secret_post') return ClientSecretPost(clientSecret)
  throw new FlowError(
    'invalid_client',
    `Latchkey does not know the client authentication “${clientAuthentication}”.`,
    'Choose none, client_secret_basic or client_secret_post in the registration.',
  )
}
