import {
  authorizationCodeGrant,
  type CustomFetch,
  customFetch,
  useCodeIdTokenResponseType as expectCodeWithIdToken,
  useJwtResponseMode as expectSignedAnswer,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Identity } from '../../shared/models.ts'
import type { Clock, Network } from '../platform/ports.ts'
import { matchesRedirect } from '../redirects/match.ts'
import type { TokenSet } from '../vault/ports.ts'
import { answerParameters, responseTypeOf, underStandardNames } from './authorization-answer.ts'
import { withoutUncheckable } from './checkable.ts'
import { type Configured, configure } from './configuration.ts'
import { keptForTemplates, notMapped, ownFacts, ownTokenRequest } from './custom-requests.ts'
import type { DiscoveryCache } from './discovery.ts'
import { dpopHandle, insistsOnDpop } from './dpop.ts'
import { createExchange, type Exchange, tokenResponse } from './exchange.ts'
import { duplicateParameter } from './flow-failure.ts'
import { identify } from './identity.ts'
import { type ClientSettings, FlowError, type PendingAuthorization, type Trace } from './ports.ts'
import { targetParameters } from './target.ts'
import { tokenSetFrom } from './token-set.ts'
import { grantWithoutCode } from './without-code.ts'

interface Parts {
  network: Network
  clock: Clock
  discovered: DiscoveryCache
}
type Answer = TokenEndpointResponse & TokenEndpointResponseHelpers

/** Checks the answer (RFC 6749 4.1.2), exchanges the code (4.1.3), reads the tokens (5.1), and finds out who it is. */
export async function completeAuthorization(
  parts: Parts,
  settings: ClientSettings,
  pending: PendingAuthorization,
  answer: URL,
  { signal, trace }: { signal: AbortSignal; trace: Trace },
): Promise<{ tokens: TokenSet; identity: Identity | null; dpopKey: string | null }> {
  const { route } = settings
  const parameters = checkedShape(pending, answer)
  const own = ownTokenRequest(settings, ownFacts(settings, pending))
  const exchange = createExchange({ ...parts, signal, route, own })
  const configuredWith = (skew?: number) => {
    const ways = { fetch: exchange.fetch, discovered: parts.discovered(signal, route) }
    return configure(settings, skew === undefined ? ways : { ...ways, skew })
  }
  const configured = await configuredWith()
  const { config } = configured

  config[customFetch] = ways(exchange, async (url, options) => {
    // openid-client asks only once the answer has passed its checks.
    traceBelongs(configured, trace)
    const response = withoutUncheckable(await exchange.tokenFetch(url, options), exchange, configured)
    traceAnswer(settings, exchange, response, trace)
    return response
  })
  const response = pending.answer.withoutCode
    ? await grantWithoutCode(exchange, configured, pending, parameters, { now: parts.clock.now(), trace })
    : await grant(settings, configured, pending, parameters).catch(async (error: unknown) => {
        const { recorded } = exchange
        if (recorded?.answer.problem) throw notMapped(settings, recorded.answer.problem)
        const skew = clockTrouble(error, exchange)
        if (skew === null || !recorded) throw error
        // Only the clocks differ. The code is used up, so the answer that is here already is checked again, by the
        // server's clock.
        const differs = `The clock of ${settings.definition.name} differs by ${Math.abs(skew)} s; allowing for it`
        trace(differs, true, 'RFC 9110 6.6.1')
        const fixed = await configuredWith(skew)
        fixed.config[customFetch] = ways(exchange, async () => tokenResponse(recorded.answer))
        return grant(settings, fixed, pending, parameters)
      })
  const { recorded } = exchange
  if (!recorded) throw new Error('The token endpoint was not asked.')
  const claims = pending.answer.withoutCode ? undefined : response.claims()
  if (claims) trace('Checked the ID token', true, 'OpenID Connect Core 3.1.3.7')
  const before = { refreshToken: null, idToken: null, scopes: pending.scopes }
  const answered = tokenSetFrom(response, recorded, before, settings.fallbackExpiry)
  const tokens = keptForTemplates(settings, answered, pending.redirectUri)
  checkBinding(settings, pending, tokens, trace)

  config[customFetch] = exchange.fetch
  const asOwner = { ...settings, dpopKey: tokens.tokenType === 'DPoP' ? pending.dpopKey : null }
  const identity = await identify(asOwner, configured, { accessToken: tokens.accessToken, claims, tokens }, trace)
  return { tokens, identity, dpopKey: pending.dpopKey }
}

