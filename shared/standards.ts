/** Lists that schemas, definitions and the command line share. No schema here: the command line starts without them. */

/** Ways to obtain a grant. `without_code`: the answer at the redirect URI holds the token itself (RFC 6749 4.2). */
export const grants = [
  'authorization_code',
  'device_code',
  'client_credentials',
  'password',
  'jwt_bearer',
  'token_exchange',
  'without_code',
] as const
export type Grant = (typeof grants)[number]

/** How a client proves itself at the token endpoint (OpenID Connect Core 9, RFC 8705). */
export const clientAuthentications = [
  'none',
  'client_secret_basic',
  'client_secret_post',
  'client_secret_jwt',
  'private_key_jwt',
  'tls_client_auth',
] as const

/** Where the person signs in: Latchkey's own window, the system browser, or any browser with the answer pasted back. */
export const signInPlaces = ['window', 'browser', 'paste'] as const

/** What an app may do with an account; see contract-apps.ts. */
export const rights = ['see', 'request', 'token', 'manage', 'connect'] as const
export type Right = (typeof rights)[number]

/** The methods of signed requests. */
export const requestMethods = ['GET', 'POST', 'PUT', 'PATCH', 'DELETE', 'HEAD', 'OPTIONS'] as const
export type RequestMethod = (typeof requestMethods)[number]

/** What an entry of the activity is about. */
export const activityKinds = [
  'connected',
  'sign_in_failed',
  'refreshed',
  'refresh_failed',
  'request',
  'token',
  'expired',
  'reset',
  'removed',
  'renamed',
  'enabled',
  'disabled',
  'revoked',
  'validated',
  'provider',
  'webhook',
  'registration',
  'vault',
  'app',
] as const
