import { type Configuration, fetchProtectedResource, fetchUserInfo, WWWAuthenticateChallengeError } from 'openid-client'
import type { Identity } from '../../shared/models.ts'
import type { Definition } from '../providers/definition.ts'
import type { Configured } from './configuration.ts'
import { isJsonObject } from './jwt.ts'
import { type ClientSettings, FlowError, type Trace } from './ports.ts'

type Claims = Record<string, unknown>
type Mapping = Definition['identity']

/**
 * Who an account belongs to: from the ID token, else from userinfo; what the ID token leaves out is looked up in
 * userinfo (OpenID Connect Core 5.4: a server may give name and email there alone).
 *
 * Null when the provider has no way of telling, or does not tell with these scopes. Throws where it should have told.
 */
export async function identify(
  settings: ClientSettings,
  { config, issuerKnown }: Configured,
  token: { accessToken: string; claims: Claims | undefined },
  trace: Trace,
): Promise<Identity | null> {
  const { identity: mapping, name } = settings.definition
  const server = config.serverMetadata()
  const idToken = mapping.sources.includes('id_token') ? token.claims : undefined
  const issuer = idToken?.iss ?? (issuerKnown && !server.issuer.includes('{') ? server.issuer : null)
  const read = (claims: Claims) => readIdentity(claims, mapping, typeof issuer === 'string' ? issuer : null)
  const found = idToken ? read(idToken) : null
  const endpoint = mapping.sources.includes('userinfo') ? server.userinfo_endpoint : undefined
  if (!endpoint || (found && isComplete(found, mapping))) return traced(found, trace, name)

  try {
    const claims = await userinfo(config, endpoint, token)
    trace(`${name} told who signed in`, true, 'OpenID Connect Core 5.3')
    return traced(read({ ...claims, ...idToken }), trace, name)
  } catch (error) {
    // The subject is known: names are not worth losing the sign-in for. A different subject is (Core 5.3.2).
    if (found && !isSubjectMismatch(error)) {
      trace(`${name} did not tell more than the ID token`, false, 'OpenID Connect Core 5.3')
      return traced(found, trace, name)
    }
    if (error instanceof NotTold) {
      trace(`${name} does not tell who signed in (HTTP ${error.status})`, false, 'OpenID Connect Core 5.3')
      return null
    }
    throw error
  }
}

/** 401, 403 or 404 from userinfo: the scopes asked for do not cover it. */
class NotTold extends Error {
  readonly status: number
  constructor(status: number) {
    super(`userinfo answered ${status}`)
    this.status = status
  }
}

async function userinfo(
  config: Configuration,
  endpoint: string,
  { accessToken, claims }: { accessToken: string; claims: Claims | undefined },
): Promise<Claims> {
  if (typeof claims?.sub === 'string') return fetchUserInfo(config, accessToken, claims.sub)
  // Without an ID token there is no `sub` to compare and often no `sub` at all (GitHub): an ordinary signed request.
  const headers = new Headers({ accept: 'application/json' })
  try {
    return await readUserinfo(
      await fetchProtectedResource(config, accessToken, new URL(endpoint), 'GET', null, headers),
    )
  } catch (error) {
    // RFC 6750 3: the challenge that comes with a 401 or 403.
    throw error instanceof WWWAuthenticateChallengeError ? new NotTold(error.status) : error
  }
}

async function readUserinfo(response: Response): Promise<Claims> {
  if ([401, 403, 404].includes(response.status)) throw new NotTold(response.status)
  if (response.status !== 200) {
    const passing = response.status >= 500 || response.status === 429
    throw new FlowError(
      passing ? 'provider_unreachable' : 'provider_error',
      `The provider did not tell who signed in (HTTP ${response.status}).`,
      'Try again in a few minutes.',
    )
  }
  const json: unknown = await response.json().catch(() => null)
  if (isJsonObject(json)) return json
  throw new FlowError(
    'invalid_answer',
    'What the provider told of the person was not JSON.',
    'Start the sign-in again.',
  )
}

/** openid-client's check that userinfo is about the ID token's subject. */
function isSubjectMismatch(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'OAUTH_JSON_ATTRIBUTE_COMPARISON_FAILED'
}

function isComplete(identity: Identity, mapping: Mapping): boolean {
  return (['name', 'username', 'email'] as const).every((field) => !mapping[field] || identity[field] !== null)
}

function traced(identity: Identity | null, trace: Trace, name: string): Identity | null {
  if (identity)
    trace(`Signed in as ${identity.username ?? identity.email ?? identity.name ?? identity.subject}`, true, null)
  else trace(`${name} does not tell who signed in`, false, null)
  return identity
}

/**
 * Reads an identity out of claims by a definition's mapping. Null without a subject.
 *
 * @param issuer The ID token's `iss`, which names the tenant where a server has several (Microsoft), else the server's.
 */
export function readIdentity(claims: Claims, mapping: Mapping, issuer: string | null): Identity | null {
  const subject = readClaim(claims, mapping.subject)
  if (subject === null) return null
  const optional = (path: string[] | undefined) => (path ? readClaim(claims, path) : null)
  return {
    subject,
    issuer,
    name: optional(mapping.name),
    username: optional(mapping.username),
    email: optional(mapping.email),
  }
}

/** The first of several paths (`plan.name`) that leads to a text or a number; a number, GitHub's `id`, becomes text. */
export function readClaim(claims: Claims, paths: string[]): string | null {
  for (const path of paths) {
    let value: unknown = claims
    // A claim's own name may hold dots (`https://example.com/name`, OpenID Connect Core 5.1.2).
    if (Object.hasOwn(claims, path)) value = claims[path]
    else for (const key of path.split('.')) value = isJsonObject(value) && Object.hasOwn(value, key) ? value[key] : null
    if (typeof value === 'string' && value.trim() !== '') return value
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return null
}
