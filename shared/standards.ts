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
