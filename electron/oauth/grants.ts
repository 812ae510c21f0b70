import {
  allowInsecureRequests,
  Configuration,
  clientCredentialsGrant,
  customFetch,
  genericGrantRequest,
  ResponseBodyError,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Identity } from '../../shared/models.ts'
import type { Clock, Network } from '../platform/ports.ts'
import type { TokenSet } from '../vault/ports.ts'
import { checkBinding } from './authorization.ts'
import { withoutUncheckable } from './checkable.ts'
import { type Configured, configure } from './configuration.ts'
import { notMapped, ownTokenRequest } from './custom-requests.ts'
import type { DiscoveryCache } from './discovery.ts'
import { dpopOptions, newDpopKey, wantsDpop } from './dpop.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { assertionSubject, signAssertion } from './grants-assertion.ts'
import { acceptedThing, inGrantWords } from './grants-failure.ts'
import { identify } from './identity.ts'
import { type ClientSettings, FlowError, type GrantRequest, type Trace } from './ports.ts'
import { beforeAsking, refreshError } from './refresh.ts'
import { targetParameters } from './target.ts'
import { tokenSetFrom } from './token-set.ts'

interface Parts {
  network: Network
  clock: Clock
  discovered: DiscoveryCache
}
type Answer = TokenEndpointResponse & TokenEndpointResponseHelpers

const types = {
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
  accessToken: 'urn:ietf:params:oauth:token-type:access_token',
}

/** Milliseconds. Below this a server allows for the difference of the clocks itself. */
const toleratedSkew = 30_000

/** RFC, and what is said of a request before it is sent. */
const announcements: Record<GrantRequest['grant'], { text: (name: string) => string; source: string }> = {
  client_credentials: { text: (name) => `Asking ${name} for a token of the client itself`, source: 'RFC 6749 4.4.2' },
  password: { text: (name) => `Sending the user name and password to ${name}`, source: 'RFC 6749 4.3.2' },
  jwt_bearer: { text: (name) => `Sending a signed assertion to ${name}`, source: 'RFC 7523 2.1' },
  token_exchange: { text: (name) => `Asking ${name} to exchange the token`, source: 'RFC 8693 2.1' },
}

/** Obtains a grant without a redirect, and finds out whose it is. */
export async function obtainGrant(
  parts: Parts,
  settings: ClientSettings,
  request: GrantRequest,
  { scopes, signal, trace }: { scopes: string[]; signal: AbortSignal; trace: Trace },
): Promise<{ tokens: TokenSet; identity: Identity | null; dpopKey: string | null }> {
  const { name } = settings.definition
  const exchange = exchangeFor(parts, settings, signal)
  const configured = await configuredFor(parts, settings, request, exchange, signal)
  const { text, source } = announcements[request.grant]
  trace(text(name), true, source)
  const dpopKey = await keyFor(settings, configured)
  const way = { configured, exchange, dpopKey }
  const answer = await ask(parts, settings, request, scopes, way).catch((error: unknown) => {
    const secrets = [settings.clientSecret, ...secretsOf(request)]
    throw inGrantWords(error, { grant: request.grant, providerName: name, secrets })
  })
  trace(`${name} answered with an access token`, true, 'RFC 6749 5.1')
  const tokens = tokenSetOf(settings, scopes, answer, exchange)
  checkBinding(settings, { dpopKey }, tokens, trace)
  configured.config[customFetch] = exchange.fetch
  const asOwner = { ...settings, dpopKey: tokens.tokenType === 'DPoP' ? dpopKey : null }
  const identity = await whose(asOwner, configured, request, { tokens, claims: answer.claims() }, trace)
  return { tokens, identity, dpopKey }
}

/** The same again when the access token ends. What goes wrong is judged as a refresh is (failure.ts). */
export async function renewGrant(
  parts: Parts,
  settings: ClientSettings,
  request: GrantRequest,
  { scopes, signal }: { scopes: string[]; signal: AbortSignal },
): Promise<TokenSet> {
  const exchange = exchangeFor(parts, settings, signal)
  const configured = await configuredFor(parts, settings, request, exchange, signal).catch((error: unknown) => {
    throw beforeAsking(error, settings)
  })
  const way = { configured, exchange, dpopKey: settings.dpopKey ?? null }
  const answer = await ask(parts, settings, request, scopes, way).catch((error: unknown) => {
    throw error instanceof FlowError
      ? beforeAsking(error, settings)
      : refreshError(exchange, settings, acceptedThing(request.grant))
  })
  return tokenSetOf(settings, scopes, answer, exchange)
}

/** The secrets of a request, to be masked wherever a provider repeats them. */
export function secretsOf(request: GrantRequest): string[] {
  if (request.grant === 'password') return [request.password]
  return request.grant === 'token_exchange' ? [request.subjectToken] : []
}

async function configuredFor(
  parts: Parts,
  settings: ClientSettings,
  request: GrantRequest,
  { fetch }: Exchange,
  signal: AbortSignal,
): Promise<Configured> {
  const configured = await configure(settings, { fetch, discovered: parts.discovered(signal, settings.route) })
  if (request.grant !== 'jwt_bearer' || settings.clientAuthentication !== 'none') return configured
  if ((settings.options?.assertion?.issuer ?? settings.clientId) !== settings.clientId) return configured
  // The assertion's `iss` names the client already, and Google's service accounts send no client_id (RFC 7521 4.1).
  const server = configured.config.serverMetadata()
  const config = new Configuration(server, settings.clientId, {}, () => {})
  if (Object.values(server).some((it) => typeof it === 'string' && it.startsWith('http:')))
    allowInsecureRequests(config)
  config[customFetch] = fetch
  return { ...configured, config }
}

