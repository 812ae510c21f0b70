import {
  authorizationCodeGrant,
  buildAuthorizationUrl,
  calculatePKCECodeChallenge,
  customFetch,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Identity } from '../../shared/models.ts'
import type { Clock, Network } from '../platform/ports.ts'
import { isSafeUrl } from '../providers/template.ts'
import { matchesRedirect } from '../redirects/match.ts'
import type { TokenSet } from '../vault/ports.ts'
import { type Configured, configure } from './configuration.ts'
import type { DiscoveryCache } from './discovery.ts'
import { createExchange, type Exchange, tokenResponse } from './exchange.ts'
import { duplicateParameter } from './flow-failure.ts'
import { identify } from './identity.ts'
import { type ClientSettings, FlowError, type PendingAuthorization, type Trace } from './ports.ts'
import { tokenSetFrom } from './token-set.ts'

interface Parts {
  network: Network
  clock: Clock
  discovered: DiscoveryCache
}
type Options = { signal: AbortSignal; trace: Trace }

/** Prepares an authorization request (RFC 6749 4.1.1) with everything its answer will be checked against. */
export async function prepareAuthorization(
  parts: Parts,
  settings: ClientSettings,
  request: { redirectUri: string; scopes: string[]; loginHint?: string },
  { signal, trace }: Options,
): Promise<PendingAuthorization> {
  const { definition } = settings
  const { redirectUri, scopes, loginHint } = request
  const { fetch } = createExchange({ ...parts, signal })
  const { config, issuerKnown } = await configure(settings, { fetch, discovered: parts.discovered(signal) })
  traceEndpoints(settings, config.serverMetadata().issuer, trace)

  const state = randomState()
  const codeVerifier = definition.pkce === 'refused' ? null : randomPKCECodeVerifier()
  const nonce = issuerKnown && scopes.includes('openid') ? randomNonce() : null
  // The definition's parameters come first: nothing written there can replace what protects the flow.
  const parameters: Record<string, string> = { ...definition.authorization_parameters }
  if (loginHint) {
    parameters.login_hint = loginHint
    // The hint has chosen the account already; Microsoft refuses the two together.
    if (parameters.prompt === 'select_account') delete parameters.prompt
  }
  if (scopes.length > 0) parameters.scope = scopes.join(definition.scope_separator)
  parameters.redirect_uri = redirectUri
  parameters.state = state
  if (nonce) parameters.nonce = nonce
  if (codeVerifier) {
    parameters.code_challenge = await calculatePKCECodeChallenge(codeVerifier)
    parameters.code_challenge_method = 'S256'
  }
  const { href } = buildAuthorizationUrl(config, parameters)
  if (!isSafeUrl(href)) {
    throw new FlowError(
      'provider_error',
      `The sign-in page of ${definition.name} is not https, so anyone on the way could read along.`,
      'Check the addresses in the registration.',
    )
  }
  if (codeVerifier) trace('Protected the request with PKCE (S256) and a state of 256 bits', true, 'RFC 7636 4.2')
  else trace(`Protected the request with a state of 256 bits; ${definition.name} refuses PKCE`, true, 'RFC 6749 10.12')
  if (nonce) trace('Bound the ID token to this sign-in with a nonce', true, 'OpenID Connect Core 3.1.2.1')
  return { authorizationUrl: href, redirectUri, state, codeVerifier, nonce, scopes }
}

