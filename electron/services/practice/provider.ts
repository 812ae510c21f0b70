import type { Configuration, default as Provider } from 'oidc-provider'
import type { Clock, Logger } from '../../platform/ports.ts'
import type { RecordStore } from '../../vault/ports.ts'
import { recordAdapter } from './adapter.ts'
import { loadKeys } from './keys.ts'
import { loadLibrary } from './library.ts'
import { pageHeaders, problemPage } from './pages.ts'
import { claimsOf, findPerson } from './people.ts'

/** The public client that Latchkey itself is at the practice provider (RFC 8252 8.4). */
export const clientId = 'latchkey-practice'
/** Any port is accepted for it (RFC 8252 7.3). */
export const redirectUri = 'http://127.0.0.1/callback/practice'

const hour = 3600
const day = 24 * hour
const cookies = { session: 'practice_session', interaction: 'practice_sign_in', resume: 'practice_resume' }

export interface ProviderParts {
  issuer: string
  records: RecordStore
  clock: Clock
  logger: Logger
  /** Seconds that a new access token lives. */
  accessTokenLifetime: () => number
}

/** The authorization server itself: oidc-provider, set up as a modern provider of refresh tokens would be. */
export async function createProvider(parts: ProviderParts): Promise<Provider> {
  const { issuer, records, clock, logger } = parts
  const library = await loadLibrary()
  const { jwk, cookieKey } = await loadKeys(records)
  const alreadyUsed = () => new library.errors.InvalidGrant('already used')

  const configuration: Configuration = {
    adapter: recordAdapter(records, clock, alreadyUsed),
    jwks: { keys: [jwk] },
    clients: [
      {
        client_id: clientId,
        client_name: 'Latchkey',
        application_type: 'native',
        token_endpoint_auth_method: 'none',
        redirect_uris: [redirectUri],
        grant_types: ['authorization_code', 'refresh_token'],
        response_types: ['code'],
      },
    ],
    clientAuthMethods: ['none'],
    responseTypes: ['code'],
    pkce: { required: () => true },
    scopes: ['openid', 'offline_access'],
    claims: {
      openid: ['sub'],
      profile: ['name', 'given_name', 'family_name', 'preferred_username'],
      email: ['email', 'email_verified'],
    },
    // The claims stand in the ID token too, so that there is something to inspect.
    conformIdTokenClaims: false,
    findAccount: (_ctx, id) => {
      const person = findPerson(id)
      return person && { accountId: person.id, claims: () => claimsOf(person) }
    },
    // Tokens belong to the grant, not to the browser's session, and a refresh token always comes along.
    expiresWithSession: async () => false,
    issueRefreshToken: async (_ctx, client) => client.grantTypeAllowed('refresh_token'),
    // RFC 9700 4.14.2: a public client's refresh token works once; reuse ends the grant.
    rotateRefreshToken: true,
    // An expired token is refused in the very second: what a tester watches should be exact.
    clockTolerance: 0,
    ttl: {
      AccessToken: () => parts.accessTokenLifetime(),
      AuthorizationCode: 60,
      IdToken: hour,
      RefreshToken: 30 * day,
      Grant: 365 * day,
      Interaction: hour,
      Session: hour,
    },
    features: {
      devInteractions: { enabled: false },
      dPoP: { enabled: false },
      pushedAuthorizationRequests: { enabled: false },
      resourceIndicators: { enabled: false },
      rpInitiatedLogout: { enabled: false },
      userinfo: { enabled: true },
      introspection: {
        enabled: true,
        allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId,
      },
      revocation: { enabled: true, allowedPolicy: async (_ctx, client, token) => token.clientId === client.clientId },
    },
    routes: {
      authorization: '/authorize',
      token: '/token',
      userinfo: '/userinfo',
      jwks: '/jwks',
      introspection: '/introspect',
      revocation: '/revoke',
    },
    interactions: { url: (_ctx, interaction) => `/sign-in/${interaction.uid}` },
    cookies: {
      names: cookies,
      keys: [cookieKey],
      short: { httpOnly: true, sameSite: 'lax', signed: true },
      // Not signed, so that separateSignIns can put it in; its value is 256 bits of randomness.
      long: { httpOnly: true, sameSite: 'lax', signed: false },
    },
    renderError: (ctx, out) => {
      const page = problemPage(out.error, out.error_description)
      ctx.set(pageHeaders())
      ctx.type = 'html'
      ctx.body = page
    },
  }

  const provider = new library.Provider(issuer, configuration)
  separateSignIns(provider)
  withoutCors(provider)
  provider.on('server_error', (ctx, error) => {
    logger.error('The practice provider failed.', { path: ctx.path.split('/', 2).join('/'), error: error.name })
  })
  // Koa would print to the console what is not told to it otherwise.
  provider.silent = true
  provider.on('grant.error', (_ctx, error) => {
    logger.info('The practice provider refused a token request.', { error: error.message })
  })
  return provider
}

/**
 * Every sign-in asks who it is and has a session of its own, so that a second account can be connected from the same
 * browser, also while the first is still being connected. oidc-provider keeps one session for each browser; so its
 * cookie is left out when a sign-in begins, and put in from the sign-in's own record when it goes on. That it is the
 * same browser is proved by the signed cookie of the sign-in itself.
 */
function separateSignIns(provider: Provider) {
  provider.use(async (ctx, next) => {
    const [, id] = /^\/authorize(?:\/([^/]+))?$/.exec(ctx.path) ?? [undefined, undefined]
    if (ctx.path.startsWith('/authorize')) {
      const interaction = id === undefined ? undefined : await provider.Interaction.find(id)
      const goesOn = interaction?.prompt.name === 'consent' ? interaction.session?.cookie : undefined
      const others = (ctx.req.headers.cookie ?? '')
        .split(/; */)
        .filter((cookie) => cookie !== '' && !cookie.startsWith(`${cookies.session}=`))
      if (goesOn !== undefined) others.push(`${cookies.session}=${goesOn}`)
      ctx.req.headers.cookie = others.join('; ')
    }
    await next()
  })
}

/** Its clients are programs on this computer, not scripts of web pages, which oidc-provider would let read its answers. */
function withoutCors(provider: Provider) {
  provider.use(async (ctx, next) => {
    delete ctx.req.headers.origin
    await next()
    for (const name of Object.keys(ctx.response.headers)) {
      if (name.startsWith('access-control-')) ctx.remove(name)
    }
  })
}