/** Makes the token request, and once more where only the clocks kept an assertion from being accepted. */
async function ask(
  { clock }: Parts,
  settings: ClientSettings,
  request: GrantRequest,
  scopes: string[],
  { configured, exchange, dpopKey }: { configured: Configured; exchange: Exchange; dpopKey: string | null },
): Promise<Answer> {
  const { config } = configured
  const dpop = await dpopOptions(config, dpopKey)
  config[customFetch] = async (url, options) =>
    withoutUncheckable(await exchange.tokenFetch(url, options), exchange, configured)
  const send = (skew: number) => requestToken(config, settings, request, { scopes, now: clock.now() + skew, dpop })
  try {
    return await send(0)
  } catch (error) {
    const problem = exchange.recorded?.answer.problem
    if (problem) throw notMapped(settings, problem)
    // An assertion of the past or the future is refused as any bad one is (RFC 7523 3.1).
    const skew = exchange.recorded?.skew ?? 0
    const refused = error instanceof ResponseBodyError && error.error === 'invalid_grant'
    if (request.grant !== 'jwt_bearer' || !refused || Math.abs(skew) < toleratedSkew) throw error
    return send(skew)
  }
}

/** The token request of each grant (RFC 6749 4.3.2 and 4.4.2, RFC 7523 2.1, RFC 8693 2.1). */
async function requestToken(
  config: Configuration,
  settings: ClientSettings,
  request: GrantRequest,
  { scopes, now, dpop }: { scopes: string[]; now: number; dpop: Awaited<ReturnType<typeof dpopOptions>> },
): Promise<Answer> {
  const send = (grantType: string, own: Record<string, string>) =>
    genericGrantRequest(config, grantType, commonParameters(settings, scopes, own), dpop)
  switch (request.grant) {
    case 'client_credentials':
      return clientCredentialsGrant(config, commonParameters(settings, scopes), dpop)
    case 'password':
      return send('password', { username: request.username, password: request.password })
    case 'jwt_bearer': {
      const tokenEndpoint = config.serverMetadata().token_endpoint ?? ''
      const assertion = await signAssertion(settings, { tokenEndpoint, subject: request.subject, scopes, now })
      return send(types.jwtBearer, { assertion })
    }
    case 'token_exchange': {
      const answer = await send(types.tokenExchange, {
        subject_token: request.subjectToken,
        subject_token_type: types.accessToken,
        requested_token_type: types.accessToken,
      })
      // RFC 8693 2.2.1: what was issued instead is no access token.
      if (answer.token_type !== 'n_a') return answer
      throw new FlowError(
        'invalid_answer',
        `${settings.definition.name} exchanged the token for something that is no access token.`,
        'Ask for another audience or resource in the registration.',
      )
    }
  }
}

/** What every grant may ask for: scopes (RFC 6749 3.3) and what the tokens are for (target.ts), beside its `own`. */
export function commonParameters(
  settings: ClientSettings,
  scopes: string[],
  own: Record<string, string> = {},
): URLSearchParams {
  const scope = scopes.join(settings.definition.scope_separator)
  const common: [string, string][] = scope === '' ? [] : [['scope', scope]]
  return new URLSearchParams([...Object.entries(own), ...common, ...targetParameters(settings)])
}

/** The way out for one grant: a definition's own token request and mapping are for every grant. */
export function exchangeFor(parts: Parts, settings: ClientSettings, signal: AbortSignal): Exchange {
  return createExchange({ ...parts, signal, route: settings.route, own: ownTokenRequest(settings, {}) })
}

/** The key that the tokens are bound to (RFC 9449): the account's, or a new one, or null where none is wanted. */
export async function keyFor(settings: ClientSettings, { config }: Configured): Promise<string | null> {
  if (!wantsDpop(settings)) return null
  return settings.dpopKey ?? newDpopKey(config.serverMetadata())
}

function tokenSetOf(
  settings: ClientSettings,
  scopes: string[],
  answer: TokenEndpointResponse,
  { recorded }: Exchange,
): TokenSet {
  if (!recorded) throw new Error('The token endpoint was not asked.')
  return tokenSetFrom(answer, recorded, { refreshToken: null, idToken: null, scopes }, settings.fallbackExpiry)
}

/** Whose the grant is. Where the provider does not tell, it is whoever it was asked for. */
async function whose(
  settings: ClientSettings,
  configured: Configured,
  request: GrantRequest,
  { tokens, claims }: { tokens: TokenSet; claims: ReturnType<Answer['claims']> },
  trace: Trace,
): Promise<Identity | null> {
  const { issuer } = configured.config.serverMetadata()
  const named = (subject: string, username: string | null): Identity => ({
    subject,
    issuer: configured.issuerKnown && !issuer.includes('{') ? issuer : null,
    name: null,
    username,
    email: null,
  })
  // These two belong to nobody who could be asked about.
  if (request.grant === 'client_credentials') return named(settings.clientId, null)
  if (request.grant === 'jwt_bearer') return named(assertionSubject(settings, request.subject), null)
  const found = await identify(settings, configured, { accessToken: tokens.accessToken, claims, tokens }, trace)
  if (found) return found
  return request.grant === 'password' ? named(request.username, request.username) : request.subjectIdentity
}
