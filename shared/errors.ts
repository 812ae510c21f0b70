/**
 * The stable error codes of Latchkey. The local API, IPC and the command line use the same ones; a code never changes
 * its meaning and is never removed.
 */
export const errorCodes = [
  'invalid_request',
  'unauthenticated',
  'forbidden',
  'not_found',
  'ambiguous_account',
  'account_disabled',
  'reauth_required',
  'provider_unreachable',
  'provider_error',
  'destination_not_allowed',
  'locked',
  'rate_limited',
  'too_large',
  'timeout',
  'internal',
] as const

export type ErrorCode = (typeof errorCodes)[number]

/** What a person or program can do about an error: a sentence, and where it can be done. */
export interface ErrorAction {
  text: string
  /** Opens the place in Latchkey where it can be mended. */
  url?: string
  /** The same from a terminal. */
  command?: string
}

/** An error as it travels: `{"error": WireError}` over HTTP, inside a `Result` over IPC. */
export interface WireError {
  code: ErrorCode
  message: string
  /** The id of the account concerned. */
  account?: string
  /** The name of the input field that is wrong, for `invalid_request`. */
  field?: string
  /** For `ambiguous_account`: the accounts that match, as `id (alias)`. */
  candidates?: string[]
  /** Seconds after which another try makes sense. */
  retry_after?: number
  action?: ErrorAction
}

/** The one error class that may leave a service. Anything else is a defect and is shown as `internal`. */
export class LatchkeyError extends Error {
  readonly code: ErrorCode
  readonly details: Omit<WireError, 'code' | 'message'>

  constructor(code: ErrorCode, message: string, details: Omit<WireError, 'code' | 'message'> = {}, cause?: unknown) {
    super(message, cause === undefined ? undefined : { cause })
    this.name = 'LatchkeyError'
    this.code = code
    this.details = details
  }

  toWire(): WireError {
    return { code: this.code, message: this.message, ...this.details }
  }
}

/** Any thrown value as a wire error. An unexpected one says nothing of its inside: its text may hold a secret. */
export function toWireError(error: unknown): WireError {
  if (error instanceof LatchkeyError) return error.toWire()
  return { code: 'internal', message: 'Something went wrong inside Latchkey. The log names the place.' }
}

/** HTTP status for each code (RFC 9110; 423 RFC 4918; 429 RFC 6585). */
export const httpStatus: Record<ErrorCode, number> = {
  invalid_request: 400,
  unauthenticated: 401,
  forbidden: 403,
  not_found: 404,
  ambiguous_account: 409,
  account_disabled: 409,
  reauth_required: 409,
  provider_unreachable: 502,
  provider_error: 502,
  destination_not_allowed: 403,
  locked: 423,
  rate_limited: 429,
  too_large: 413,
  timeout: 504,
  internal: 500,
}

/** Exit codes of the command line: 0 fine, 1 anything unexpected. */
export const exitCode: Record<ErrorCode, number> = {
  invalid_request: 2,
  not_found: 2,
  ambiguous_account: 2,
  reauth_required: 3,
  unauthenticated: 4,
  forbidden: 4,
  account_disabled: 4,
  destination_not_allowed: 4,
  locked: 5,
  provider_unreachable: 7,
  provider_error: 7,
  rate_limited: 7,
  timeout: 7,
  too_large: 2,
  internal: 1,
}
