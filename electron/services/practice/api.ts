import { isUtf8 } from 'node:buffer'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'
import { setTimeout as wait } from 'node:timers/promises'
import type { default as Provider } from 'oidc-provider'
import { BodyTooLarge, readBody } from './body.ts'
import { findPerson } from './people.ts'

/**
 * The protected API beside the authorization server (RFC 6750): `/api/me`, `/api/echo`, `/api/slow?ms=`,
 * `/api/big?mb=`. Only an access token of a practice account opens it.
 */
export async function handleApi(provider: Provider, url: URL, request: IncomingMessage, response: ServerResponse) {
  const value = /^Bearer +([A-Za-z0-9\-._~+/]+=*) *$/i.exec(request.headers.authorization ?? '')?.[1]
  // RFC 6750 3.1: no error code when the request carried no token at all.
  if (value === undefined) return refuse(response, null)
  const token = await provider.AccessToken.find(value)
  const grant = token?.grantId === undefined ? undefined : await provider.Grant.find(token.grantId)
  const person = findPerson(token?.accountId)
  if (!token || !grant || !person) return refuse(response, 'The access token is unknown, expired or revoked.')

  if (url.pathname === '/api/me') {
    return json(response, 200, {
      id: person.id,
      name: person.name,
      username: person.id,
      email: person.email,
      scope: token.scope ?? '',
      client_id: token.clientId ?? null,
      expires_at: token.exp === undefined ? null : new Date(token.exp * 1000).toISOString(),
    })
  }
  if (url.pathname === '/api/echo' || url.pathname.startsWith('/api/echo/')) return echo(url, request, response)
  if (url.pathname === '/api/slow') return slow(url, response)
  if (url.pathname === '/api/big') return big(url, response)
  json(response, 404, { error: 'not_found', message: 'There is /api/me, /api/echo, /api/slow?ms= and /api/big?mb=.' })
}

/** RFC 6750 3 */
function refuse(response: ServerResponse, description: string | null) {
  const challenge = 'Bearer realm="practice"'
  response.setHeader(
    'www-authenticate',
    description === null ? challenge : `${challenge}, error="invalid_token", error_description="${description}"`,
  )
  json(response, 401, {
    error: description === null ? 'unauthorized' : 'invalid_token',
    message: description ?? 'Send an access token: Authorization: Bearer …',
  })
}

/** What arrived, for the caller to compare with what it sent. Credentials are not repeated. */
export async function echo(url: URL, request: IncomingMessage, response: ServerResponse) {
  let body: Buffer
  try {
    body = await readBody(request, 10 * 1024 * 1024)
  } catch (error) {
    if (!(error instanceof BodyTooLarge)) throw error
    response.setHeader('connection', 'close')
    return json(response, 413, { error: 'too_large', message: 'The echo takes 10 MiB at most.' })
  }
  const headers = { ...request.headers }
  if (headers.authorization !== undefined) headers.authorization = 'Bearer [masked]'
  if (headers.cookie !== undefined) headers.cookie = '[masked]'
  const query: Record<string, string | string[]> = {}
  for (const name of new Set(url.searchParams.keys())) {
    const values = url.searchParams.getAll(name)
    query[name] = values.length === 1 ? (values[0] ?? '') : values
  }
  json(response, 200, {
    method: request.method,
    path: url.pathname,
    query,
    headers,
    body: isUtf8(body) ? body.toString('utf8') : null,
    body_base64: isUtf8(body) ? null : body.toString('base64'),
  })
}

async function slow(url: URL, response: ServerResponse) {
  const ms = numberIn(url, 'ms', 1000, 0, 120_000)
  if (ms === null) return json(response, 400, { error: 'invalid_request', message: 'ms is 0 to 120000.' })
  const gone = new AbortController()
  response.once('close', () => gone.abort())
  try {
    await wait(ms, undefined, { signal: gone.signal })
  } catch {
    return
  }
  json(response, 200, { waited_ms: ms })
}

async function big(url: URL, response: ServerResponse) {
  const mb = numberIn(url, 'mb', 1, 0, 1024)
  if (mb === null) return json(response, 400, { error: 'invalid_request', message: 'mb is 0 to 1024.' })
  const length = Math.round(mb * 1024 * 1024)
  response.writeHead(200, { ...headers, 'content-type': 'application/octet-stream', 'content-length': length })
  if (response.req.method === 'HEAD') return response.end()
  await pipeline(Readable.from(bytes(length)), response).catch((error: NodeJS.ErrnoException) => {
    // The caller went away in the middle: nobody is left to tell.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error
  })
}

const block = Buffer.alloc(64 * 1024, 'practice')

function* bytes(length: number): Generator<Buffer> {
  for (let left = length; left > 0; left -= block.length) yield left >= block.length ? block : block.subarray(0, left)
}

function numberIn(url: URL, name: string, fallback: number, least: number, most: number): number | null {
  const text = url.searchParams.get(name)
  if (text === null) return fallback
  const value = Number(text)
  return text.trim() !== '' && value >= least && value <= most ? value : null
}

const headers = { 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' }

function json(response: ServerResponse, status: number, value: unknown) {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' }).end(JSON.stringify(value))
}