/** The signature of the ID token is not checked: it came straight from the token endpoint over TLS (Core 3.1.3.7, 6). */
async function grant(
  settings: ClientSettings,
  configured: Configured,
  pending: PendingAuthorization,
  parameters: URLSearchParams,
): Promise<Answer> {
  const { config } = configured
  const { state, nonce, codeVerifier, dpopKey, answer } = pending
  const hybrid = responseTypeOf(settings) === 'code id_token'
  if (answer.jwt) expectSignedAnswer(config)
  else if (hybrid) expectCodeWithIdToken(config)
  const dpop = await dpopHandle(config, dpopKey)
  return authorizationCodeGrant(
    config,
    answerFor(pending, parameters, configured, hybrid),
    {
      expectedState: state,
      ...(codeVerifier === null ? {} : { pkceCodeVerifier: codeVerifier }),
      ...(nonce === null ? {} : { expectedNonce: nonce, idTokenExpected: true }),
    },
    new URLSearchParams(targetParameters(settings)),
    dpop ? { DPoP: dpop } : {},
  )
}

/** What can be said of an answer before anything is known of the provider. */
function checkedShape({ redirectUri, answer: shape }: PendingAuthorization, answer: URL): URLSearchParams {
  if (!matchesRedirect(answer, redirectUri)) {
    throw new FlowError(
      'invalid_answer',
      `This is not the address of this sign-in's answer: it has to begin with ${redirectUri}?`,
      'Paste the whole address that the browser ended at after the sign-in.',
    )
  }
  const parameters = answerParameters(answer, shape)
  const names = [...parameters.keys()]
  if (new Set(names).size !== names.length) throw duplicateParameter()
  return underStandardNames(parameters, shape)
}

/**
 * The answer as openid-client reads it: it takes the redirect URI from it, which has to be letter for letter the one of
 * the request (RFC 6749 4.1.3). Where the issuer's name is not known, `iss` is a parameter that means nothing to the
 * client and is ignored, as RFC 6749 4.1.2 asks.
 */
function answerFor(
  { redirectUri }: PendingAuthorization,
  parameters: URLSearchParams,
  { issuerKnown }: Configured,
  hybrid: boolean,
): URL {
  const url = new URL(redirectUri)
  const read = new URLSearchParams(parameters)
  if (!issuerKnown) read.delete('iss')
  if (hybrid) url.hash = read.toString()
  else url.search = read.toString()
  return url
}

/** Only the token request is one: the keys of a signed answer (JARM) are fetched the plain way. */
function ways({ fetch }: Exchange, token: CustomFetch): CustomFetch {
  return (url, options) => (options.method === 'POST' ? token(url, options) : fetch(url, options))
}

/**
 * A token that is not bound where it should be could be used by whoever gets hold of it (RFC 9449 5); one that is bound to
 * a key that nobody here has could be used by nobody.
 */
export function checkBinding(
  settings: ClientSettings,
  { dpopKey }: { dpopKey: string | null },
  tokens: TokenSet,
  trace: Trace,
): void {
  const { name } = settings.definition
  const bound = tokens.tokenType === 'DPoP'
  if (bound && dpopKey) trace('The token is bound to the key of this account', true, 'RFC 9449 5')
  if (bound === (dpopKey !== null) || (!bound && !insistsOnDpop(settings))) return
  throw bound
    ? new FlowError(
        'invalid_answer',
        `${name} answered with a token that is bound to a key (DPoP) although none was shown.`,
        'Switch DPoP on in the registration.',
      )
    : new FlowError(
        'invalid_answer',
        `${name} did not bind the token to the key of this account (DPoP), so it was not kept.`,
        'Switch DPoP on for this client at the provider, or off in the registration.',
      )
}

/** Seconds that the server's clock is ahead, when that is why an ID token was found not valid at this time. */
function clockTrouble(error: unknown, { recorded }: Exchange): number | null {
  if (!recorded || Math.abs(recorded.skew) < 1000) return null
  if (!(error instanceof Error) || !('code' in error)) return null
  return error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' ? Math.round(recorded.skew / 1000) : null
}

function traceBelongs({ issuerKnown }: Configured, trace: Trace): void {
  trace('The answer belongs to this sign-in', true, issuerKnown ? 'RFC 9207 2.4' : 'RFC 6749 10.12')
}

function traceAnswer({ definition }: ClientSettings, { recorded }: Exchange, response: Response, trace: Trace): void {
  const wantsNonce = recorded?.answer.json?.error === 'use_dpop_nonce'
  if (wantsNonce) trace(`${definition.name} wants its nonce in the proof of the key`, true, 'RFC 9449 8')
  else trace(`${definition.name} answered the code`, response.ok, 'RFC 6749 4.1.4')
}
