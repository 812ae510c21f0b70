import type { CustomFetch } from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network } from '../platform/ports.ts'
import { isSafeUrl } from '../providers/template.ts'
import { normaliseTokenAnswer, type TokenAnswer } from './answer.ts'
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
}

/** The ways out for one call of openid-client: all of them through the injected network. */
export interface Exchange {
  /** For discovery and userinfo. */
  fetch: CustomFetch
  /** For the token endpoint: normalises the answer (answer.ts) and keeps it in `recorded`. */
  tokenFetch: CustomFetch
  readonly recorded: RecordedAnswer | null
  /** The error that kept a token request from being answered, or null. */
  readonly failure: unknown
}

/** One attempt at a token request. `signal` ends it together with openid-client's own time limit. */
export function createExchange(parts: { network: Network; clock: Clock; signal: AbortSignal }): Exchange {
  const { clock } = parts
  let recorded: RecordedAnswer | null = null
  let failure: unknown = null
  const fetch: CustomFetch = async (url, options) => send(parts, url, options)
  return {
    fetch,
    async tokenFetch(url, options) {
      const askedAt = clock.now()
      try {
        const response = await fetch(url, options)
        const answeredAt = clock.now()
        const { status } = response
        const contentType = mediaType(response)
        recorded = {
          answer: normaliseTokenAnswer({ status, contentType, body: await response.clone().text() }),
          contentType,
          answeredAt,
          skew: clockSkew(response.headers.get('date'), askedAt, answeredAt),
          retryAfter: retryAfter(response.headers.get('retry-after'), answeredAt),
        }
        return recorded.answer.json ? tokenResponse(recorded.answer) : response
      } catch (error) {
        failure = error
        throw error
      }
    },
    get recorded() {
      return recorded
    },
    get failure() {
      return failure
    },
  }
}

/** An answer that has been read once, to be read by openid-client again without asking the server again. */
export function tokenResponse(answer: TokenAnswer): Response {
  // No other header: a WWW-Authenticate beside `invalid_client` (RFC 6749 5.2) would hide the error in the body.
  return new Response(JSON.stringify(answer.json), {
    status: answer.status,
    headers: { 'content-type': 'application/json' },
  })
}

/** Sends one request. What the network throws is a `LatchkeyError`, and its answer is here to the last byte. */
function send(
  { network, signal }: { network: Network; signal: AbortSignal },
  url: string,
  options: Parameters<CustomFetch>[1],
): Promise<Response> {
  if (!isSafeUrl(url)) {
    const { origin } = new URL(url)
    throw new LatchkeyError('provider_error', `${origin} is not https. Latchkey sends nothing secret there.`)
  }
  const { method, headers, body, redirect } = options
  const ends = options.signal ? AbortSignal.any([signal, options.signal]) : signal
  return network.fetch(url, { method, headers, body: body as BodyInit, redirect, signal: ends })
}

function mediaType(response: Response): string {
  return (response.headers.get('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
}
