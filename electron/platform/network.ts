import type { lookup as systemLookup } from 'node:dns'
import { fetch as undiciFetch } from 'undici'
import { LatchkeyError } from '../../shared/errors.ts'
import { createDispatchers, type Dispatchers } from './network-dispatchers.ts'
import { networkError, tooLarge } from './network-errors.ts'
import { checkRoute, forbiddenEndpoint } from './network-route.ts'
import type { Network } from './ports.ts'

/** Statuses whose answer has no body (Fetch, "null body status"); `Response` refuses one for them. */
const withoutBody = new Set([101, 204, 205, 304])

/**
 * The way out for discovery, token, userinfo and revocation requests. One timeout covers the whole exchange, from the
 * name lookup to the last byte, and the answer is buffered, so that whoever gets it can read it without a second limit.
 *
 * @param options.timeoutMs Milliseconds for one request, 30,000 by default.
 * @param options.maxBytes Bytes of an answer after decompression, 5,000,000 by default.
 * @param options.resolve Name resolution, replaced in tests alone.
 * @param options.env Where the system's proxy is looked up, `process.env` by default.
 */
export function createNetwork(
  options: { timeoutMs?: number; maxBytes?: number; resolve?: typeof systemLookup; env?: NodeJS.ProcessEnv } = {},
): Network & Pick<Dispatchers, 'forget' | 'close'> {
  const timeoutMs = options.timeoutMs ?? 30_000
  const maxBytes = options.maxBytes ?? 5_000_000
  const dispatchers = createDispatchers({
    forbidden: forbiddenEndpoint,
    connectTimeout: timeoutMs,
    connections: 64,
    resolve: options.resolve,
    env: options.env,
  })

  return {
    forget: () => dispatchers.forget(),
    close: () => dispatchers.close(),

    async fetch(target, init = {}, route) {
      const url = parse(target)
      const reach = route === undefined ? null : checkRoute(route, url)
      // Each hop would need a judgement of its own, and no request with a route asks for it.
      const redirect = route === undefined ? (init.redirect ?? 'manual') : 'manual'
      const headers = new Headers(init.headers)
      // Some APIs refuse a request without one (GitHub answers 403).
      if (!headers.has('user-agent')) headers.set('user-agent', 'Latchkey')
      const time = AbortSignal.timeout(timeoutMs)
      const signal = init.signal ? AbortSignal.any([init.signal, time]) : time
      try {
        const answer = await undiciFetch(url, {
          method: init.method ?? 'GET',
          headers: [...headers],
          body: bodyOf(init.body),
          // A redirected token request would hand the code or refresh token to whoever is named (RFC 9700 4.11).
          redirect,
          dispatcher: dispatchers.for(url, reach, route),
          signal,
        })
        const body = await readLimited(answer.body, url, maxBytes)
        return toStandardResponse(answer, body)
      } catch (error) {
        throw networkError(error, url, timeoutMs, route)
      }
    },
  }
}

function parse(target: string | URL): URL {
  try {
    const url = new URL(target)
    if (url.protocol === 'https:' || url.protocol === 'http:') return url
  } catch {
    // Said below, without the text: it may hold a secret.
  }
  throw new LatchkeyError('provider_unreachable', 'The address to ask is not a valid http or https URL.')
}

/** The bodies that OAuth requests have. Streams are not among them: a request has to be small and repeatable. */
function bodyOf(body: RequestInit['body']): string | URLSearchParams | Uint8Array | null {
  if (body === undefined || body === null) return null
  if (typeof body === 'string' || body instanceof URLSearchParams || body instanceof Uint8Array) return body
  throw new TypeError('A request body is a string, URLSearchParams or bytes.')
}

interface Chunks {
  [Symbol.asyncIterator](): AsyncIterator<unknown>
}

async function readLimited(body: Chunks | null, url: URL, maxBytes: number): Promise<Uint8Array<ArrayBuffer> | null> {
  if (body === null) return null
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of body) {
    if (!(part instanceof Uint8Array)) continue
    size += part.byteLength
    // Leaving the loop cancels the stream, and with it the connection.
    if (size > maxBytes) throw tooLarge(url, maxBytes)
    parts.push(part)
  }
  const whole = new Uint8Array(size)
  let offset = 0
  for (const part of parts) {
    whole.set(part, offset)
    offset += part.byteLength
  }
  return whole
}

/** openid-client asks for the platform's own `Response`, which undici's is not. */
function toStandardResponse(
  answer: { status: number; statusText: string; headers: Iterable<[string, string]>; url: string },
  body: Uint8Array<ArrayBuffer> | null,
): Response {
  const headers = new Headers()
  for (const [name, value] of answer.headers) headers.append(name, value)
  // The body has been decompressed: what these said is no longer true of it.
  headers.delete('content-encoding')
  headers.delete('content-length')
  const response = new Response(withoutBody.has(answer.status) ? null : body, {
    status: answer.status,
    statusText: answer.statusText,
    headers,
  })
  Object.defineProperty(response, 'url', { value: answer.url })
  return response
}
