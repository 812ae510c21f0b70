import {
  customFetch,
  fetchProtectedResource,
  ResponseBodyError,
  tokenIntrospection,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network } from '../platform/ports.ts'
import type { TokenSet } from '../vault/ports.ts'
import { type Configured, configure } from './configuration.ts'
import { dispatch, ownAccountRequest, ownRequestAnswer } from './custom-render.ts'
import type { DiscoveryCache } from './discovery.ts'
import { dpopOptions } from './dpop.ts'
import { createExchange } from './exchange.ts'
import { latchkeyCause } from './flow-failure.ts'
import type { ClientSettings, Validation } from './ports.ts'

type Way = NonNullable<ClientSettings['definition']['validation']>[number]
/** A way that does not tell gives the reason, and the next one is asked. */
type Told = Validation | { untold: string }

/**
 * Whether a provider still takes an access token (D2): by a request of its own, introspection (RFC 7662) or userinfo
 * (OpenID Connect Core 5.3), in the definition's order. Null when it has none of them.
 *
 * @throws LatchkeyError `provider_unreachable`, `timeout` when that passes; `provider_error` when no way tells.
 */
export async function validateToken(
  parts: { network: Network; clock: Clock; discovered: DiscoveryCache },
  settings: ClientSettings,
  tokens: TokenSet,
  signal: AbortSignal,
): Promise<Validation | null> {
  const { definition } = settings
  const exchange = createExchange({ ...parts, signal, route: settings.route })
  const order = definition.validation ?? ['request', 'introspection', 'userinfo']
  let configured: Configured | null = null
  const untold: string[] = []
  for (const way of order) {
    if (way !== 'request') {
      const discovered = parts.discovered(signal, settings.route)
      configured ??= await configure(settings, { fetch: exchange.fetch, discovered })
      configured.config[customFetch] = exchange.fetch
    }
    const told = await ask(way, settings, configured, tokens, exchange.fetch)
    if (told && 'good' in told) return told
    if (told) untold.push(told.untold)
  }
  if (untold.length === 0) return null
  throw new LatchkeyError(
    'provider_error',
    `${definition.name} does not tell whether the token is good: ${untold.join('; ')}.`,
  )
}

async function ask(
  way: Way,
  settings: ClientSettings,
  configured: Configured | null,
  tokens: TokenSet,
  fetch: ReturnType<typeof createExchange>['fetch'],
): Promise<Told | null> {
  if (way === 'request') return byRequest(settings, tokens, fetch)
  if (!configured) return null
  return way === 'introspection'
    ? byIntrospection(settings, configured, tokens)
    : byUserinfo(settings, configured, tokens)
}

/** The provider's own request: what it refuses is no longer good; 403 may mean anything, a rate limit above all. */
async function byRequest(
  settings: ClientSettings,
  tokens: TokenSet,
  fetch: ReturnType<typeof createExchange>['fetch'],
): Promise<Told | null> {
  const { name } = settings.definition
  const request = ownAccountRequest(settings, 'validate', tokens)
  if (!request) return null
  const { good, status, error, passing } = await ownRequestAnswer(settings, await dispatch(fetch, request))
  if (good) return { good: true, by: 'request', reason: `${name} accepts the token.` }
  if (passing) throw busy(name, error)
  if (status === 403 || (status >= 300 && status < 400)) return { untold: `its own request answered ${error}` }
  return { good: false, by: 'request', reason: `${name} does not accept the token (${error}).` }
}

/** RFC 7662. Many servers answer only clients that can authenticate: a refusal of the client says nothing of the token. */
async function byIntrospection(
  { definition: { name } }: ClientSettings,
  { config }: Configured,
  { accessToken }: TokenSet,
): Promise<Told | null> {
  if (!config.serverMetadata().introspection_endpoint) return null
  try {
    const { active } = await tokenIntrospection(config, accessToken, { token_type_hint: 'access_token' })
    if (active) return { good: true, by: 'introspection', reason: `${name} says that the token is active.` }
    return { good: false, by: 'introspection', reason: `${name} says that the token is not active any more.` }
  } catch (error) {
    const status = statusOf(error)
    if (status === null || isPassing(status))
      throw known(error) ?? busy(name, status === null ? null : `HTTP ${status}`)
    return { untold: `introspection answered HTTP ${status}` }
  }
}

/** Userinfo is for tokens with the scope `openid`; without it a refusal says nothing. */
async function byUserinfo(
  settings: ClientSettings,
  { config, issuerKnown }: Configured,
  tokens: TokenSet,
): Promise<Told | null> {
  const { name } = settings.definition
  const endpoint = config.serverMetadata().userinfo_endpoint
  if (!endpoint || (issuerKnown && !tokens.scopes.includes('openid'))) return null
  const status = await fetchProtectedResource(
    config,
    tokens.accessToken,
    new URL(endpoint),
    'GET',
    null,
    new Headers({ accept: 'application/json' }),
    await dpopOptions(config, settings.dpopKey),
  ).then(
    (response) => response.status,
    (error: unknown) => {
      const answered = statusOf(error)
      if (answered === null) throw known(error) ?? busy(name, null)
      return answered
    },
  )
  if (status >= 200 && status < 300) return { good: true, by: 'userinfo', reason: `${name} accepts the token.` }
  if (isPassing(status)) throw busy(name, `HTTP ${status}`)
  if (status === 401) return { good: false, by: 'userinfo', reason: `${name} does not accept the token (HTTP 401).` }
  return { untold: `userinfo answered HTTP ${status}` }
}

/** The status of an answer that the library made an error of. */
function statusOf(error: unknown): number | null {
  if (error instanceof ResponseBodyError || error instanceof WWWAuthenticateChallengeError) return error.status
  const cause = error instanceof Error ? error.cause : null
  return cause instanceof Response ? cause.status : null
}

function isPassing(status: number): boolean {
  return status === 408 || status === 425 || status === 429 || status >= 500
}

function known(error: unknown): LatchkeyError | null {
  return latchkeyCause(error)
}

function busy(name: string, error: string | null): LatchkeyError {
  return new LatchkeyError(
    'provider_unreachable',
    `${name} cannot tell just now whether the token is good${error ? ` (${error})` : ''}.`,
  )
}
