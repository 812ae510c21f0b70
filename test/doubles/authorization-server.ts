import { generateKeyPairSync, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import Provider, { type Configuration } from 'oidc-provider'
import { type Definition, definitionSchema } from '../../electron/providers/definition.ts'
import { type GrantControls, grantTypes, newGrantControls, registerGrants } from './grants.ts'
import { memoryAdapter } from './memory-adapter.ts'
import { createTokenGate, type TokenGate } from './token-gate.ts'

/** A real authorization server on a loopback port, with switches for what a test is about. */
export interface AuthorizationServer extends TokenGate, GrantControls {
  issuer: string
  clientId: string
  clientSecret: string | null
  /** A definition of this server with discovery; `changes` replace what differs. */
  definition(changes?: Partial<Definition>): Definition
  /** How often a metadata document was asked for. */
  discoveries(): number
  /** Answers every request to `path` by hand instead (userinfo, discovery, …). */
  answer(path: string, respond: (request: IncomingMessage, response: ServerResponse) => void): void
  /** Where a browser ends after a device's code was entered, whatever came of it. */
  deviceEnd: string
  /** Seconds; for tokens issued from now on. */
  setAccessTokenLifetime(seconds: number): void
  close(): Promise<void>
}

export interface AuthorizationServerOptions {
  clientAuthentication?: 'none' | 'client_secret_basic' | 'client_secret_post'
  /** Rotates refresh tokens; a used one ends the grant (RFC 9700 4.14.2). Default true. */
  rotation?: boolean
  accessTokenFormat?: 'opaque' | 'jwt'
  /** Seconds, 3,600 by default. */
  accessTokenLifetime?: number
  /** false: no refresh tokens at all. */
  refreshTokens?: boolean
  clientSecret?: string
  /** Lets programs register (RFC 7591), with this initial access token if it is a text. */
  registration?: true | string
  /** false: no revocation endpoint. */
  revocation?: boolean
  /** Seconds, 600 by default. */
  deviceCodeLifetime?: number
}

const resource = 'urn:latchkey:test-api'

export async function startAuthorizationServer(options: AuthorizationServerOptions = {}): Promise<AuthorizationServer> {
  let accessTokenLifetime = options.accessTokenLifetime ?? 3600
  const clientAuthentication = options.clientAuthentication ?? 'none'
  const clientId = 'test-client'
  const clientSecret =
    clientAuthentication === 'none' ? null : (options.clientSecret ?? randomBytes(24).toString('base64url'))
  const byHand = new Map<string, (request: IncomingMessage, response: ServerResponse) => void>()
  const gate = createTokenGate()
  const grants = newGrantControls()
  let discoveries = 0

  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  const deviceEnd = `${issuer}/device/end`

  const configuration: Configuration = {
    adapter: memoryAdapter(),
    jwks: { keys: [signingKey] },
    cookies: { keys: [randomBytes(16).toString('hex')] },
    clients: [
      {
        client_id: clientId,
        ...(clientSecret === null ? {} : { client_secret: clientSecret }),
        token_endpoint_auth_method: clientAuthentication,
        application_type: 'native',
        grant_types: [
          'authorization_code',
          'refresh_token',
          'client_credentials',
          'password',
          ...Object.values(grantTypes),
        ],
        response_types: ['code'],
        redirect_uris: ['http://127.0.0.1/callback/test', 'http://localhost/callback/test'],
      },
    ],
    scopes: ['openid', 'offline_access', 'profile', 'email', 'api'],
    claims: { openid: ['sub'], profile: ['name', 'preferred_username'], email: ['email'] },
    findAccount: (_ctx, sub) => ({
      accountId: sub,
      claims: () => ({ sub, name: `${sub} of the tests`, preferred_username: sub, email: `${sub}@example.com` }),
    }),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      deviceFlow: {
        enabled: true,
        successSource: (ctx) => ctx.redirect(deviceEnd),
        userCodeConfirmSource: (ctx, form) => {
          ctx.body = form
        },
        userCodeInputSource: (ctx, form, _out, error) => {
          if (error) ctx.redirect(deviceEnd)
          else ctx.body = form
        },
      },
      registration: {
        enabled: options.registration !== undefined,
        ...(typeof options.registration === 'string' ? { initialAccessToken: options.registration } : {}),
      },
      revocation: { enabled: options.revocation ?? true, allowedPolicy: () => true },
      introspection: { enabled: true, allowedPolicy: () => true },
      resourceIndicators: {
        enabled: options.accessTokenFormat === 'jwt',
        defaultResource: () => resource,
        useGrantedResource: () => true,
        getResourceServerInfo: () => ({ scope: 'api', accessTokenFormat: 'jwt', audience: resource }),
      },
    },
    interactions: { url: (_ctx, interaction) => `/interaction/${interaction.uid}` },
    ttl: {
      AccessToken: () => accessTokenLifetime,
      AuthorizationCode: 60,
      ClientCredentials: () => accessTokenLifetime,
      DeviceCode: options.deviceCodeLifetime ?? 600,
      Grant: 86_400,
      IdToken: 3600,
      Interaction: 600,
      RefreshToken: 86_400,
      Session: 86_400,
    },
    rotateRefreshToken: options.rotation ?? true,
    issueRefreshToken: () => options.refreshTokens ?? true,
    pkce: { required: () => false },
  }
  const provider = new Provider(issuer, configuration)
  registerGrants(provider, issuer, grants)
  const handle = provider.callback()

  server.on('request', async (request, response) => {
    const path = new URL(request.url ?? '/', issuer).pathname
    if (path.startsWith('/.well-known/')) discoveries += 1
    const own = byHand.get(path)
    if (own) return own(request, response)
    if (path.startsWith('/interaction/')) return interact(provider, request, response)
    if (path === '/device/auth') pollEverySecond(response)
    if (path === '/token') return gate.pass(request, response, () => handle(request, response))
    // RFC 8414 has its own place for the same document.
    if (path === '/.well-known/oauth-authorization-server') request.url = '/.well-known/openid-configuration'
    await handle(request, response)
  })

  return {
    ...gate.controls,
    ...grants,
    deviceEnd,
    issuer,
    clientId,
    clientSecret,
    definition: (changes) => definitionSchema.parse({ ...baseDefinition(issuer, clientAuthentication), ...changes }),
    discoveries: () => discoveries,
    answer: (path, respond) => byHand.set(path, respond),
    setAccessTokenLifetime: (seconds) => {
      accessTokenLifetime = seconds
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

const signingKey = {
  ...generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey.export({ format: 'jwk' }),
  use: 'sig',
  alg: 'RS256',
  kid: 'test',
}

function baseDefinition(issuer: string, clientAuthentication: string) {
  return {
    id: 'test',
    name: 'Test provider',
    category: 'identity',
    description: 'An authorization server of the tests.',
    evidence: 'documented',
    sources: [],
    issuer,
    discovery: 'oidc',
    client: 'registration',
    client_authentication: [clientAuthentication],
    pkce: 'S256',
    scope_separator: ' ',
    authorization_parameters: {},
    redirect: { host: '127.0.0.1', port: null },
    sign_in: { via: 'browser' },
    identity: {
      sources: ['id_token', 'userinfo'],
      subject: ['sub'],
      name: ['name'],
      username: ['preferred_username'],
      email: ['email'],
    },
    api: { hosts: ['127.0.0.1'], private_network: true, header: { name: 'Authorization', prefix: 'Bearer ' } },
    variables: [],
    scopes: [],
    setup_steps: [],
    notices: [],
  }
}

/** oidc-provider names no interval, and five seconds (RFC 8628 3.2) are long for a test. */
function pollEverySecond(response: ServerResponse): void {
  const end = response.end.bind(response)
  response.end = ((chunk?: unknown) => {
    const answer = JSON.parse(String(chunk))
    const text = JSON.stringify(answer.device_code === undefined ? answer : { ...answer, interval: 1 })
    response.setHeader('content-length', Buffer.byteLength(text))
    return end(text)
  }) as typeof response.end
}

/** Sign-in and consent, one page each: a name, any password, and a button to decline. */
async function interact(provider: Provider, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const details = await provider.interactionDetails(request, response)
  if (request.method === 'GET') {
    response.setHeader('content-type', 'text/html; charset=utf-8')
    response.end(`<!doctype html><title>Sign in</title>
      <form method="post" action="/interaction/${details.uid}">
        <input type="hidden" name="prompt" value="${details.prompt.name}">
        <input type="text" name="username"> <input type="password" name="password">
        <button name="choice" value="allow">Sign in</button> <button name="choice" value="deny">Decline</button>
      </form>`)
    return
  }
  let body = ''
  for await (const part of request) body += part
  const form = new URLSearchParams(body)
  if (form.get('choice') === 'deny') {
    const declined = { error: 'access_denied', error_description: 'The person declined.' }
    return provider.interactionFinished(request, response, declined)
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
  grant.addResourceScope(resource, scopes)
  await provider.interactionFinished(request, response, { consent: { grantId: await grant.save() } })
}
