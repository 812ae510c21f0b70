import { type ErrorCode, LatchkeyError } from '../../shared/errors.ts'
import type { Flow, FlowFailure } from '../../shared/models.ts'
import { FlowError } from '../oauth/ports.ts'
import { SignInClosed } from '../redirects/ports.ts'

export type Failure = NonNullable<Flow['failure']>

const again = 'Start the sign-in again when you are ready.'

/** The ways a sign-in ends that nobody throws: the person or the clock ended it. */
export const failures = {
  cancelled: { code: 'cancelled', message: 'The sign-in was cancelled.', remedy: again },
  windowClosed: {
    code: 'window_closed',
    message: 'The sign-in window was closed before the sign-in was finished.',
    remedy: again,
  },
  timedOut: {
    code: 'timed_out',
    message: 'Nobody signed in before the time for it was over.',
    remedy: 'Start the sign-in again and finish it within five minutes.',
  },
  /** RFC 8628 3.5, `expired_token`. */
  codeExpired: {
    code: 'timed_out',
    message: 'The code expired before anybody entered it.',
    remedy: 'Start again, and enter the new code at the provider while it is shown.',
  },
  undecided: {
    code: 'timed_out',
    message: 'Nobody decided in time what to do with the account of somebody else, so it was not kept.',
    remedy: 'Start the sign-in again as the person you meant.',
  },
  discarded: {
    code: 'cancelled',
    message: 'The account of somebody else was not kept. Nothing was changed.',
    remedy: 'Start the sign-in again as the person you meant.',
  },
  locked: {
    code: 'locked',
    message: 'Latchkey was locked or closed before the sign-in was finished.',
    remedy: 'Unlock Latchkey, then start the sign-in again.',
  },
} as const satisfies Record<string, Failure>

/** Carries a decision to end a flow through an abort signal. */
export class FlowEnded extends Error {
  readonly failure: Failure
  constructor(failure: Failure) {
    super(failure.message)
    this.name = 'FlowEnded'
    this.failure = failure
  }
}

/** Any error of a sign-in in words for a person. One that nobody expected says nothing of its inside. */
export function toFailure(error: unknown): Failure {
  if (error instanceof FlowEnded) return error.failure
  if (error instanceof FlowError) return { code: error.failure, message: error.message, remedy: error.remedy }
  if (error instanceof SignInClosed) return failures.windowClosed
  if (error instanceof LatchkeyError) return fromLatchkeyError(error)
  return {
    code: 'internal',
    message: 'Something went wrong inside Latchkey. The log names the place.',
    remedy: 'Start the sign-in again.',
  }
}

const codes: Partial<Record<ErrorCode, FlowFailure>> = {
  provider_unreachable: 'provider_unreachable',
  timeout: 'provider_unreachable',
  destination_not_allowed: 'destination_not_allowed',
  internal: 'internal',
  // Latchkey itself does not want it: nothing went wrong at the provider.
  account_disabled: 'cancelled',
}

function fromLatchkeyError(error: LatchkeyError): Failure {
  if (error.code === 'locked') return failures.locked
  const code = codes[error.code] ?? 'provider_error'
  const remedy =
    error.details.action?.text ??
    (code === 'provider_unreachable'
      ? 'Check the connection, then start the sign-in again.'
      : 'Start the sign-in again.')
  return { code, message: error.message, remedy }
}

/** A flow that a person or Latchkey itself ended is cancelled; everything else failed. */
export function endState(failure: Failure): 'cancelled' | 'failed' {
  return failure.code === 'cancelled' || failure.code === 'window_closed' ? 'cancelled' : 'failed'
}
