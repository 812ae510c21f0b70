import { AuthorizationResponseError, ResponseBodyError, WWWAuthenticateChallengeError } from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { FlowFailure } from '../../shared/models.ts'
import { FlowError } from './ports.ts'

/** What the words of a failure need to know. `secrets` are masked wherever a provider repeats them. */
export interface FlowContext {
  providerName: string
  signal: AbortSignal
  secrets: (string | null)[]
}

const again = 'Start the sign-in again.'

/** The client's name or secret is wrong: RFC 6749 5.2, then GitHub's and Slack's words for it. */
const clientErrors = new Set([
  'invalid_client',
  'unauthorized_client',
  'incorrect_client_credentials',
  'bad_client_secret',
  'invalid_client_id',
])

/**
 * Whatever ended a sign-in, in words for a person. A `LatchkeyError` about the input (a variable without a value) and a
 * defect of Latchkey's own come back as they are. The library's error is not kept as the cause: it holds the answer.
 */
export function toFlowError(error: unknown, context: FlowContext): unknown {
  if (error instanceof FlowError) return error
  if (context.signal.aborted) return new FlowError('cancelled', 'The sign-in was cancelled.', again)
  const latchkey = latchkeyCause(error)
  if (latchkey) return fromLatchkey(latchkey, context)
  if (error instanceof AuthorizationResponseError) return fromAuthorizationError(error, context)
  if (error instanceof ResponseBodyError) return fromTokenError(error, context)
  if (error instanceof WWWAuthenticateChallengeError) return fromStatus(error.status, context)
  if (error instanceof Error && 'code' in error && typeof error.code === 'string' && error.code.startsWith('OAUTH_')) {
    return fromLibrary(error, error.code, context)
  }
  return error
}

/** The LatchkeyError that the network threw, however deep the library has wrapped it. */
export function latchkeyCause(error: unknown): LatchkeyError | null {
  let cause = error
  for (let depth = 0; depth < 6 && cause instanceof Error; depth++) {
    if (cause instanceof LatchkeyError) return cause
    cause = cause.cause
  }
  return null
}

function fromLatchkey(error: LatchkeyError, { providerName }: FlowContext): Error {
  if (error.code === 'provider_unreachable' || error.code === 'timeout') {
    return new FlowError(
      'provider_unreachable',
      `${providerName} could not be reached. ${error.message}`,
      'Check the connection and try again.',
      error,
    )
  }
  if (error.code === 'provider_error') return new FlowError('provider_error', error.message, again, error)
  if (error.code === 'too_large') return new FlowError('invalid_answer', error.message, again, error)
  return error
}

function fromAuthorizationError(error: AuthorizationResponseError, context: FlowContext): FlowError {
  const { providerName } = context
  if (error.error === 'access_denied') {
    return new FlowError('access_denied', `Access was declined at ${providerName}.`, `${again} Allow the access there.`)
  }
  return fromCode(error.error, error.error_description, context)
}

function fromTokenError(error: ResponseBodyError, context: FlowContext): FlowError {
  return fromCode(error.error, error.error_description, context)
}

function fromCode(code: string, description: string | undefined, context: FlowContext): FlowError {
  const { providerName } = context
  const said = `${plainText(code, context, 60)}${description ? `: ${plainText(description, context, 300)}` : ''}`
  if (clientErrors.has(code)) {
    return new FlowError(
      'invalid_client',
      `${providerName} does not accept the registration (${said}).`,
      'Check client ID, client secret and client authentication in the registration.',
    )
  }
  const remedies: Record<string, string> = {
    invalid_scope: 'Take the scopes that the provider does not know out of the registration.',
    invalid_grant: `The code was used already or came too late. ${again}`,
    bad_verification_code: `The code was used already or came too late. ${again}`,
    redirect_uri_mismatch: 'Enter the redirect URI at the provider exactly as Latchkey shows it.',
    temporarily_unavailable: 'Try again in a few minutes.',
    server_error: 'Try again in a few minutes.',
  }
  return new FlowError(
    'provider_error',
    `${providerName} refused the sign-in (${said}).`,
    remedies[code] ?? `${again} If it happens again, check the registration.`,
  )
}

function fromStatus(status: number, { providerName }: FlowContext): FlowError {
  if (status >= 500 || status === 429 || status === 408) {
    const message = `${providerName} cannot answer just now (HTTP ${status}).`
    return new FlowError('provider_unreachable', message, 'Try again in a few minutes.')
  }
  const message = `${providerName} answered with HTTP ${status} where it should not.`
  return new FlowError('provider_error', message, 'Check the addresses in the registration and the definition.')
}

