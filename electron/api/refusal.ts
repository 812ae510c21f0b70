import type { ServerResponse } from 'node:http'
import { type ErrorCode, httpStatus, LatchkeyError, type WireError } from '../../shared/errors.ts'

/** An error that HTTP has a more exact status for than its code alone tells (405, 408, 415, 417, 431). */
export class Refusal extends LatchkeyError {
  readonly status: number
  constructor(status: number, code: ErrorCode, message: string, details: Omit<WireError, 'code' | 'message'> = {}) {
    super(code, message, details)
    this.name = 'Refusal'
    this.status = status
  }
}

/** Headers of every answer: nothing is kept, guessed, framed, or run. */
export const baseHeaders = {
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
  'referrer-policy': 'no-referrer',
  'cross-origin-resource-policy': 'same-origin',
} as const

export interface WireAnswer {
  status: number
  headers: Record<string, string>
  body: { error: WireError }
}

/** How an error is answered: status, extra headers, `{"error":{…}}`. */
export function errorAnswer(error: WireError, status = httpStatus[error.code]): WireAnswer {
  const headers: Record<string, string> = {}
  // RFC 9110 11.6.1: a 401 names the scheme.
  if (status === 401) headers['www-authenticate'] = 'Bearer realm="latchkey"'
  if (error.retry_after !== undefined) headers['retry-after'] = String(Math.ceil(error.retry_after))
  return { status, headers, body: { error } }
}

/**
 * Answers with an error outside of the router.
 *
 * @param last Nothing more is read of this connection. false: whoever calls reads the rest of the request.
 */
export function refuse(response: ServerResponse, error: LatchkeyError, last = true): void {
  const { status, headers, body } = errorAnswer(error.toWire(), error instanceof Refusal ? error.status : undefined)
  const text = JSON.stringify(body)
  response.writeHead(status, {
    ...baseHeaders,
    ...headers,
    'content-type': 'application/json; charset=utf-8',
    'content-length': Buffer.byteLength(text),
    // Whatever follows on this connection is not read: a refused body could be long, or be no body at all.
    ...(last ? { connection: 'close' } : {}),
  })
  response.end(text)
}

/** The same where there is no response object: a request that could not even be parsed. */
export function refusalText(error: Refusal): string {
  const { status, body } = errorAnswer(error.toWire(), error.status)
  const text = JSON.stringify(body)
  const headers = {
    ...baseHeaders,
    'content-type': 'application/json; charset=utf-8',
    'content-length': String(Buffer.byteLength(text)),
    connection: 'close',
  }
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  return [`HTTP/1.1 ${status} Refused`, ...lines, '', text].join('\r\n')
}
