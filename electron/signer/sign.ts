import { LatchkeyError } from '../../shared/errors.ts'
import type { DpopSigner } from './dpop.ts'
import type { Headers } from './headers.ts'

/** How a provider wants its access token (`api.header` of the definition; RFC 6750 2.1 for most). */
export interface CredentialHeader {
  name: string
  prefix: string
}

/**
 * What is attached to a request: a token in a header, in a parameter of the query (RFC 6750 2.3), or with a proof of the
 * key that it is bound to (RFC 9449).
 */
export type Credential =
  | { kind: 'header'; header: CredentialHeader; token: string }
  | { kind: 'query'; parameter: string; token: string }
  | { kind: 'dpop'; signer: DpopSigner; token: string }

/** A copy of `headers` with the token attached. */
export function sign(headers: Headers, credential: CredentialHeader, token: string): Headers {
  return { ...headers, [credential.name.toLowerCase()]: `${credential.prefix}${token}` }
}

/**
 * Path and query as they are sent. With a token in the query: for the wire alone, never for a log, an error or an answer.
 * The rest of the query stays as the caller wrote it, byte for byte.
 */
export function targetWith(url: URL, credential: Credential): string {
  if (credential.kind !== 'query') return `${url.pathname}${url.search}`
  const own = `${encodeURIComponent(credential.parameter)}=${encodeURIComponent(credential.token)}`
  return `${url.pathname}${url.search === '' ? '?' : `${url.search}&`}${own}`
}

/** The URL without the parameter that carries the token: an API that redirects may repeat the query that it got. */
export function withoutCredential(url: URL, credential: Credential): URL {
  if (credential.kind !== 'query' || !url.searchParams.has(credential.parameter)) return url
  const clean = new URL(url)
  clean.searchParams.delete(credential.parameter)
  return clean
}

/** Throws `invalid_request` when the caller has put something where the token goes. */
export function checkQuery(url: URL, parameter: string | null): void {
  if (parameter === null || !url.searchParams.has(parameter)) return
  throw new LatchkeyError('invalid_request', `Leave out the parameter ${parameter}: Latchkey sets it itself.`, {
    field: 'url',
  })
}

/**
 * What to attach for a token of this type. A token that is bound to a key is never sent as if it were not: whoever hears it
 * could not use it, but neither could the API accept it (RFC 9449 7.2).
 *
 * @throws LatchkeyError `reauth_required` when the key is not there.
 */
export function credentialFor(
  { tokenType, token }: { tokenType: string; token: string },
  header: CredentialHeader,
  signer: DpopSigner | null,
): Credential {
  if (tokenType.toLowerCase() !== 'dpop') return { kind: 'header', header, token }
  if (signer !== null) return { kind: 'dpop', signer, token }
  throw new LatchkeyError(
    'reauth_required',
    'The token of this account is bound to a key (DPoP) that is not there, so no request can be signed with it.',
    { action: { text: 'Connect the account again.' } },
  )
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