/** openid-client's own checks, told apart by code, and by what was being checked where the code is shared. */
function fromLibrary(error: Error, code: string, context: FlowContext): FlowError {
  const { providerName } = context
  const inner = error.cause instanceof Error ? error.cause : error
  const response = error.cause instanceof Response ? error.cause : null
  const checked = checkedName(inner)
  const fail = (failure: FlowFailure, message: string, remedy = again) => new FlowError(failure, message, remedy)

  switch (code) {
    case 'OAUTH_RESPONSE_IS_NOT_CONFORM':
      return fromStatus(response?.status ?? 0, context)
    case 'OAUTH_RESPONSE_IS_NOT_JSON':
      if (response && response.status >= 400) return fromStatus(response.status, context)
      return notJson(context)
    case 'OAUTH_PARSE_ERROR':
      return notJson(context)
    case 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED':
      return fail(
        'invalid_answer',
        `The ID token of ${providerName} is not valid at this time.`,
        "Check this machine's clock, then start the sign-in again.",
      )
    case 'OAUTH_JWT_CLAIM_COMPARISON_FAILED':
    case 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED':
      return checked === 'iss' || checked === 'issuer'
        ? fail(
            'issuer_mismatch',
            `The server of ${providerName} goes by another issuer name than the one expected.`,
            'Check the issuer in the registration: it has to be exactly what the provider calls itself.',
          )
        : fail('invalid_answer', `The answer of ${providerName} is not for this sign-in (${checked} does not match).`)
    case 'OAUTH_MISSING_SERVER_METADATA':
    case 'OAUTH_INVALID_SERVER_METADATA':
      return fail(
        'provider_error',
        `${providerName} does not say where its ${checked.replaceAll('_', ' ')} is.`,
        'Check the issuer in the registration.',
      )
    case 'OAUTH_TIMEOUT':
      return fail('provider_unreachable', `${providerName} took too long to answer.`, 'Try again in a few minutes.')
    default:
      return fromInvalid(inner.message, context)
  }
}

/** `OAUTH_INVALID_RESPONSE` is one code for several checks of the authorization response; its text tells which. */
function fromInvalid(text: string, { providerName }: FlowContext): FlowError {
  if (/parameter must be provided only once/.test(text)) return duplicateParameter()
  if (/"state"/.test(text) && /response parameter/.test(text)) {
    return new FlowError(
      'state_mismatch',
      'The answer does not belong to this sign-in: its state is missing or another one.',
      again,
    )
  }
  if (/"iss" \(issuer\)/.test(text) && !/JWT/.test(text)) {
    return new FlowError(
      'issuer_mismatch',
      `The answer does not say that it comes from ${providerName}: its iss is missing or another one.`,
      `${again} If it happens again, somebody may be mixing up two providers' answers.`,
    )
  }
  if (/no authorization code/.test(text)) {
    return new FlowError('invalid_answer', 'The answer holds neither a code nor an error.', again)
  }
  return new FlowError('invalid_answer', `The answer of ${providerName} is not what the standard asks for.`, again)
}

/** RFC 6749 3.1: parameters must not be included more than once. */
export function duplicateParameter(): FlowError {
  return new FlowError(
    'duplicate_parameter',
    'The answer holds the same parameter twice, which no honest provider sends.',
    again,
  )
}

function checkedName(error: Error): string {
  const details = error.cause
  if (typeof details !== 'object' || details === null) return 'endpoint'
  if ('claim' in details && typeof details.claim === 'string') return details.claim
  return 'attribute' in details && typeof details.attribute === 'string' ? details.attribute : 'answer'
}

function notJson({ providerName }: FlowContext): FlowError {
  return new FlowError(
    'invalid_answer',
    `What answered for ${providerName} was not JSON. A page of the network's own may stand between.`,
    'Open any web page to see whether the network asks for a sign-in of its own, then try again.',
  )
}

/** A provider's words made safe to show: RFC 6749 5.2's characters, without what looks like or is a secret, cut short. */
export function plainText(text: string, { secrets }: Pick<FlowContext, 'secrets'>, limit: number): string {
  let plain = text
  for (const secret of secrets) if (secret) plain = plain.replaceAll(secret, '…')
  plain = plain
    .replace(/[^\x20-\x7e\u00a0-\uffff]+/g, ' ')
    .replace(/\s+/g, ' ')
    .replace(/[\w~+.-]{40,}/g, '…')
    .trim()
  return plain.length > limit ? `${plain.slice(0, limit)}…` : plain
}
