import {
  buildAuthorizationUrl,
  buildAuthorizationUrlWithPAR,
  type Configuration,
  calculatePKCECodeChallenge,
  randomNonce,
  randomPKCECodeVerifier,
  randomState,
} from 'openid-client'
import type { Clock, Network } from '../platform/ports.ts'
import { isSafeUrl } from '../providers/template.ts'
import { answerShape, responseTypeOf } from './authorization-answer.ts'
import { configure } from './configuration.ts'
import { ownAuthorizationUrl } from './custom-requests.ts'
import type { DiscoveryCache } from './discovery.ts'
import { dpopHandle, newDpopKey, wantsDpop } from './dpop.ts'
import { createExchange } from './exchange.ts'
import { type AnswerShape, type ClientSettings, FlowError, type PendingAuthorization, type Trace } from './ports.ts'
import { targetParameters } from './target.ts'

interface Parts {
  network: Network
  clock: Clock
  discovered: DiscoveryCache
}

/** Prepares an authorization request (RFC 6749 4.1.1) with everything its answer will be checked against. */
export async function prepareAuthorization(
  parts: Parts,
  settings: ClientSettings,
  request: { redirectUri: string; scopes: string[]; loginHint?: string },
  { signal, trace }: { signal: AbortSignal; trace: Trace },
): Promise<PendingAuthorization> {
  const { definition, route } = settings
  const { redirectUri, scopes } = request
  const { fetch } = createExchange({ ...parts, signal, route })
  const { config, issuerKnown } = await configure(settings, { fetch, discovered: parts.discovered(signal, route) })
  const server = config.serverMetadata()
  traceEndpoints(settings, server.issuer, trace)

  const answer = answerShape(settings)
  const state = randomState()
  const codeVerifier = definition.pkce === 'refused' || answer.withoutCode ? null : randomPKCECodeVerifier()
  const nonce = issuerKnown && !answer.withoutCode && scopes.includes('openid') ? randomNonce() : null
  const dpopKey = wantsDpop(settings) && !answer.withoutCode ? (settings.dpopKey ?? (await newDpopKey(server))) : null
  const dpop = await dpopHandle(config, dpopKey)

  const parameters = ownParameters(settings, request)
  parameters.set('redirect_uri', redirectUri)
  parameters.set('state', state)
  if (nonce) parameters.set('nonce', nonce)
  if (codeVerifier) {
    // Sent whatever the server says of itself: metadata without S256 must not talk the client out of it (RFC 9700 4.8.2).
    parameters.set('code_challenge', await calculatePKCECodeChallenge(codeVerifier))
    parameters.set('code_challenge_method', 'S256')
  }
  // The code is bound to the key already, so that whoever steals it cannot bind it to theirs (RFC 9449 10).
  if (dpop) parameters.set('dpop_jkt', await dpop.calculateThumbprint())

  const template = definition.authorization?.url
  if (template !== undefined) {
    const own = ownAuthorizationUrl(settings, template, parameters)
    checkSafe(own.href, settings)
    traceProtection(settings, { answer, codeVerifier, nonce: own.hasNonce ? nonce : null }, trace)
    const asked = own.scopes.length > 0 ? own.scopes : scopes
    const bound = { state, codeVerifier, nonce: own.hasNonce ? nonce : null, answer, dpopKey }
    return { authorizationUrl: own.href, redirectUri, scopes: asked, ...bound }
  }
  const pushed = wantsPar(settings, config)
  const { href } = pushed
    ? await buildAuthorizationUrlWithPAR(config, parameters, dpop ? { DPoP: dpop } : {})
    : buildAuthorizationUrl(config, parameters)
  checkSafe(href, settings)
  if (pushed) trace(`Left the request with ${definition.name}; only a reference to it travels on`, true, 'RFC 9126 2')
  traceProtection(settings, { answer, codeVerifier, nonce }, trace)
  if (dpop) trace('Bound the code to a key that never leaves Latchkey', true, 'RFC 9449 10')
  return { authorizationUrl: href, redirectUri, state, codeVerifier, nonce, scopes, answer, dpopKey }
}

/**
 * What is asked for. The definition's parameters come first, and what protects the flow is set afterwards: nothing that is
 * written there can replace it.
 */
function ownParameters(
  settings: ClientSettings,
  { scopes, loginHint }: { scopes: string[]; loginHint?: string },
): URLSearchParams {
  const { definition } = settings
  const parameters = new URLSearchParams(definition.authorization_parameters)
  if (loginHint) {
    parameters.set('login_hint', loginHint)
    // The hint has chosen the account already; Microsoft refuses the two together.
    if (parameters.get('prompt') === 'select_account') parameters.delete('prompt')
  }
  if (scopes.length > 0) parameters.set('scope', scopes.join(definition.scope_separator))
  parameters.set('response_type', responseTypeOf(settings))
  const mode = definition.authorization?.response_mode
  if (mode) parameters.set('response_mode', mode)
  for (const [name, value] of targetParameters(settings)) parameters.append(name, value)
  return parameters
}

/** RFC 9126 5: the definition, the registration or the server itself may ask for it. */
function wantsPar({ definition, options }: ClientSettings, config: Configuration): boolean {
  const own = definition.authorization?.par
  if (own === 'refused') return false
  return (
    own === 'required' ||
    options?.par === true ||
    config.serverMetadata().require_pushed_authorization_requests === true
  )
}

function checkSafe(authorizationUrl: string, { definition }: ClientSettings): void {
  if (isSafeUrl(authorizationUrl)) return
  throw new FlowError(
    'provider_error',
    `The sign-in page of ${definition.name} is not https, so anyone on the way could read along.`,
    'Check the addresses in the registration.',
  )
}

function traceEndpoints({ definition }: ClientSettings, issuer: string, trace: Trace): void {
  if (definition.discovery === 'oidc') trace(`Found the endpoints of ${issuer}`, true, 'OpenID Connect Discovery 1.0 4')
  else if (definition.discovery === 'oauth2') trace(`Found the endpoints of ${issuer}`, true, 'RFC 8414 3')
  else trace(`Took the endpoints of ${definition.name} from its definition`, true, null)
}

function traceProtection(
  { definition }: ClientSettings,
  { answer, codeVerifier, nonce }: { answer: AnswerShape; codeVerifier: string | null; nonce: string | null },
  trace: Trace,
): void {
  if (codeVerifier) trace('Protected the request with PKCE (S256) and a state of 256 bits', true, 'RFC 7636 4.2')
  else if (answer.withoutCode) {
    trace(
      'Protected the request with a state of 256 bits; the token itself will be in the answer',
      true,
      'RFC 6749 4.2',
    )
  } else
    trace(`Protected the request with a state of 256 bits; ${definition.name} refuses PKCE`, true, 'RFC 6749 10.12')
  if (nonce) trace('Bound the ID token to this sign-in with a nonce', true, 'OpenID Connect Core 3.1.2.1')
}
