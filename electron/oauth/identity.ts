import {
  type Configuration,
  customFetch,
  fetchProtectedResource,
  fetchUserInfo,
  WWWAuthenticateChallengeError,
} from 'openid-client'
import type { Identity } from '../../shared/models.ts'
import { readPath } from '../providers/answer-mapping.ts'
import type { Definition } from '../providers/definition.ts'
import type { TokenSet } from '../vault/ports.ts'
import type { Configured } from './configuration.ts'
import { dispatch, ownAccountRequest, ownRequestAnswer } from './custom-render.ts'
import { dpopOptions } from './dpop.ts'
import { isJsonObject } from './jwt.ts'
import { type ClientSettings, FlowError, type Trace } from './ports.ts'

type Claims = Record<string, unknown>
type Mapping = Definition['identity']

/**
 * Who an account belongs to, from the definition's sources in their order: the ID token, userinfo (OpenID Connect Core
 * 5.4: a server may give name and email there alone), a request of the provider's own, or the token answer itself. What
 * one leaves out is looked up in the next; who it is, the first one says.
 *
 * @param token.tokens The token set that was just obtained: what `request` and `token_answer` read.
 * Null when the provider has no way of telling, or does not tell with these scopes. Throws where it should have told.
 */
export async function identify(
  settings: ClientSettings,
  configured: Configured,
  token: Token,
  trace: Trace,
): Promise<Identity | null> {
  const { identity: mapping, name } = settings.definition
  const server = configured.config.serverMetadata()
  const idToken = mapping.sources.includes('id_token') ? token.claims : undefined
  const issuer = idToken?.iss ?? (configured.issuerKnown && !server.issuer.includes('{') ? server.issuer : null)
  let found: Identity | null = null
  let failure: unknown = null
  let silent = true
  for (const source of mapping.sources) {
    if (found && isComplete(found, mapping)) break
    try {
      const claims = await claimsFrom(source, settings, configured, token, trace)
      if (claims) found = fill(found, readIdentity(claims, mapping, typeof issuer === 'string' ? issuer : null))
    } catch (error) {
      // A different subject ends the sign-in (Core 5.3.2). Otherwise: who it is is known, and names are not worth losing
      // the sign-in for; or another source may tell.
      if (isSubjectMismatch(error)) throw error
      if (found) trace(`${name} did not tell more than the ID token`, false, origins[source])
      else if (!(error instanceof NotTold)) failure = error
      else {
        silent = false
        trace(`${name} does not tell who signed in (HTTP ${error.status})`, false, origins[source])
      }
    }
  }
  if (found === null && failure !== null) throw failure
  if (found) trace(`Signed in as ${found.username ?? found.email ?? found.name ?? found.subject}`, true, null)
  else if (silent) trace(`${name} does not tell who signed in`, false, null)
  return found
}

/** The access token and what came with it. */
interface Token {
  accessToken: string
  claims: Claims | undefined
  tokens?: TokenSet
}

type Source = Mapping['sources'][number]

const origins: Record<Source, string | null> = {
  id_token: 'OpenID Connect Core 2',
  userinfo: 'OpenID Connect Core 5.3',
  request: null,
  token_answer: null,
}

/** What a source says, or null where the provider does not have it. */
async function claimsFrom(
  source: Source,
  settings: ClientSettings,
  { config }: Configured,
  token: Token,
  trace: Trace,
): Promise<Claims | null> {
  const { name } = settings.definition
  switch (source) {
    case 'id_token':
      return token.claims ?? null
    case 'userinfo': {
      const endpoint = config.serverMetadata().userinfo_endpoint
      if (!endpoint) return null
      const claims = await userinfo(config, endpoint, token, settings.dpopKey)
      trace(`${name} told who signed in`, true, origins.userinfo)
      return claims
    }
    case 'request': {
      const request = token.tokens && ownAccountRequest(settings, 'identity', token.tokens)
      const send = config[customFetch]
      if (!request || !send) return null
      const claims = await ownClaims(settings, await dispatch(send, request))
      trace(`${name} told who signed in`, true, null)
      return claims
    }
    case 'token_answer':
      return token.tokens?.extra ?? null
  }
}

function fill(found: Identity | null, more: Identity | null): Identity | null {
  if (!found || !more) return found ?? more
  return {
    ...found,
    name: found.name ?? more.name,
    username: found.username ?? more.username,
    email: found.email ?? more.email,
  }
}

/** The answer to the provider's own request, judged like that of userinfo, and by the mapping's `success`. */
async function ownClaims(settings: ClientSettings, response: Response): Promise<Claims> {
  const { document, good } = await ownRequestAnswer(settings, response.clone())
  if (!good && response.ok) throw new NotTold(response.status)
  return isJsonObject(document)
    ? readUserinfo(Response.json(document, { status: response.status }))
    : readUserinfo(response)
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
  dpopKey: string | null | undefined,
): Promise<Claims> {
  const options = await dpopOptions(config, dpopKey)
  if (typeof claims?.sub === 'string') return fetchUserInfo(config, accessToken, claims.sub, options)
  // Without an ID token there is no `sub` to compare and often no `sub` at all (GitHub): an ordinary signed request.
  const headers = new Headers({ accept: 'application/json' })
  try {
    return await readUserinfo(
      await fetchProtectedResource(config, accessToken, new URL(endpoint), 'GET', null, headers, options),
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
    const value = readPath(claims, path)
    if (typeof value === 'string' && value.trim() !== '') return value
    if (typeof value === 'number' && Number.isFinite(value)) return String(value)
  }
  return null
}
