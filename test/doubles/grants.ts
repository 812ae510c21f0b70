import type { KeyObject } from 'node:crypto'
import { type JWTPayload, jwtVerify } from 'jose'
import Provider, { errors, type TokenEndpointGrantContext } from 'oidc-provider'

/** What the grants that oidc-provider leaves to its operator know and have seen. */
export interface GrantControls {
  /** Who may sign in with a password (RFC 6749 4.3). */
  passwords: Map<string, string>
  /** Whose assertions are accepted (RFC 7523): public keys by `iss`. */
  assertionKeys: Map<string, KeyObject>
  /** The claims of every accepted assertion. */
  assertions: JWTPayload[]
  /** The parameters of every token exchange (RFC 8693), the tokens left out. */
  exchanges: Record<string, unknown>[]
}

export function newGrantControls(): GrantControls {
  return { passwords: new Map(), assertionKeys: new Map(), assertions: [], exchanges: [] }
}

export const grantTypes = {
  deviceCode: 'urn:ietf:params:oauth:grant-type:device_code',
  jwtBearer: 'urn:ietf:params:oauth:grant-type:jwt-bearer',
  tokenExchange: 'urn:ietf:params:oauth:grant-type:token-exchange',
}

type Context = TokenEndpointGrantContext<Record<string, string | undefined>>

/** Teaches oidc-provider the grants `password`, jwt-bearer and token exchange. */
export function registerGrants(provider: Provider, issuer: string, controls: GrantControls): void {
  provider.registerGrantType<Record<string, string | undefined>>(
    'password',
    async (ctx) => {
      const { username = '', password } = ctx.oidc.params
      if (password === undefined || controls.passwords.get(username) !== password) {
        throw new errors.InvalidGrant('user name or password is wrong')
      }
      await issue(provider, ctx, username, { refreshToken: true })
    },
    ['username', 'password', 'scope'],
  )
  provider.registerGrantType<Record<string, string | undefined>>(
    grantTypes.jwtBearer,
    async (ctx) => {
      const claims = await verifyAssertion(ctx.oidc.params.assertion ?? '', `${issuer}/token`, controls)
      await issue(provider, ctx, String(claims.sub ?? claims.iss))
    },
    ['assertion', 'scope'],
  )
  provider.registerGrantType<Record<string, string | undefined>>(
    grantTypes.tokenExchange,
    async (ctx) => {
      const { subject_token: token, subject_token_type: type, requested_token_type, ...rest } = ctx.oidc.params
      const subject = await provider.AccessToken.find(token ?? '')
      // RFC 8693 2.2.2: a subject token that is not acceptable is `invalid_request`.
      if (!subject || subject.isExpired || !type?.endsWith(':access_token')) {
        throw new errors.InvalidRequest('the subject token is not acceptable')
      }
      const { audience, resource, scope } = rest
      controls.exchanges.push({ requested_token_type, audience, resource, scope })
      await issue(provider, ctx, subject.accountId)
      Object.assign(ctx.body as object, { issued_token_type: type })
    },
    ['subject_token', 'subject_token_type', 'requested_token_type', 'audience', 'resource', 'scope'],
  )
}

/** RFC 7523 3. Throws `invalid_grant` for anything but a good assertion. */
export async function verifyAssertion(
  assertion: string,
  audience: string,
  controls: Pick<GrantControls, 'assertionKeys' | 'assertions'>,
): Promise<JWTPayload> {
  try {
    const [, body = ''] = assertion.split('.')
    const { iss } = JSON.parse(Buffer.from(body, 'base64url').toString()) as JWTPayload
    const key = controls.assertionKeys.get(iss ?? '')
    if (!key) throw new Error('unknown issuer')
    const { payload } = await jwtVerify(assertion, key, { audience, maxTokenAge: '5m', clockTolerance: 5 })
    controls.assertions.push(payload)
    return payload
  } catch {
    throw new errors.InvalidGrant('the assertion is not acceptable')
  }
}

async function issue(
  provider: Provider,
  ctx: Context,
  accountId: string,
  options: { refreshToken?: boolean } = {},
): Promise<void> {
  const { client, params } = ctx.oidc
  const scope = params.scope ?? ''
  const grant = new provider.Grant({ accountId, clientId: client.clientId })
  grant.addOIDCScope(scope)
  const grantId = await grant.save()
  const gty = params.grant_type
  const token = new provider.AccessToken({ accountId, client, grantId, gty, scope, expiresWithSession: false })
  const access_token = await token.save()
  const offline = options.refreshToken === true && scope.split(' ').includes('offline_access')
  const refresh = new provider.RefreshToken({ accountId, client, grantId, gty, scope, expiresWithSession: false })
  ctx.body = {
    access_token,
    expires_in: token.expiration,
    token_type: 'Bearer',
    ...(scope === '' ? {} : { scope }),
    ...(offline ? { refresh_token: await refresh.save() } : {}),
  }
}
