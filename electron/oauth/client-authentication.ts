import {
  type ClientAuth,
  ClientSecretJwt,
  ClientSecretPost,
  modifyAssertion,
  None,
  PrivateKeyJwt,
  TlsClientAuth,
} from 'openid-client'
import { importSigningKey, signingAlgorithms } from './key-material.ts'
import { type ClientSettings, FlowError } from './ports.ts'

/** What of the server an assertion depends on. Null or absent: nobody says. */
export interface AssertionTarget {
  issuerKnown: boolean
  tokenEndpoint: string | undefined
  /** `token_endpoint_auth_signing_alg_values_supported` (RFC 8414 2). */
  algorithms: string[] | undefined
}

/**
 * RFC 6749 2.3.1 with the encoding of its appendix B, which leaves `-`, `.` and `_` as they are. openid-client writes them
 * as %2D and the like: servers that do not decode (there are many) then know no client whose id is a UUID.
 */
function clientSecretBasic(secret: string): ClientAuth {
  const encoded = (text: string) => new URLSearchParams({ '': text }).toString().slice(1)
  return (_server, client, _body, headers) => {
    const credentials = `${encoded(client.client_id)}:${encoded(secret)}`
    headers.set('authorization', `Basic ${Buffer.from(credentials).toString('base64')}`)
  }
}

/**
 * How the client shows that it is itself (RFC 6749 2.3, RFC 7521 4.2, RFC 7523 2.2, RFC 8705 2). `target` is asked when
 * a request is made, because discovery needs the authentication before its answer is there.
 *
 * @throws FlowError `invalid_client`, naming what is missing and where to enter it.
 */
export async function clientAuthenticationOf(
  settings: ClientSettings,
  target: () => AssertionTarget,
): Promise<ClientAuth> {
  switch (settings.clientAuthentication) {
    case 'none':
      return None()
    case 'client_secret_basic':
      return clientSecretBasic(secretOf(settings))
    case 'client_secret_post':
      return ClientSecretPost(secretOf(settings))
    case 'client_secret_jwt':
      return clientSecretJwt(settings, target)
    case 'private_key_jwt':
      return privateKeyJwt(settings, target)
    case 'tls_client_auth':
      return tlsClientAuth(settings)
    default:
      throw new FlowError(
        'invalid_client',
        `Latchkey does not know the client authentication “${settings.clientAuthentication}”.`,
        'Choose another client authentication in the registration.',
      )
  }
}

/**
 * The same client with its certificate on every connection to the provider, the APIs included: their tokens may be bound
 * to it (RFC 8705 2.1 and 3). One that lacks it is told so when it authenticates.
 */
export function withClientCertificate(settings: ClientSettings): ClientSettings {
  const { certificate, privateKey } = settings.credentials ?? {}
  if (settings.clientAuthentication !== 'tls_client_auth' || !certificate || !privateKey) return settings
  // Without a route no address is asked where it leads; a certificate changes nothing about that.
  const route = settings.route ?? { privateNetwork: true, loopback: true, allow: null }
  return { ...settings, route: { ...route, certificate, privateKey } }
}

function tlsClientAuth({ credentials, definition }: ClientSettings): ClientAuth {
  if (credentials?.certificate && credentials.privateKey) return TlsClientAuth()
  throw new FlowError(
    'invalid_client',
    `This registration has no client certificate, and ${definition.name} is to be asked with one.`,
    'Add the certificate and its private key to the registration (PEM or PKCS#12).',
  )
}

function secretOf({ clientSecret, definition }: ClientSettings): string {
  if (clientSecret) return clientSecret
  throw new FlowError(
    'invalid_client',
    `This registration has no client secret, and ${definition.name} is to be asked with one.`,
    'Enter the client secret in the registration, or choose “none” as its client authentication.',
  )
}

function clientSecretJwt(settings: ClientSettings, target: () => AssertionTarget): ClientAuth {
  const algorithm = settings.options?.signingAlgorithm ?? 'HS256'
  if (algorithm !== 'HS256') {
    throw new FlowError(
      'invalid_client',
      `Latchkey signs with a client secret by HS256 alone, not by ${algorithm}.`,
      'Choose HS256 in the registration, or private_key_jwt as its client authentication.',
    )
  }
  return ClientSecretJwt(secretOf(settings), {
    [modifyAssertion]: (_header, claims) => amend(settings, target, claims),
  })
}

async function privateKeyJwt(settings: ClientSettings, target: () => AssertionTarget): Promise<ClientAuth> {
  const { credentials, definition, options } = settings
  const pem = credentials?.privateKey
  if (!pem) {
    throw new FlowError(
      'invalid_client',
      `This registration has no private key, and ${definition.name} is to be asked with one.`,
      'Add the private key to the registration (PEM, JWK or PKCS#12).',
    )
  }
  const possible = signingAlgorithms(pem)
  const keys = new Map<string, ClientAuth>()
  return async (...request) => {
    const algorithm = chooseAlgorithm(possible, options?.signingAlgorithm, target().algorithms, settings)
    let authenticate = keys.get(algorithm)
    if (!authenticate) {
      const key = await importSigningKey(pem, algorithm)
      authenticate = PrivateKeyJwt(options?.keyId ? { key, kid: options.keyId } : key, {
        [modifyAssertion](header, claims) {
          // One algorithm, two registered names (RFC 8037, RFC 9864): the one that the server knows is said.
          header.alg = algorithm
          amend(settings, target, claims)
        },
      })
      keys.set(algorithm, authenticate)
    }
    return authenticate(...request)
  }
}

/** The registration's choice, else the first that the key can do and the server takes. */
function chooseAlgorithm(
  possible: string[],
  chosen: string | undefined,
  supported: string[] | undefined,
  { definition }: ClientSettings,
): string {
  const wanted = chosen ? possible.filter((it) => it === chosen) : possible
  const algorithm = wanted.find((it) => supported?.includes(it) ?? true)
  if (algorithm !== undefined) return algorithm
  if (chosen && wanted.length > 0) return chosen
  throw new FlowError(
    'invalid_client',
    chosen
      ? `The private key of this registration cannot sign by ${chosen}.`
      : `${definition.name} takes no signature that the private key of this registration can make.`,
    'Choose another algorithm in the registration, or add a key of the right kind.',
  )
}

/**
 * RFC 7523 3: the audience identifies the authorization server. Its issuer does; where nobody says what it is called, the
 * token endpoint stands for it, and the registration may name another.
 */
function amend(
  { options, definition }: ClientSettings,
  target: () => AssertionTarget,
  claims: Record<string, unknown>,
): void {
  const { issuerKnown, tokenEndpoint } = target()
  const ownGrant = options?.grant ?? definition.grants?.[0]
  // With the JWT bearer grant `assertion` describes the grant's assertion, not the client's.
  if (options?.assertion?.audience && ownGrant !== 'jwt_bearer') claims.aud = options.assertion.audience
  else if (!issuerKnown && tokenEndpoint) claims.aud = tokenEndpoint
}
