import { promisify } from 'node:util'
import { brotliDecompress, gunzip } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Reach } from '../platform/addresses.ts'
import { networkError, tooLarge } from '../platform/network-errors.ts'
import type { Route } from '../platform/ports.ts'
import type { Headers } from './headers.ts'
import { checkDestination, type DestinationPolicy } from './policy.ts'
import type { Connections } from './resolve.ts'
import { type Credential, sign, targetWith, withoutCredential } from './sign.ts'

/** A request as the caller wants it, without credentials. The body is held, so that it can be sent again. */
export interface Outgoing {
  method: string
  url: URL
  headers: Headers
  body: Buffer | null
}

/** An answer, whole and decompressed. Header names are in lower case. */
export interface Incoming {
  status: number
  statusText: string
  headers: Headers
  body: Buffer
  /** Where the answer came from, after redirects. */
  url: URL
}

export interface SendOptions {
  connections: Connections
  /** How the provider's requests travel. */
  route?: Route
  policy: DestinationPolicy
  /** Whether the caller may send this hop of a redirect. Absent: whatever the policy allows. */
  allows?: (hop: { method: string; url: URL }) => boolean
  credential: Credential
  /** Bytes of the answer, after decompression. */
  maxBytes: number
  /** Milliseconds, for the message alone: `signal` is what ends the request. */
  timeoutMs: number
  signal: AbortSignal
}

const maxRedirects = 5

/**
 * Sends a request with the token attached. Each hop of a redirect is judged by the policy, and by what the caller may,
 * before the token goes there; a redirect that leaves either is not followed but answered as it is, for the caller to
 * decide.
 *
 * @throws LatchkeyError destination_not_allowed, provider_unreachable, provider_error, timeout, too_large.
 */
export async function sendSigned(request: Outgoing, options: SendOptions): Promise<Incoming> {
  let current = request
  for (let hops = 0; ; hops += 1) {
    const answer = await exchange(current, options)
    const found = redirected(current, answer)
    if (found === null) return answer
    const next = { ...found, url: withoutCredential(found.url, options.credential) }
    if (!allowed(options.policy, next.url) || options.allows?.(next) === false) return shown(answer, next.url, options)
    if (hops === maxRedirects) {
      throw new LatchkeyError('provider_error', `${current.url.host} redirected more than ${maxRedirects} times.`)
    }
    current = next
  }
}

/** A redirect that repeats the query would show the token that was in it. */
function shown(answer: Incoming, next: URL, { credential }: SendOptions): Incoming {
  if (credential.kind !== 'query') return answer
  return { ...answer, headers: { ...answer.headers, location: next.href } }
}

function allowed(policy: DestinationPolicy, url: URL): boolean {
  try {
    checkDestination(policy, url)
    return true
  } catch {
    return false
  }
}

async function exchange(request: Outgoing, options: SendOptions): Promise<Incoming> {
  const { url } = request
  const { credential } = options
  const reach = checkDestination(options.policy, url)
  const headers = { accept: '*/*', 'user-agent': 'Latchkey', ...request.headers, 'accept-encoding': 'gzip, br' }
  if (credential.kind === 'header') {
    return transport({ ...request, headers: sign(headers, credential.header, credential.token) }, options, reach)
  }
  if (credential.kind === 'query') return transport({ ...request, headers }, options, reach)
  // The proof is for this hop alone: another address gets one of its own.
  return credential.signer.send(request, credential.token, (signed) =>
    transport({ ...request, headers: { ...headers, ...signed } }, options, reach),
  )
}

async function transport(request: Outgoing, options: SendOptions, reach: ReadonlySet<Reach>): Promise<Incoming> {
  const { url } = request
  try {
    const answer = await options.connections.for(url, reach, options.route).request({
      origin: url.origin,
      path: targetWith(url, options.credential),
      method: request.method as Dispatcher.HttpMethod,
      headers: request.headers,
      body: request.body,
      signal: options.signal,
    })
    const raw = await readLimited(answer.body, url, options.maxBytes)
    const body = await decompress(raw, answer.headers['content-encoding'], url, options.maxBytes)
    return {
      status: answer.statusCode,
      statusText: answer.statusText,
      headers: answerHeaders(answer.headers, raw !== body),
      body,
      url,
    }
  } catch (error) {
    throw networkError(error, url, options.timeoutMs, options.route)
  }
}

async function readLimited(body: Dispatcher.ResponseData['body'], url: URL, maxBytes: number): Promise<Buffer> {
  const parts: Buffer[] = []
  let size = 0
  for await (const part of body) {
    const bytes: Buffer = part
    size += bytes.byteLength
    // Leaving the loop destroys the stream, and with it the connection.
    if (size > maxBytes) throw tooLarge(url, maxBytes)
    parts.push(bytes)
  }
  return Buffer.concat(parts, size)
}

const unpack: Record<string, (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>> = {
  gzip: promisify(gunzip) as (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>,
  br: promisify(brotliDecompress) as (data: Buffer, options: { maxOutputLength: number }) => Promise<Buffer>,
}

/** Only what was offered in Accept-Encoding; anything else is handed on as it came, with its Content-Encoding. */
async function decompress(
  body: Buffer,
  encoding: string | string[] | undefined,
  url: URL,
  maxBytes: number,
): Promise<Buffer> {
  const decoder = typeof encoding === 'string' ? unpack[encoding.trim().toLowerCase()] : undefined
  if (decoder === undefined || body.length === 0) return body
  try {
    return await decoder(body, { maxOutputLength: maxBytes })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ERR_BUFFER_TOO_LARGE') throw tooLarge(url, maxBytes)
    throw new LatchkeyError('provider_error', `The answer of ${url.host} is damaged: it could not be unpacked.`)
  }
}

/** Of the connection (RFC 9110 7.6.1), or cookies, which would be a second credential outside the vault. */
const dropped = new Set([
  'set-cookie',
  'set-cookie2',
  'connection',
  'keep-alive',
  'proxy-connection',
  'trailer',
  'transfer-encoding',
  'upgrade',
])

function answerHeaders(headers: Record<string, string | string[] | undefined>, unpacked: boolean): Headers {
  const clean: Headers = {}
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || dropped.has(name)) continue
    if (unpacked && (name === 'content-encoding' || name === 'content-length')) continue
    clean[name] = Array.isArray(value) ? value.join(', ') : value
  }
  return clean
}

/** The request that a redirect asks for, or null when the answer is none (Fetch, "HTTP-redirect fetch"). */
export function redirected(request: Outgoing, answer: Pick<Incoming, 'status' | 'headers'>): Outgoing | null {
  const location = answer.headers.location
  if (![301, 302, 303, 307, 308].includes(answer.status) || location === undefined) return null
  if (!URL.canParse(location, request.url.href)) return null
  const url = new URL(location, request.url)
  url.hash = ''
  const becomesGet =
    ((answer.status === 301 || answer.status === 302) && request.method === 'POST') ||
    (answer.status === 303 && request.method !== 'GET' && request.method !== 'HEAD')
  if (!becomesGet) return { ...request, url }
  const headers = Object.fromEntries(Object.entries(request.headers).filter(([name]) => !name.startsWith('content-')))
  return { method: 'GET', url, headers, body: null }
}
