import { randomBytes, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import OAuth2Server from '@node-oauth/oauth2-server'
import { type Definition, definitionSchema } from '../../electron/providers/definition.ts'

const { Request, Response } = OAuth2Server
type Token = OAuth2Server.Token

/** An authorization server of another make than the other doubles: @node-oauth/oauth2-server behind node:http. */
export interface SecondServer {
  origin: string
  clientId: string
  clientSecret: string
  definition(): Definition
  /** The `grant_type`s of all token requests so far. */
  tokenRequests: string[]
  /** Ends every token there is, as an administrator of the server would. */
  endAll(): void
  close(): Promise<void>
}

const clientId = 'second-client.example_1'
/** Who has an account there. */
export const person = { username: 'ada', password: 'a password of the tests' }

/** Every request is decided by the library; this keeps what it asks to be kept, and reads and writes HTTP for it. */
export async function startSecondServer(redirectUris: string[]): Promise<SecondServer> {
  const clientSecret = randomBytes(24).toString('base64url')
  const codes = new Map<string, OAuth2Server.AuthorizationCode>()
  const accessTokens = new Map<string, Token>()
  const refreshTokens = new Map<string, OAuth2Server.RefreshToken>()
  const tokenRequests: string[] = []
  const client: OAuth2Server.Client = {
    id: clientId,
    redirectUris,
    grants: ['authorization_code', 'refresh_token', 'client_credentials', 'password'],
  }

  const model: OAuth2Server.AuthorizationCodeModel &
    OAuth2Server.RefreshTokenModel &
    OAuth2Server.ClientCredentialsModel &
    OAuth2Server.PasswordModel = {
    // The authorization endpoint knows the client by its name alone.
    getClient: async (id, secret) => id === clientId && (secret === null || same(secret, clientSecret)) && client,
    validateRedirectUri: async (uri) => redirectUris.includes(withoutLoopbackPort(uri)),
    validateScope: async (_user, _client, scope) => (scope ?? []).every((name) => name === 'api') && (scope ?? []),
    verifyScope: async (token, scope) => scope.every((name) => token.scope?.includes(name)),
    saveAuthorizationCode: async (code, of, by) => {
      const saved = { ...code, client: of, user: by }
      codes.set(code.authorizationCode, saved)
      return saved
    },
    getAuthorizationCode: async (code) => codes.get(code),
    revokeAuthorizationCode: async ({ authorizationCode }) => codes.delete(authorizationCode),
    saveToken: async (token, of, by) => {
      const saved = { ...token, client: of, user: by }
      accessTokens.set(token.accessToken, saved)
      if (token.refreshToken) refreshTokens.set(token.refreshToken, { ...saved, refreshToken: token.refreshToken })
      return saved
    },
    getAccessToken: async (token) => accessTokens.get(token),
    getRefreshToken: async (token) => refreshTokens.get(token),
    revokeToken: async ({ refreshToken }) => refreshTokens.delete(refreshToken),
    getUser: async (name, password) => name === person.username && same(password, person.password) && { id: name },
    getUserFromClient: async ({ id }) => ({ id }),
  }
  const library = new OAuth2Server({ model, accessTokenLifetime: 3600 })

  const server = createServer((request, response) => {
    answer(request, response).catch((error: { code?: number; name?: string; message?: string }) => {
      const status = error.code ?? 500
      response.writeHead(status, { 'content-type': 'application/json' })
      response.end(JSON.stringify({ error: error.name, error_description: error.message }))
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', origin)
    const body = await formOf(request)
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]))
    const asked = new Request({
      headers,
      method: request.method ?? 'GET',
      query: Object.fromEntries(url.searchParams),
      body,
    })
    const answered = new Response()
    if (url.pathname === '/authorize' && request.method === 'GET') return signInPage(url, response)
    if (url.pathname === '/authorize') {
      asked.query = { ...asked.query, allowed: body.choice === 'deny' ? 'false' : 'true' }
      const authenticateHandler = {
        handle: async () => model.getUser(body.username ?? '', body.password ?? '', client),
      }
      await library.authorize(asked, answered, { authenticateHandler }).catch((error: unknown) => {
        if (!answered.headers?.location) throw error
      })
    } else if (url.pathname === '/token') {
      tokenRequests.push(body.grant_type ?? '')
      await library.token(asked, answered).catch((error: unknown) => {
        if (!answered.body?.error) throw error
      })
    } else if (url.pathname === '/me') {
      const { user } = await library.authenticate(asked, answered)
      answered.body = { id: user.id }
    } else {
      answered.status = 404
    }
    response.writeHead(answered.status ?? 200, { 'content-type': 'application/json', ...answered.headers })
    response.end(JSON.stringify(answered.body))
  }

  return {
    origin,
    clientId,
    clientSecret,
    tokenRequests,
    endAll() {
      for (const kept of [codes, accessTokens, refreshTokens]) kept.clear()
    },
    definition: () => definitionSchema.parse(definitionOf(origin)),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

/** Written down by hand: the library publishes no metadata. */
const definitionOf = (origin: string) => ({
  id: 'second',
  name: 'Second server',
  category: 'identity',
  description: 'An authorization server of another make.',
  evidence: 'unverified',
  sources: [],
  endpoints: { authorization: `${origin}/authorize`, token: `${origin}/token`, userinfo: `${origin}/me` },
  client: 'registration',
  client_authentication: ['client_secret_basic', 'client_secret_post'],
  grants: ['authorization_code', 'client_credentials', 'password'],
  pkce: 'S256',
  scope_separator: ' ',
  authorization_parameters: {},
  redirect: { host: '127.0.0.1', port: null },
  sign_in: { via: 'browser', reason: 'The tests have no window.' },
  identity: { sources: ['userinfo'], subject: ['id'], username: ['id'] },
  api: { hosts: [new URL(origin).host], private_network: true, header: { name: 'Authorization', prefix: 'Bearer ' } },
  variables: [],
  scopes: [],
  setup_steps: [],
  notices: [],
})

/** RFC 8252 7.3: the port of a loopback redirect URI is the client's to choose. */
function withoutLoopbackPort(uri: string): string {
  const url = new URL(uri)
  if (url.hostname === '127.0.0.1') url.port = ''
  return url.href
}

function same(given: string, expected: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(expected)]
  return a.length === b.length && timingSafeEqual(a, b)
}

async function formOf(request: IncomingMessage): Promise<Record<string, string>> {
  let text = ''
  for await (const part of request) text += part
  return Object.fromEntries(new URLSearchParams(text))
}

function signInPage(url: URL, response: ServerResponse): void {
  response.setHeader('content-type', 'text/html; charset=utf-8')
  const action = `${url.pathname}${url.search}`.replaceAll('&', '&amp;').replaceAll('"', '&quot;')
  response.end(`<!doctype html><title>Sign in</title>
    <form method="post" action="${action}">
      <input type="text" name="username"> <input type="password" name="password">
      <button name="choice" value="allow">Sign in</button> <button name="choice" value="deny">Decline</button>
    </form>`)
}
