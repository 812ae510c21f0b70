import { createHash, generateKeyPairSync, type JsonWebKey, randomBytes, type X509Certificate } from 'node:crypto'
import { createServer, type IncomingMessage, type RequestListener, type ServerResponse } from 'node:http'
import { createServer as createSecureServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import Provider, { type ClientMetadata, type Configuration } from 'oidc-provider'
import { type Definition, definitionSchema } from '../../electron/providers/definition.ts'
import type { CertificateAuthority } from './certificates.ts'
import { memoryAdapter } from './memory-adapter.ts'
import { createStrictApi, type StrictApi } from './strict-api.ts'
import { createTokenGate, type TokenGate } from './token-gate.ts'

export interface StrictServerOptions {
  authentication?: ClientMetadata['token_endpoint_auth_method']
  /** private_key_jwt: the client's public key. */
  publicKey?: JsonWebKey
  /** The only algorithm that assertions of the client may be signed by. */
  signingAlgorithm?: ClientMetadata['token_endpoint_auth_signing_alg']
  /** Refuses authorization requests that were not pushed (RFC 9126 5). */
  par?: boolean
  /** Refuses token requests without a proof, and proofs without its nonce (RFC 9449 8). */
  dpop?: boolean
  /** Certificates of clients, checked on a TLS port of its own (RFC 8705 5); tokens are bound to them. */
  mtls?: { authority: CertificateAuthority; clientName: string }
  tokens?: 'jwt' | 'opaque'
  responseType?: 'code' | 'code id_token'
  /** Replaces members of the metadata; undefined takes one out. */
  metadata?: Record<string, unknown>
  /** The provider's id, which stands in the redirect URI. */
  id?: string
}

/** What the server was asked, with the parameters as they arrived. */
export interface Seen {
  route: string
  headers: IncomingMessage['headers']
  parameters: Record<string, unknown>
  status: number
}

export interface StrictServer extends TokenGate {
  issuer: string
  clientId: string
  clientSecret: string | null
  seen: Seen[]
  /** Of the last request to this route. */
  last(route: string): Seen
  api: StrictApi
  /** By discovery alone; `changes` are what a person would set. */
  definition(changes?: Partial<Definition>): Definition
  /** Written down instead of discovered. */
  endpoints(): NonNullable<Definition['endpoints']>
  close(): Promise<void>
}

/** An audience that every access token is for. */
export const strictResource = 'urn:latchkey:strict-api'

/** An authorization server that insists on whatever the standards let it insist on, with an API that believes nothing. */
export async function startStrictServer(options: StrictServerOptions = {}): Promise<StrictServer> {
  const authentication = options.authentication ?? 'none'
  const clientSecret = authentication.startsWith('client_secret') ? randomBytes(32).toString('base64url') : null
  const id = options.id ?? 'strict'
  const gate = createTokenGate()
  const seen: Seen[] = []
  let handle: RequestListener = (_request, response) => response.destroy()

  const plain = createServer((request, response) => handle(request, response))
  const issuer = `http://127.0.0.1:${await listen(plain)}`
  const pair = await options.mtls?.authority.issue('localhost', 'server')
  const secure = pair
    ? createSecureServer(
        {
          cert: pair.certificate,
          key: pair.privateKey,
          ca: options.mtls?.authority.certificate,
          requestCert: true,
          rejectUnauthorized: false,
        },
        (request, response) => handle(request, response),
      )
    : null
  const secureOrigin = secure ? `https://127.0.0.1:${await listen(secure)}` : null

  const provider = new Provider(issuer, configurationOf(options, { id, authentication, clientSecret, secureOrigin }))
  provider.proxy = false
  provider.use(async (context, next) => {
    await next()
    if (!context.oidc?.route) return
    const given = Object.entries({ ...context.oidc.params, ...context.oidc.body })
    const parameters = Object.fromEntries(given.filter(([, value]) => value !== undefined))
    seen.push({ route: context.oidc.route, headers: context.headers, parameters, status: context.status })
  })
  const api = createStrictApi(provider, { issuer, publicKey: signingKey.public, dpop: options.dpop ?? false })
  const serve = provider.callback()
  handle = async (request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname
    if (path.startsWith('/api/')) return void (await api.answer(request, response))
    if (path.startsWith('/interaction/')) return void (await interact(provider, request, response))
    if (path === '/token') return void (await gate.pass(request, response, () => serve(request, response)))
    if (path === '/.well-known/oauth-authorization-server') request.url = '/.well-known/openid-configuration'
    if (path.startsWith('/.well-known/') && options.metadata) replaceMembers(response, options.metadata)
    await serve(request, response)
  }

  return {
    ...gate.controls,
    issuer,
    clientId,
    clientSecret,
    seen,
    last(route) {
      const found = seen.findLast((it) => it.route === route)
      if (!found) throw new Error(`Nothing was asked of ${route}.`)
      return found
    },
    api,
    definition: (changes) =>
      definitionSchema.parse({ ...baseDefinition(id, issuer, secureOrigin ?? issuer, authentication), ...changes }),
    endpoints: () => ({
      authorization: `${issuer}/auth`,
      token: `${secureOrigin ?? issuer}/token`,
      userinfo: `${secureOrigin ?? issuer}/me`,
      revocation: `${secureOrigin ?? issuer}/token/revocation`,
      pushed_authorization_request: `${secureOrigin ?? issuer}/request`,
    }),
    async close() {
      for (const server of [plain, secure]) {
        if (!server) continue
        const closed = new Promise((resolve) => server.close(resolve))
        server.closeAllConnections()
        await closed
      }
    },
  }
}

const clientId = 'strict-client'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const signingKey = {
  private: { ...rsa.privateKey.export({ format: 'jwk' }), use: 'sig', alg: 'RS256', kid: 'strict' },
  public: rsa.publicKey,
}

function configurationOf(
  options: StrictServerOptions,
  own: {
    id: string
    authentication: NonNullable<ClientMetadata['token_endpoint_auth_method']>
    clientSecret: string | null
    secureOrigin: string | null
  },
): Configuration {
  const { mtls, responseType = 'code' } = options
  const { id, authentication, clientSecret, secureOrigin } = own
  const client: ClientMetadata = {
    client_id: clientId,
    ...(clientSecret === null ? {} : { client_secret: clientSecret }),
    ...(options.publicKey ? { jwks: { keys: [{ ...options.publicKey, use: 'sig' }] as never } } : {}),
    ...(options.signingAlgorithm ? { token_endpoint_auth_signing_alg: options.signingAlgorithm } : {}),
    ...(mtls ? { tls_client_auth_san_dns: mtls.clientName, tls_client_certificate_bound_access_tokens: true } : {}),
    token_endpoint_auth_method: authentication,
    dpop_bound_access_tokens: options.dpop ?? false,
    require_pushed_authorization_requests: options.par ?? false,
    application_type: responseType === 'code' ? 'native' : 'web',
    grant_types: ['authorization_code', 'refresh_token', ...(responseType === 'code' ? [] : ['implicit'])],
    response_types: [responseType],
    // A client that gets ID tokens by redirect has to be a web client there, with an https address.
    redirect_uris: [`${responseType === 'code' ? 'http' : 'https'}://127.0.0.1/callback/${id}`],
  }
  return {
    adapter: memoryAdapter(),
    jwks: { keys: [signingKey.private as never] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [client],
    clientAuthMethods: [
      'none',
      'client_secret_basic',
      'client_secret_post',
      'client_secret_jwt',
      'private_key_jwt',
      ...(mtls ? (['tls_client_auth'] as const) : []),
    ],
    responseTypes: [responseType],
    scopes: ['openid', 'offline_access', 'profile', 'email', 'api'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    findAccount: (_context, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `${sub} of the tests`, preferred_username: sub, email: `${sub}@example.com` }),
    }),
    discovery: secureOrigin === null ? {} : { mtls_endpoint_aliases: aliases(secureOrigin) },
    features: {
      devInteractions: { enabled: false },
      revocation: { enabled: true, allowedPolicy: () => true },
      introspection: { enabled: true, allowedPolicy: () => true },
      pushedAuthorizationRequests: { enabled: true, requirePushedAuthorizationRequests: options.par ?? false },
      jwtResponseModes: { enabled: true },
      dPoP: { enabled: true, nonceSecret: randomBytes(32), requireNonce: () => options.dpop ?? false },
      mTLS: {
        enabled: mtls !== undefined,
        certificateBoundAccessTokens: true,
        tlsClientAuth: true,
        getCertificate: ({ req }) => peer(req)?.toString(),
        certificateAuthorized: ({ req }) => (req.socket as TLSSocket).authorized,
        certificateSubjectMatches: ({ req }, _property, expected) => peer(req)?.subjectAltName === `DNS:${expected}`,
      },
      resourceIndicators: {
        enabled: options.tokens !== 'opaque',
        defaultResource: () => strictResource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'api', accessTokenFormat: 'jwt', audience: strictResource }),
      },
    },
    interactions: { url: (_context, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: 3600,
      AuthorizationCode: 60,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    rotateRefreshToken: true,
    issueRefreshToken: () => true,
    pkce: { required: () => true },
  }
}

