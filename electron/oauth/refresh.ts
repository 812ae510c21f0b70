import { type CustomFetch, customFetch, refreshTokenGrant, type TokenEndpointResponse } from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network } from '../platform/ports.ts'
import type { TokenSet } from '../vault/ports.ts'
import { configure } from './configuration.ts'
import { ownRefreshRequest } from './custom-requests.ts'
import type { DiscoveryCache } from './discovery.ts'
import { dpopOptions } from './dpop.ts'
import { createExchange, type Exchange, tokenResponse } from './exchange.ts'
import { judgeRefreshFailure, neverSent } from './failure.ts'
import { latchkeyCause } from './flow-failure.ts'
import { type ClientSettings, FlowError, RefreshError } from './ports.ts'
import { targetParameters } from './target.ts'
import { tokenSetFrom } from './token-set.ts'

/** Refreshes an access token (RFC 6749 6). Throws `RefreshError`. */
export async function refreshTokens(
  parts: { network: Network; clock: Clock; discovered: DiscoveryCache },
  settings: ClientSettings,
  tokens: TokenSet,
  signal: AbortSignal,
): Promise<TokenSet> {
  const { refreshToken } = tokens
  if (refreshToken === null) {
    throw new RefreshError('fatal', 'no_refresh_token', 'There is no refresh token.', { sent: false })
  }
  if (tokens.tokenType === 'DPoP' && !settings.dpopKey) {
    const message = 'The key that the tokens of this account are bound to (DPoP) is not there.'
    throw new RefreshError('fatal', 'no_dpop_key', message, { sent: false })
  }
  const own = ownRefreshRequest(settings, tokens)
  const exchange = createExchange({ ...parts, signal, route: settings.route, own })
  const { config } = await configure(settings, {
    fetch: exchange.fetch,
    discovered: parts.discovered(signal, settings.route),
  }).catch((error: unknown) => {
    throw beforeAsking(error, settings)
  })
  const dpop = await dpopOptions(config, settings.dpopKey)
  const parameters = new URLSearchParams(targetParameters(settings))
  const ask = (fetch: CustomFetch) => {
    config[customFetch] = fetch
    return refreshTokenGrant(config, refreshToken, parameters, dpop)
  }
  let answer: TokenEndpointResponse
  try {
    answer = await ask(exchange.tokenFetch)
  } catch {
    const recorded = exchange.recorded
    const json = recorded?.answer.status === 200 ? recorded.answer.json : null
    if (!recorded || !json || typeof json.id_token !== 'string') throw refreshError(exchange, settings)
    // The access token and perhaps a rotated refresh token are here; only the ID token beside them did not pass its
    // checks. To throw all of it away would lose the grant: the same answer is read again without the ID token, which
    // no refresh has to bring (OpenID Connect Core 12.2). The old one stays.
    const { id_token: _, ...rest } = json
    answer = await ask(async () => tokenResponse({ status: 200, json: rest })).catch(() => {
      throw refreshError(exchange, settings)
    })
  }
  if (!exchange.recorded) throw refreshError(exchange, settings)
  return tokenSetFrom(answer, exchange.recorded, tokens, settings.fallbackExpiry)
}

/** Discovery or the settings failed: no refresh request has left. */
export function beforeAsking(error: unknown, { definition }: ClientSettings): Error {
  if (error instanceof LatchkeyError && error.code === 'invalid_request') return error
  const forbidden = latchkeyCause(error)
  // The person's own policy (E7): trying again later would not help.
  if (forbidden?.code === 'destination_not_allowed') return forbidden
  if (error instanceof FlowError && error.failure === 'invalid_client') {
    return new RefreshError('refused', 'invalid_client', `${error.message} ${error.remedy}`, { sent: false })
  }
  const code = latchkeyCause(error)?.code === 'timeout' ? 'timeout' : 'network'
  const message = `The endpoints of ${definition.name} could not be found out.`
  return new RefreshError('transient', code, message, { sent: false })
}

/**
 * What went wrong, judged.
 *
 * @param what The thing that the provider did not accept when the grant has ended: `the refresh token`.
 */
export function refreshError(
  exchange: Exchange,
  { definition }: ClientSettings,
  what = 'the refresh token',
): RefreshError {
  const { recorded, failure } = exchange
  const { name } = definition
  if (!recorded) {
    const forbidden = latchkeyCause(failure)
    if (forbidden?.code === 'destination_not_allowed') throw forbidden
    const cause = latchkeyCause(failure)?.code === 'timeout' ? 'timeout' : 'network'
    const { kind, code } = judgeRefreshFailure({ status: null, error: null, readable: false, contentType: '', cause })
    const message = cause === 'timeout' ? `${name} took too long to answer.` : `${name} could not be reached.`
    return new RefreshError(kind, code, message, { sent: !neverSent(failure), cause: failure })
  }
  const { answer, contentType } = recorded
  const error = typeof answer.json?.error === 'string' ? answer.json.error : null
  const { kind, code } = judgeRefreshFailure({
    status: answer.status,
    error,
    readable: answer.json !== null,
    contentType,
  })
  const message = answer.problem ? `${name}: ${answer.problem}` : describe(kind, safeCode(code), { name, what })
  return new RefreshError(kind, safeCode(code), message, {
    retryAfter: recorded.retryAfter,
  })
}

function describe(kind: RefreshError['kind'], code: string, { name, what }: { name: string; what: string }): string {
  if (kind === 'fatal') return `${name} no longer accepts ${what} (${code}).`
  if (code === 'invalid_answer') return `What answered for ${name} was not its token endpoint.`
  if (kind === 'transient') return `${name} cannot refresh the token just now (${code}).`
  return `${name} refuses to refresh the token (${code}).`
}

/** An error code of the provider's, cut to the characters of RFC 6749 5.2 and a sensible length. */
function safeCode(code: string): string {
  return /^[\w.:/-]{1,60}$/.test(code) ? code : 'unknown_error'
}
