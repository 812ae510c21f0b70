import type { Headers } from './headers.ts'

/** How a provider wants its access token (`api.header` of the definition; RFC 6750 2.1 for most). */
export interface CredentialHeader {
  name: string
  prefix: string
}

/** A copy of `headers` with the access token attached. */
export function sign(headers: Headers, credential: CredentialHeader, accessToken: string): Headers {
  return { ...headers, [credential.name.toLowerCase()]: `${credential.prefix}${accessToken}` }
}

/**
 * Whether a 401 says that the token is bad, so that a new one may help: `invalid_token` (RFC 6750 3.1), or no error code
 * at all, as many APIs answer. Another code (`insufficient_scope`, `invalid_request`) would only come again.
 */
export function tokenRejected(status: number, wwwAuthenticate: string | undefined): boolean {
  if (status !== 401) return false
  const code = /\berror\s*=\s*"?([^",\s]+)/i.exec(wwwAuthenticate ?? '')?.[1]
  return code === undefined || code === 'invalid_token'
}
