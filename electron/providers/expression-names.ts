/** The names that `{{ }}` expressions know, besides `oauth.NAME` and the definition's own variables. */

/** Names that other tools have for the same thing. */
export const aliases: Readonly<Record<string, string>> = {
  CLIENT_ID: 'client_id',
  CLIENT_SECRET: 'client_secret',
  redirect_url: 'redirect_uri',
  authorization_code: 'code',
}

/** What the parameters of an OAuth request are called. */
export const parameterNames = [
  'grant_type',
  'code',
  'code_verifier',
  'code_challenge',
  'code_challenge_method',
  'redirect_uri',
  'state',
  'nonce',
  'scope',
  'username',
  'password',
  'device_code',
  'assertion',
] as const

export const tokenNames = ['access_token', 'refresh_token', 'id_token'] as const

const known: ReadonlySet<string> = new Set([
  ...Object.keys(aliases),
  ...Object.values(aliases),
  ...parameterNames,
  ...tokenNames,
])

/** Whether a template may use a name. What `oauth.NAME` holds is only known once there is a token answer. */
export function isKnownName(name: string, variables: readonly { name: string }[]): boolean {
  return known.has(name) || name.startsWith('oauth.') || variables.some((variable) => variable.name === name)
}
