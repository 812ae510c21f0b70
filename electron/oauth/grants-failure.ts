import { ResponseBodyError } from 'openid-client'
import type { Grant } from '../vault/ports.ts'
import { plainText } from './flow-failure.ts'
import { FlowError } from './ports.ts'

/** How a grant is called in a sentence. */
export const grantNames: Record<Grant, string> = {
  authorization_code: 'signing in with a code',
  device_code: 'signing in with a device code',
  client_credentials: 'client credentials',
  password: 'user name and password',
  jwt_bearer: 'signed assertions',
  token_exchange: 'token exchange',
  without_code: 'answers without a code',
}

/** What `invalid_grant` (RFC 6749 5.2) is about in each grant, and the way out. */
const refusals: Partial<Record<Grant, { what: string; remedy: string }>> = {
  password: {
    what: 'the user name and password',
    remedy: 'Enter them again. An account with a second factor cannot be connected in this way.',
  },
  jwt_bearer: {
    what: 'the signed assertion',
    remedy: 'Check that the key still exists at the provider, and that it may act for the subject.',
  },
  token_exchange: {
    what: 'the token that was to be exchanged',
    remedy: 'Check that the other account is still connected, and that its tokens may be exchanged there.',
  },
  client_credentials: { what: 'the client', remedy: 'Check client ID and client secret in the registration.' },
  device_code: { what: 'the device code', remedy: 'Start again, and enter the code at the provider.' },
}

/** The same for the state of an account that this happens to later: `The provider no longer accepts …`. */
export function acceptedThing(grant: Grant): string {
  return refusals[grant]?.what ?? 'the refresh token'
}

/** RFC 8628 3.5, `expired_token`. */
export function deviceExpired(): FlowError {
  return new FlowError(
    'timed_out',
    'The code expired before anybody entered it.',
    'Start again, and enter the new code at the provider while it is shown.',
  )
}

/**
 * A token endpoint's error where it means something of its own in this grant; any other error comes back as it is.
 *
 * @param secrets Masked wherever the provider repeats them.
 */
export function inGrantWords(
  error: unknown,
  context: { grant: Grant; providerName: string; secrets: (string | null)[] },
): unknown {
  if (!(error instanceof ResponseBodyError)) return error
  const { grant, providerName } = context
  const description = error.error_description ? `: ${plainText(error.error_description, context, 300)}` : ''
  const said = `${plainText(error.error, context, 60)}${description}`
  switch (error.error) {
    case 'invalid_grant': {
      const { what, remedy } = refusals[grant] ?? { what: 'the grant', remedy: 'Start again.' }
      return new FlowError('access_denied', `${providerName} did not accept ${what} (${said}).`, remedy)
    }
    case 'unsupported_grant_type':
    case 'unauthorized_client':
      return new FlowError(
        'invalid_client',
        `${providerName} does not let this client use ${grantNames[grant]} (${said}).`,
        'Allow it for the client at the provider, or connect in another way.',
      )
    case 'expired_token':
      return deviceExpired()
    case 'access_denied':
    // Microsoft's word for it in the device grant.
    case 'authorization_declined':
      return new FlowError(
        'access_denied',
        `Access was declined at ${providerName}.`,
        'Start again, and allow the access there.',
      )
    default:
      return error
  }
}
