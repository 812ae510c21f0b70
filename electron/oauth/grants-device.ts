import {
  customFetch,
  type DeviceAuthorizationResponse,
  initiateDeviceAuthorization,
  pollDeviceAuthorizationGrant,
  type TokenEndpointResponse,
  type TokenEndpointResponseHelpers,
} from 'openid-client'
import type { Identity } from '../../shared/models.ts'
import type { Clock, Network } from '../platform/ports.ts'
import { isSafeUrl } from '../providers/template.ts'
import type { TokenSet } from '../vault/ports.ts'
import { checkBinding } from './authorization.ts'
import { withoutUncheckable } from './checkable.ts'
import { configure } from './configuration.ts'
import { notMapped } from './custom-requests.ts'
import type { DiscoveryCache } from './discovery.ts'
import { dpopOptions } from './dpop.ts'
import { createExchange, type Exchange, tokenResponse } from './exchange.ts'
import { latchkeyCause } from './flow-failure.ts'
import { commonParameters, exchangeFor, keyFor } from './grants.ts'
import { deviceExpired, inGrantWords } from './grants-failure.ts'
import { identify } from './identity.ts'
import { isJsonObject } from './jwt.ts'
import { type ClientSettings, FlowError, type PendingDevice, type Trace } from './ports.ts'
import { tokenSetFrom } from './token-set.ts'

interface Parts {
  network: Network
  clock: Clock
  discovered: DiscoveryCache
}
type Options = { signal: AbortSignal; trace: Trace }

/** Asks for a user code and where to enter it (RFC 8628 3.1 and 3.2). */
export async function beginDevice(
  parts: Parts,
  settings: ClientSettings,
  { scopes, signal, trace }: Options & { scopes: string[] },
): Promise<PendingDevice> {
  const { name } = settings.definition
  const { fetch } = createExchange({ ...parts, signal, route: settings.route })
  const { config } = await configure(settings, { fetch, discovered: parts.discovered(signal, settings.route) })
  if (!config.serverMetadata().device_authorization_endpoint) {
    throw new FlowError(
      'provider_error',
      `${name} does not say where a device code is to be had.`,
      'Connect in another way, or enter its device authorization endpoint in the provider.',
    )
  }
  config[customFetch] = async (url, options) => withStandardNames(await fetch(url, options))
  const answer = await initiateDeviceAuthorization(config, commonParameters(settings, scopes)).catch(
    (error: unknown) => {
      throw inGrantWords(error, { grant: 'device_code', providerName: name, secrets: [settings.clientSecret] })
    },
  )
  if (!isSafeUrl(answer.verification_uri)) {
    throw new FlowError(
      'invalid_answer',
      `The page of ${name} at which to enter the code is not https, so anyone on the way could read along.`,
      'Connect in another way.',
    )
  }
  trace(`${name} gave a code for the person to enter`, true, 'RFC 8628 3.2')
  const complete = answer.verification_uri_complete
  return {
    deviceCode: answer.device_code,
    userCode: answer.user_code,
    verificationUri: answer.verification_uri,
    verificationUriComplete: complete !== undefined && isSafeUrl(complete) ? complete : null,
    expiresAt: parts.clock.now() + answer.expires_in * 1000,
    interval: answer.interval ?? 5,
    scopes,
  }
}

