import type { CustomFetch } from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network, Route } from '../platform/ports.ts'
import { readDocument, savedValues } from '../providers/answer-mapping.ts'
import { isSafeUrl } from '../providers/template.ts'
import { normaliseTokenAnswer, type TokenAnswer } from './answer.ts'
import type { OwnToken } from './custom-requests.ts'
import { clockSkew } from './expiry.ts'
import { retryAfter } from './failure.ts'

/** A token endpoint's answer and what its headers tell. `answer` holds tokens: memory only. */
export interface RecordedAnswer {
  answer: TokenAnswer
  contentType: string
  answeredAt: number
  /** Milliseconds that the server's clock is ahead, by the Date header. */
  skew: number
  /** Milliseconds to wait, by Retry-After. */
  retryAfter: number | null
  /** What else the answer held, flat (`oauth.NAME` in templates). */
  saved: Record<string, string>
}

/** The ways out for one call of openid-client: all of them through the injected network. */
export interface Exchange {
  /** For discovery and userinfo. */
  fetch: CustomFetch
  /** For the token endpoint: normalises the answer (answer.ts) and keeps it in `recorded`. */
  tokenFetch: CustomFetch
  /** Takes the place of an answer of the token endpoint: a token that came another way (RFC 6749 4.2.2). */
  record(json: Record<string, unknown>, at: number): RecordedAnswer
  readonly recorded: RecordedAnswer | null
  /** The error that kept a token request from being answered, or null. */
  readonly failure: unknown
}

/** What one attempt needs. `route` is that of the client's settings. */
export interface ExchangeParts {
  network: Network
  clock: Clock
  signal: AbortSignal
  route?: Route
  /** The provider's own token request and the mapping of its answer. */
  own?: OwnToken | undefined
}

/** One attempt at a token request. `signal` ends it together with openid-client's own time limit. */
export function createExchange(parts: ExchangeParts): Exchange {
  const { clock } = parts
  let recorded: RecordedAnswer | null = null
  let failure: unknown = null
  const fetch: CustomFetch = async (url, options) => send(parts, url, options)
  return {
    fetch,
    async tokenFetch(url, options) {
      const askedAt = clock.now()
      recorded = null
      failure = null
      try {
        const response = await (parts.own?.send(fetch, url, options) ?? fetch(url, options))
        const answeredAt = clock.now()
        const contentType = mediaType(response)
        const raw = { status: response.status, contentType, body: await response.clone().text() }
        recorded = {
          answer: parts.own ? parts.own.read(raw) : normaliseTokenAnswer(raw),
          saved: savedValues(readDocument(raw)),
          contentType,
          answeredAt,
          skew: clockSkew(response.headers.get('date'), askedAt, answeredAt),
          retryAfter: retryAfter(response.headers.get('retry-after'), answeredAt),
        }
        return recorded.answer.json ? tokenResponse(recorded.answer, response.headers.get('dpop-nonce')) : response
      } catch (error) {
        failure = error
        throw error
      }
    },
    record(json, at) {
      const raw = { status: 200, contentType: 'application/json', body: JSON.stringify(json) }
      recorded = {
        answer: normaliseTokenAnswer(raw),
        saved: savedValues(readDocument(raw)),
        contentType: raw.contentType,
        answeredAt: at,
        skew: 0,
        retryAfter: null,
      }
      return recorded
    },
    get recorded() {
      return recorded
    },
    get failure() {
      return failure
    },
  }
}

/**
 * An answer that has been read once, to be read by openid-client again without asking the server again.
 *
 * @param dpopNonce The nonce that the next proof has to hold (RFC 9449 8).
 */
export function tokenResponse(answer: TokenAnswer, dpopNonce: string | null = null): Response {
  // No other header: a WWW-Authenticate beside `invalid_client` (RFC 6749 5.2) would hide the error in the body.
  return new Response(JSON.stringify(answer.json), {
    status: answer.status,
    headers: { 'content-type': 'application/json', ...(dpopNonce === null ? {} : { 'dpop-nonce': dpopNonce }) },
  })
}

/** Sends one request. What the network throws is a `LatchkeyError`, and its answer is here to the last byte. */
function send(
  { network, signal, route }: ExchangeParts,
  url: string,
  options: Parameters<CustomFetch>[1],
): Promise<Response> {
  if (!isSafeUrl(url)) {
    const { origin } = new URL(url)
    throw new LatchkeyError('provider_error', `${origin} is not https. Latchkey sends nothing secret there.`)
  }
  const { method, headers, body, redirect } = options
  const ends = options.signal ? AbortSignal.any([signal, options.signal]) : signal
  return network.fetch(url, { method, headers, body: body as BodyInit, redirect, signal: ends }, route)
}

/** `text/html` and the like, without parameters. */
export function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
