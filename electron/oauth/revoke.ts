import { customFetch, ResponseBodyError, tokenRevocation } from 'openid-client'
import { LatchkeyError } from '../../shared/errors.ts'
import type { Clock, Network } from '../platform/ports.ts'
import type { TokenSet } from '../vault/ports.ts'
import { configure } from './configuration.ts'
import { dispatch, ownAccountRequest, ownRequestAnswer } from './custom-render.ts'
import type { DiscoveryCache } from './discovery.ts'
import { createExchange } from './exchange.ts'
import { latchkeyCause } from './flow-failure.ts'
import type { ClientSettings } from './ports.ts'

/**
 * Revokes the grant at the provider (RFC 7009 2.1): the refresh token, with which its access tokens go, else the access
 * token. A request of the provider's own takes the standard's place. false: the provider has no way to revoke.
 */
export async function revokeTokens(
  parts: { network: Network; clock: Clock; discovered: DiscoveryCache },
  settings: ClientSettings,
  tokens: TokenSet,
  signal: AbortSignal,
): Promise<boolean> {
  const { name } = settings.definition
  const exchange = createExchange({ ...parts, signal, route: settings.route })
  try {
    const own = ownAccountRequest(settings, 'revoke', tokens)
    if (own) {
      const answer = await ownRequestAnswer(settings, await dispatch(exchange.fetch, own))
      if (answer.good) return true
      throw new LatchkeyError('provider_error', `${name} did not revoke the grant (${answer.error}).`)
    }
    const { config } = await configure(settings, {
      fetch: exchange.fetch,
      discovered: parts.discovered(signal, settings.route),
    })
    if (!config.serverMetadata().revocation_endpoint) return false
    config[customFetch] = async (url, options) => {
      const response = await exchange.fetch(url, options)
      // RFC 7009 2.2 says 200; any other success tells the same.
      return response.ok ? new Response(null, { status: 200 }) : response
    }
    const [token, hint] = tokens.refreshToken
      ? [tokens.refreshToken, 'refresh_token']
      : [tokens.accessToken, 'access_token']
    await tokenRevocation(config, token, { token_type_hint: hint })
    return true
  } catch (error) {
    const known = latchkeyCause(error)
    if (known) throw known
    const code = error instanceof ResponseBodyError ? ` (${error.error.slice(0, 60)})` : ''
    throw new LatchkeyError('provider_error', `${name} did not revoke the grant${code}.`)
  }
}