function aliases(origin: string): Record<string, string> {
  return {
    token_endpoint: `${origin}/token`,
    revocation_endpoint: `${origin}/token/revocation`,
    introspection_endpoint: `${origin}/token/introspection`,
    userinfo_endpoint: `${origin}/me`,
    pushed_authorization_request_endpoint: `${origin}/request`,
  }
}

/** oidc-provider lets nothing replace what it knows itself. */
function replaceMembers(response: ServerResponse, members: Record<string, unknown>): void {
  const end = response.end.bind(response)
  response.end = ((chunk?: unknown) => {
    const text = JSON.stringify({ ...JSON.parse(String(chunk)), ...members })
    response.setHeader('content-length', Buffer.byteLength(text))
    return end(text)
  }) as typeof response.end
}

export function peer(request: IncomingMessage): X509Certificate | undefined {
  const socket = request.socket as Partial<TLSSocket>
  return socket.getPeerX509Certificate?.()
}

/** `x5t#S256` (RFC 8705 3.1). */
export function thumbprint(certificate: X509Certificate): string {
  return createHash('sha256').update(certificate.raw).digest('base64url')
}

async function listen(server: ReturnType<typeof createServer>): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return (server.address() as AddressInfo).port
}

function baseDefinition(id: string, issuer: string, apiOrigin: string, authentication: string) {
  return {
    id,
    name: 'Strict provider',
    category: 'identity',
    description: 'A strict authorization server of the tests.',
    evidence: 'unverified',
    sources: [],
    issuer,
    discovery: 'oidc',
    client: 'registration',
    client_authentication: [authentication],
    pkce: 'S256',
    scope_separator: ' ',
    // oidc-provider gives refresh tokens to native clients for offline_access after a consent (OpenID Connect Core 11).
    authorization_parameters: { prompt: 'consent' },
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'browser', reason: 'The tests have no window.' },
    identity: {
      sources: ['id_token', 'userinfo'],
      subject: ['sub'],
      name: ['name'],
      username: ['preferred_username'],
      email: ['email'],
    },
    api: {
      base_url: `${apiOrigin}/api`,
      hosts: [new URL(apiOrigin).host],
      private_network: true,
      header: { name: 'Authorization', prefix: 'Bearer ' },
    },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
}

/** Sign-in and consent, one form each. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const details = await provider.interactionDetails(request, response)
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Sign in</title><form method="post" action="/interaction/${details.uid}">
      <input type="text" name="username"><button name="choice" value="allow">Go on</button>
      <button name="choice" value="deny">Decline</button></form>`)
    return
  }
  let body = ''
  for await (const part of request) body += part
  const form = new URLSearchParams(body)
  if (form.get('choice') === 'deny') {
    return provider.interactionFinished(request, response, { error: 'access_denied' })
  }
  if (details.prompt.name === 'login') {
    return provider.interactionFinished(request, response, { login: { accountId: form.get('username') ?? '' } })
  }
  const grant = new provider.Grant({
    accountId: details.session?.accountId,
    clientId: String(details.params.client_id),
  })
  const scopes = String(details.params.scope ?? '')
  grant.addOIDCScope(scopes)
  grant.addResourceScope(strictResource, scopes)
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
