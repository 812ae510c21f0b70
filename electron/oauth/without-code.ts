import {
  authorizationCodeGrant,
  customFetch,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Configured } from './configuration.ts'
import { type Exchange, tokenResponse } from './exchange.ts'
import { FlowError, type PendingAuthorization, type Trace } from './ports.ts'

/**
 * The token that stands in the answer itself (RFC 6749 4.2.2). `state`, `iss` and errors are checked as in an answer with
 * a code, and the token as in a token answer, by the same code: openid-client reads the answer's parameters as if the
 * token endpoint had sent them. An ID token that came this way is not kept: whoever sent the browser here could have put
 * it in.
 */
export async function grantWithoutCode(
  exchange: Exchange,
  { config, issuerKnown }: Configured,
  { redirectUri, state }: PendingAuthorization,
  parameters: URLSearchParams,
  { now, trace }: { now: number; trace: Trace },
): Promise<TokenEndpointResponse & TokenEndpointResponseHelpers> {
  const { code: _code, state: _state, iss, id_token: _idToken, ...token } = Object.fromEntries(parameters)
  if (token.error === undefined && token.access_token === undefined) {
    throw new FlowError(
      'invalid_answer',
      'The answer holds neither an access token nor an error.',
      'Start the sign-in again. If it happens again, check the response type and the parameter names in the definition.',
    )
  }
  const url = new URL(redirectUri)
  url.search = new URLSearchParams({
    ...(token.error === undefined ? { code: 'none' } : { error: token.error }),
    ...(token.error_description === undefined ? {} : { error_description: token.error_description }),
    ...(parameters.has('state') ? { state: parameters.get('state') ?? '' } : {}),
    ...(issuerKnown && iss !== undefined ? { iss } : {}),
  }).toString()
  config[customFetch] = async () => {
    trace('The answer belongs to this sign-in', true, issuerKnown ? 'RFC 9207 2.4' : 'RFC 6749 10.12')
    return tokenResponse(exchange.record(token, now).answer)
  }
  const answer = await authorizationCodeGrant(config, url, { expectedState: state })
  trace('Took the token from the answer', true, 'RFC 6749 4.2.2')
  return answer
}