/** Checks the answer (RFC 6749 4.1.2), exchanges the code (4.1.3), reads the tokens (5.1), and finds out who it is. */
export async function completeAuthorization(
  parts: Parts,
  settings: ClientSettings,
  pending: PendingAuthorization,
  answer: URL,
  { signal, trace }: Options,
): Promise<{ tokens: TokenSet; identity: Identity | null }> {
  const { name } = settings.definition
  checkShape(pending, answer)
  const exchange = createExchange({ ...parts, signal })
  const configured = await configure(settings, { fetch: exchange.fetch, discovered: parts.discovered(signal) })
  const { config } = configured

  config[customFetch] = async (url, options) => {
    // openid-client asks only once the answer has passed its checks.
    trace('The answer belongs to this sign-in', true, configured.issuerKnown ? 'RFC 9207 2.4' : 'RFC 6749 10.12')
    const response = withoutUncheckable(await exchange.tokenFetch(url, options), exchange, configured)
    trace(`${name} answered the code`, response.ok, 'RFC 6749 4.1.4')
    return response
  }
  const url = answerFor(pending, answer, configured)
  const response = await grant(config, url, pending).catch(async (error: unknown) => {
    const skew = clockTrouble(error, exchange)
    if (skew === null) throw error
    // Only the clocks differ. The code is used up, so the answer that is here already is checked again, by the
    // server's clock.
    trace(`The clock of ${name} differs by ${Math.abs(skew)} s; allowing for it`, true, 'RFC 9110 6.6.1')
    const fixed = await configure(settings, { fetch: exchange.fetch, discovered: parts.discovered(signal), skew })
    const recorded = exchange.recorded
    if (!recorded) throw error
    fixed.config[customFetch] = async () => tokenResponse(recorded.answer)
    return grant(fixed.config, url, pending)
  })
  const { recorded } = exchange
  if (!recorded) throw new Error('The token endpoint was not asked.')
  const claims = response.claims()
  if (claims) trace('Checked the ID token', true, 'OpenID Connect Core 3.1.3.7')
  const tokens = tokenSetFrom(
    response,
    recorded,
    { refreshToken: null, idToken: null, scopes: pending.scopes },
    settings.fallbackExpiry,
  )
  config[customFetch] = exchange.fetch
  const identity = await identify(settings, configured, { accessToken: tokens.accessToken, claims }, trace)
  return { tokens, identity }
}

/** The signature of the ID token is not checked: it came straight from the token endpoint over TLS (Core 3.1.3.7, 6). */
function grant(
  config: Configured['config'],
  url: URL,
  { state, nonce, codeVerifier }: PendingAuthorization,
): Promise<TokenEndpointResponse & TokenEndpointResponseHelpers> {
  return authorizationCodeGrant(config, url, {
    expectedState: state,
    ...(codeVerifier === null ? {} : { pkceCodeVerifier: codeVerifier }),
    ...(nonce === null ? {} : { expectedNonce: nonce, idTokenExpected: true }),
  })
}

/** What can be said of an answer before anything is known of the provider. */
function checkShape({ redirectUri }: PendingAuthorization, answer: URL): void {
  if (!matchesRedirect(answer, redirectUri)) {
    throw new FlowError(
      'invalid_answer',
      `This is not the address of this sign-in's answer: it has to begin with ${redirectUri}?`,
      'Paste the whole address that the browser ended at after the sign-in.',
    )
  }
  const names = [...answer.searchParams.keys()]
  if (new Set(names).size !== names.length) throw duplicateParameter()
}

/**
 * The answer as openid-client reads it: it takes the redirect URI from it, which has to be letter for letter the one of
 * the request (RFC 6749 4.1.3). Where the issuer's name is not known, `iss` is a parameter that means nothing to the
 * client and is ignored, as RFC 6749 4.1.2 asks.
 */
function answerFor({ redirectUri }: PendingAuthorization, answer: URL, { issuerKnown }: Configured): URL {
  const url = new URL(redirectUri)
  url.search = answer.search
  if (!issuerKnown) url.searchParams.delete('iss')
  return url
}

/** Without an issuer to check it against, an ID token proves nothing and is not kept. */
function withoutUncheckable(response: Response, { recorded }: Exchange, { issuerKnown }: Configured): Response {
  const json = recorded?.answer.json
  if (!recorded || !json || issuerKnown || json.id_token === undefined) return response
  const { id_token: _, ...rest } = json
  return tokenResponse({ status: recorded.answer.status, json: rest })
}

/** Seconds that the server's clock is ahead, when that is why an ID token was found not valid at this time. */
function clockTrouble(error: unknown, { recorded }: Exchange): number | null {
  if (!recorded || Math.abs(recorded.skew) < 1000) return null
  if (!(error instanceof Error) || !('code' in error)) return null
  return error.code === 'OAUTH_JWT_TIMESTAMP_CHECK_FAILED' ? Math.round(recorded.skew / 1000) : null
}

function traceEndpoints({ definition }: ClientSettings, issuer: string, trace: Trace): void {
  if (definition.discovery === 'oidc') trace(`Found the endpoints of ${issuer}`, true, 'OpenID Connect Discovery 1.0 4')
  else if (definition.discovery === 'oauth2') trace(`Found the endpoints of ${issuer}`, true, 'RFC 8414 3')
  else trace(`Took the endpoints of ${definition.name} from its definition`, true, null)
}
