import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'

/** A request as it arrived. `fields`: the form or JSON body. */
export interface Received {
  method: string
  path: string
  query: Record<string, string>
  headers: IncomingMessage['headers']
  fields: Record<string, unknown>
  body: string
}

/** An answer written by hand. */
export interface ByHand {
  status?: number
  contentType?: string
  body: string
}

/**
 * Several strict little providers on one loopback port, each below a path of its own and with the manners of a real one:
 * `google` and `foundry` want exactly the parameters of their documentation, `slack` says `ok:false` with HTTP 200,
 * `github` answers forms, `salesforce` has an instance, `text` answers a bare token.
 */
export interface TemplateProvider {
  base: string
  clientId: string
  clientSecret: string
  received: Received[]
  /** The requests to one path. */
  at(path: string): Received[]
  /** Answers the next request to `path` by hand. */
  answerOnce(path: string, answer: ByHand): void
  /** Ends every access token that is out: the API and the provider's checks refuse it. */
  endAccessTokens(): void
  /** Ends every refresh token. */
  endRefreshTokens(): void
  close(): Promise<void>
}

interface Issued {
  challenge: string | null
  redirectUri: string
  scope: string
}

export async function startTemplateProvider(): Promise<TemplateProvider> {
  const received: Received[] = []
  const byHand = new Map<string, ByHand[]>()
  const codes = new Map<string, Issued>()
  const refreshTokens = new Map<string, Issued>()
  const accessTokens = new Set<string>()
  const clientId = 'template-client'
  const clientSecret = 's3cret/with+signs&more=%25'
  let base = ''

  const server = createServer(async (request, response) => {
    const entry = await read(request)
    received.push(entry)
    const own = byHand.get(entry.path)?.shift()
    if (own) return send(response, own.status ?? 200, own.body, own.contentType ?? 'application/json')
    route(entry, response)
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`

  function route(entry: Received, response: ServerResponse): ServerResponse {
    const [, provider, ...rest] = entry.path.split('/')
    const json = (status: number, value: unknown) => send(response, status, JSON.stringify(value))
    if (entry.path.endsWith('/authorize') || entry.path === '/google/o/oauth2/v2/auth')
      return authorize(entry, response)
    if (rest.join('/') === 'me') return me(entry, json)
    if (rest.join('/') === 'revoke') return json(revoke(entry) ? 200 : 400, {})
    switch (provider) {
      case 'google':
        return google(entry, json)
      case 'foundry':
        return foundry(entry, json)
      case 'slack':
        return slack(entry, json)
      case 'github':
        return github(entry, response)
      case 'salesforce':
        return salesforce(entry, json)
      case 'text':
        return send(response, 200, grant(null).access_token, 'text/plain')
      default:
        return json(404, { error: 'not_found' })
    }
  }
  type Json = (status: number, value: unknown) => ServerResponse

  function authorize({ query }: Received, response: ServerResponse): ServerResponse {
    const redirectUri = query.redirect_uri ?? ''
    if (query.client_id !== clientId || query.response_type !== 'code' || !redirectUri.startsWith('http://127.0.0.1')) {
      return send(response, 400, 'The request is not what the documentation says.', 'text/plain')
    }
    const code = `4/${randomBytes(12).toString('base64')}`
    codes.set(code, { challenge: query.code_challenge ?? null, redirectUri, scope: query.scope ?? '' })
    const answer = new URL(redirectUri)
    answer.searchParams.set('code', code)
    if (query.state !== undefined) answer.searchParams.set('state', query.state)
    return response.writeHead(302, { location: answer.href }).end()
  }

  function grant(issued: Issued | null) {
    const access_token = randomBytes(24).toString('base64url')
    accessTokens.add(access_token)
    const refresh_token = `1//${randomBytes(18).toString('base64')}`
    refreshTokens.set(refresh_token, issued ?? { challenge: null, redirectUri: '', scope: '' })
    return { access_token, refresh_token, scope: issued?.scope ?? '' }
  }

  /** A code is good once, for the redirect URI it was asked with and for who knows the verifier (RFC 7636 4.6). */
  function redeem(code: unknown, redirectUri: unknown, verifier: unknown): Issued | null {
    const issued = typeof code === 'string' ? codes.get(code) : undefined
    if (!issued) return null
    codes.delete(String(code))
    if (issued.redirectUri !== redirectUri) return null
    if (issued.challenge === null) return verifier === undefined ? issued : null
    const sum = createHash('sha256').update(String(verifier)).digest('base64url')
    return sum === issued.challenge ? issued : null
  }

  function rotate(token: unknown): Issued | null {
    const issued = typeof token === 'string' ? refreshTokens.get(token) : undefined
    if (issued) refreshTokens.delete(String(token))
    return issued ?? null
  }

  function google({ path, headers, fields }: Received, json: Json): ServerResponse {
    if (path !== '/google/token' || headers['content-type'] !== 'application/x-www-form-urlencoded')
      return json(404, {})
    if (fields.client_id !== clientId || fields.client_secret !== clientSecret)
      return json(401, { error: 'invalid_client' })
    const refreshing = fields.grant_type === 'refresh_token'
    const wanted = refreshing
      ? ['client_id', 'client_secret', 'grant_type', 'refresh_token']
      : ['client_id', 'client_secret', 'code', 'grant_type', 'redirect_uri']
    if (!hasExactly(fields, wanted)) return json(400, { error: 'invalid_request' })
    const issued = refreshing
      ? rotate(fields.refresh_token)
      : redeem(fields.code, fields.redirect_uri, fields.code_verifier)
    if (!issued) return json(400, { error: 'invalid_grant', error_description: 'Bad Request' })
    return json(200, { ...grant(issued), expires_in: 3599, token_type: 'Bearer' })
  }

  function foundry({ path, headers, fields }: Received, json: Json): ServerResponse {
    if (path !== '/foundry/token' || headers['content-type'] !== 'application/json')
      return json(415, { error: 'json only' })
    const refreshing = fields.grant_type === 'refresh_token'
    const own = refreshing ? 'refresh_token' : 'authorization_code'
    if (!hasExactly(fields, ['client_id', 'grant_type', 'redirect_uri', own]) || fields.client_id !== clientId) {
      return json(400, { error: 'invalid_request' })
    }
    const issued = refreshing
      ? rotate(fields.refresh_token)
      : redeem(fields.authorization_code, fields.redirect_uri, fields.code_verifier)
    if (!issued || issued.redirectUri !== fields.redirect_uri) return json(400, { error: 'invalid_grant' })
    return json(200, { ...grant(issued), expires_in: '3600' })
  }

  /** Always HTTP 200 (docs.slack.dev, oauth.v2.access). */
  function slack({ path, fields, headers }: Received, json: Json): ServerResponse {
    if (path === '/slack/auth.test') {
      const good = accessTokens.has(bearer(headers))
      return json(200, good ? { ok: true, user_id: 'U1', user: 'ada' } : { ok: false, error: 'invalid_auth' })
    }
    if (basic(headers).join(':') !== `${clientId}:${clientSecret}`)
      return json(200, { ok: false, error: 'bad_client_secret' })
    const refreshing = fields.grant_type === 'refresh_token'
    const issued = refreshing
      ? rotate(fields.refresh_token)
      : redeem(fields.code, fields.redirect_uri, fields.code_verifier)
    if (!issued) return json(200, { ok: false, error: refreshing ? 'invalid_refresh_token' : 'invalid_code' })
    const { access_token, refresh_token } = grant(issued)
    const person = { id: 'U1', scope: 'users:read,chat:write', access_token, refresh_token, expires_in: 43_200 }
    if (refreshing) return json(200, { ok: true, access_token, refresh_token, expires_in: 43_200, token_type: 'user' })
    return json(200, {
      ok: true,
      team: { id: 'T1', name: 'Difference Engine' },
      authed_user: { ...person, token_type: 'user' },
    })
  }

  function github({ fields }: Received, response: ServerResponse): ServerResponse {
    const issued = redeem(fields.code, fields.redirect_uri, fields.code_verifier)
    const answer: Record<string, string> = issued
      ? { access_token: grant(issued).access_token, scope: 'repo,gist', token_type: 'bearer' }
      : { error: 'bad_verification_code', error_description: 'The code passed is incorrect or expired.' }
    return send(
      response,
      200,
      new URLSearchParams(answer).toString(),
      'application/x-www-form-urlencoded; charset=utf-8',
    )
  }

  function salesforce({ path, fields, headers }: Received, json: Json): ServerResponse {
    if (path === '/salesforce/id/00D/005') {
      if (!accessTokens.has(bearer(headers))) return json(403, {})
      return json(200, {
        user_id: '005',
        display_name: 'Ada Lovelace',
        username: 'ada@example.com',
        emails: [{ value: 'ada@example.com' }],
      })
    }
    if (path.startsWith('/salesforce/instance/')) {
      return accessTokens.has(bearer(headers)) ? json(200, { path }) : json(401, [{ errorCode: 'INVALID_SESSION_ID' }])
    }
    const issued = redeem(fields.code, fields.redirect_uri, fields.code_verifier)
    if (!issued) return json(400, { error: 'invalid_grant' })
    const place = { instance_url: `${base}/salesforce/instance`, id: `${base}/salesforce/id/00D/005`, issued_at: '1' }
    return json(200, { ...grant(issued), ...place, token_type: 'Bearer', signature: 'not checked here' })
  }

  function me({ headers }: Received, json: Json): ServerResponse {
    if (!accessTokens.has(bearer(headers))) return json(401, { error: 'invalid_token' })
    return json(200, { data: [{ id: 7, login: 'ada', mail: 'ada@example.com' }] })
  }

  function revoke({ fields, query }: Received): boolean {
    return refreshTokens.delete(String(fields.token ?? query.token))
  }

  return {
    base,
    clientId,
    clientSecret,
    received,
    at: (path) => received.filter((entry) => entry.path === path),
    answerOnce: (path, answer) => byHand.set(path, [...(byHand.get(path) ?? []), answer]),
    endAccessTokens: () => accessTokens.clear(),
    endRefreshTokens: () => refreshTokens.clear(),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

async function read(request: IncomingMessage): Promise<Received> {
  let body = ''
  for await (const part of request) body += part
  const url = new URL(request.url ?? '/', 'http://127.0.0.1')
  const isJson = request.headers['content-type'] === 'application/json'
  const fields = isJson ? JSON.parse(body) : Object.fromEntries(new URLSearchParams(body))
  const query = Object.fromEntries(url.searchParams)
  return { method: request.method ?? '', path: url.pathname, query, headers: request.headers, fields, body }
}

/** `code_verifier` is what PKCE adds to any of them. */
function hasExactly(fields: Record<string, unknown>, names: string[]): boolean {
  const given = Object.keys(fields).filter((name) => name !== 'code_verifier')
  return given.sort().join() === [...names].sort().join() && given.every((name) => typeof fields[name] === 'string')
}

function bearer(headers: IncomingMessage['headers']): string {
  return headers.authorization?.replace(/^Bearer /, '') ?? ''
}

/** RFC 6749 2.3.1: both halves are form-encoded before they are joined. */
function basic(headers: IncomingMessage['headers']): string[] {
  const [, encoded = ''] = /^Basic (.+)$/.exec(headers.authorization ?? '') ?? []
  const halves = Buffer.from(encoded, 'base64').toString().split(':')
  return halves.map((half) => decodeURIComponent(half.replaceAll('+', ' ')))
}

function send(
  response: ServerResponse,
  status: number,
  body: string,
  contentType = 'application/json',
): ServerResponse {
  return response.writeHead(status, { 'content-type': contentType, 'cache-control': 'no-store' }).end(body)
}