/** Polls until the person has answered (RFC 8628 3.4 and 3.5), then finds out who it was. */
export async function finishDevice(
  parts: Parts,
  settings: ClientSettings,
  pending: PendingDevice,
  { signal, trace }: Options,
): Promise<{ tokens: TokenSet; identity: Identity | null; dpopKey: string | null }> {
  const { name } = settings.definition
  const limit = AbortSignal.timeout(Math.max(0, pending.expiresAt - parts.clock.now()))
  const ends = AbortSignal.any([signal, limit])
  const exchange = exchangeFor(parts, settings, ends)
  const configured = await configure(settings, {
    fetch: exchange.fetch,
    discovered: parts.discovered(signal, settings.route),
  })
  const { config } = configured
  config[customFetch] = async (url, options) => {
    const response = await patiently(exchange, () => exchange.tokenFetch(url, options), { name, signal: ends, trace })
    return withoutUncheckable(response, exchange, configured)
  }
  const dpopKey = await keyFor(settings, configured)
  const dpop = await dpopOptions(config, dpopKey)
  const poll = pollDeviceAuthorizationGrant(config, asResponse(pending), undefined, { ...dpop, signal: ends })
  const answer = await unlessAborted(poll, ends).catch((error: unknown) => {
    if (limit.aborted && !signal.aborted) throw deviceExpired()
    const problem = exchange.recorded?.answer.problem
    if (problem) throw notMapped(settings, problem)
    const secrets = [settings.clientSecret, pending.deviceCode]
    throw inGrantWords(error, { grant: 'device_code', providerName: name, secrets })
  })
  if (!exchange.recorded) throw new Error('The token endpoint was not asked.')
  trace('The person has entered the code and allowed the access', true, 'RFC 8628 3.5')
  const before = { refreshToken: null, idToken: null, scopes: pending.scopes }
  const tokens = tokenSetFrom(answer, exchange.recorded, before, settings.fallbackExpiry)
  checkBinding(settings, { dpopKey }, tokens, trace)
  config[customFetch] = exchange.fetch
  const asOwner = { ...settings, dpopKey: tokens.tokenType === 'DPoP' ? dpopKey : null }
  const token = { accessToken: answer.access_token, claims: answer.claims(), tokens }
  return { tokens, identity: await identify(asOwner, configured, token, trace), dpopKey }
}

/**
 * One poll. A provider that cannot be reached or answers with trouble of its own is asked less often and not given up:
 * the person may be typing the code (RFC 8628 3.5). The library knows that as `slow_down`.
 */
async function patiently(
  exchange: Exchange,
  ask: () => Promise<Response>,
  { name, signal, trace }: Options & { name: string },
): Promise<Response> {
  const later = (why: string) => {
    trace(`${name} ${why}: asking again later`, true, 'RFC 8628 3.5')
    return tokenResponse({ status: 400, json: { error: 'slow_down' } })
  }
  let response: Response
  try {
    response = await ask()
  } catch (error) {
    const code = latchkeyCause(error)?.code
    if (signal.aborted || (code !== 'provider_unreachable' && code !== 'timeout')) throw error
    return later('could not be reached')
  }
  const { status } = response
  if (status >= 500 || status === 429 || status === 408) return later(`answered with HTTP ${status}`)
  if (exchange.recorded?.answer.json?.error === 'slow_down') return later('wants to be asked less often')
  return response
}

/** Google calls the address `verification_url`, as RFC 8628 did in its drafts. */
async function withStandardNames(response: Response): Promise<Response> {
  const json: unknown = await response
    .clone()
    .json()
    .catch(() => null)
  if (!isJsonObject(json) || json.verification_uri !== undefined || json.verification_url === undefined) return response
  return Response.json({ ...json, verification_uri: json.verification_url }, { status: response.status })
}

/** The pending authorization as the library wants it back. Of the times it reads the interval alone. */
function asResponse(pending: PendingDevice): DeviceAuthorizationResponse {
  return {
    device_code: pending.deviceCode,
    user_code: pending.userCode,
    verification_uri: pending.verificationUri,
    interval: pending.interval,
    expires_in: 0,
  }
}

/** The library looks at its signal between pauses of up to five seconds; nobody has to wait for that. */
function unlessAborted(
  work: Promise<TokenEndpointResponse & TokenEndpointResponseHelpers>,
  signal: AbortSignal,
): typeof work {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason)
    if (signal.aborted) abort()
    signal.addEventListener('abort', abort, { once: true })
    work.then(resolve, reject).finally(() => signal.removeEventListener('abort', abort))
  })
}
