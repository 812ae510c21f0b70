import type { CustomFetch } from 'openid-client'
import { mapAnswer } from '../providers/answer-mapping.ts'
import { expressionNames, renderUrl, withQuery } from '../providers/expressions.ts'
import type { TokenSet } from '../vault/ports.ts'
import { normaliseTokenAnswer, type RawAnswer, type TokenAnswer } from './answer.ts'
import { dispatch, renderOwn } from './custom-render.ts'
import { type ClientSettings, FlowError, type PendingAuthorization } from './ports.ts'
import { templateValues, type ValueFacts } from './template-values.ts'

/**
 * Requests that a provider definition writes down itself (`requests`, `authorization.url`) in place of the standard's.
 * Only the request and the reading of its answer are different: openid-client still checks state, issuer, nonce and ID
 * token before and after, the network has the same limits, and a refresh that fails is judged by failure.ts.
 */

/** The token request and answer of a provider's own, in the place where the standard's are sent and read. */
export interface OwnToken {
  /** Sends the template's request instead of openid-client's; null where only the answer is mapped. */
  send(fetch: CustomFetch, url: string, options: Parameters<CustomFetch>[1]): Promise<Response> | null
  read(raw: RawAnswer): TokenAnswer
}

/** What of a sign-in's request can stand in its token request besides what openid-client sends with the code. */
export function ownFacts(
  { definition }: ClientSettings,
  { state, scopes }: Pick<PendingAuthorization, 'state' | 'scopes'>,
): ValueFacts {
  return { parameters: new URLSearchParams({ state, scope: scopes.join(definition.scope_separator) }) }
}

/** For the exchange of a code: everything that openid-client would send can stand in the template. */
export function ownTokenRequest(settings: ClientSettings, facts: ValueFacts): OwnToken | undefined {
  const { token, answer } = settings.definition.requests ?? {}
  if (!token && !answer) return undefined
  return {
    send(fetch, _, options) {
      if (!token) return null
      const parameters = new URLSearchParams(facts.parameters)
      if (options.body instanceof URLSearchParams) for (const [name, value] of options.body) parameters.set(name, value)
      const pkce = parameters.has('code_verifier')
      const rendered = renderOwn(settings, 'token', templateValues(settings, { ...facts, parameters }), { pkce })
      return rendered && dispatch(fetch, rendered, options.signal)
    },
    read: (raw) => readMapped(settings, raw, token !== undefined),
  }
}

/**
 * For a refresh. Rendered at once: what the template lacks is known before anything is sent.
 *
 * @throws LatchkeyError `invalid_request` naming the variable.
 */
export function ownRefreshRequest(settings: ClientSettings, tokens: TokenSet): OwnToken | undefined {
  const { refresh, answer } = settings.definition.requests ?? {}
  if (!refresh && !answer) return undefined
  const facts: ValueFacts = { grantType: 'refresh_token', tokens }
  const rendered = renderOwn(settings, 'refresh', templateValues(settings, facts))
  return {
    send: (fetch, _, options) => rendered && dispatch(fetch, rendered, options.signal),
    // A scope that is missing leaves the old one as it was (RFC 6749 6).
    read: (raw) => readMapped(settings, raw, false),
  }
}

/**
 * The token set of a sign-in, with what later templates need. Where the token request is the provider's own and there is
 * no refresh request, nothing can refresh the token: it counts as permanent and is used until it is refused.
 */
export function keptForTemplates(settings: ClientSettings, tokens: TokenSet, redirectUri: string): TokenSet {
  const { requests } = settings.definition
  if (!requests) return tokens
  const kept = { ...tokens, extra: { ...tokens.extra, redirect_url: redirectUri } }
  if (!requests.token || requests.refresh) return kept
  const { refreshToken } = tokens
  const extra = refreshToken === null ? kept.extra : { ...kept.extra, refresh_token: refreshToken }
  return { ...kept, extra, refreshToken: null, expiresAt: null, expirySource: 'unknown' }
}

/** A sign-in whose token answer holds something else than the definition says. */
export function notMapped({ definition }: ClientSettings, problem: string): FlowError {
  return new FlowError(
    'invalid_answer',
    `${definition.name}: ${problem}`,
    'Correct the answer mapping in the provider’s definition, then start the sign-in again.',
  )
}

/** An authorization URL of the provider's own, and what of the request's protection it carries. */
export interface OwnAuthorization {
  href: string
  /** The scopes that stand in it. */
  scopes: string[]
  /** Whether it asks for an ID token, to which the nonce then belongs. */
  hasNonce: boolean
}

/**
 * `authorization.url` filled in (B1). `state` and the PKCE challenge protect the sign-in whether the template mentions
 * them or not: what is missing is added. So is the nonce where an ID token is asked for.
 *
 * @param parameters Those of the standard's authorization request (RFC 6749 4.1.1, RFC 7636 4.3).
 */
export function ownAuthorizationUrl(
  settings: ClientSettings,
  template: string,
  parameters: URLSearchParams,
): OwnAuthorization {
  const where = 'authorization.url'
  const names = expressionNames(template, where)
  const url = renderUrl(template, templateValues(settings, { parameters }), where)
  const scopes = (new URL(url).searchParams.get('scope') ?? '').split(/[\s,]+/).filter((name) => name !== '')
  const hasNonce = parameters.has('nonce') && (names.includes('nonce') || scopes.includes('openid'))
  const added = ['state', 'code_challenge', ...(hasNonce ? ['nonce'] : [])]
    .filter((name) => parameters.has(name) && !names.includes(name))
    .flatMap((name) => (name === 'code_challenge' ? [name, 'code_challenge_method'] : [name]))
  const rest = added.map((name): [string, string] => [name, parameters.get(name) ?? ''])
  return { href: withQuery(withoutParameters(url, added), rest), scopes, hasNonce }
}

/** A template may not fix what has to be new in every sign-in. */
function withoutParameters(url: string, names: string[]): string {
  const parsed = new URL(url)
  if (!names.some((name) => parsed.searchParams.has(name))) return url
  for (const name of names) parsed.searchParams.delete(name)
  return parsed.href
}

/** Mapped to the standard's names, then read like any other answer of a token endpoint. */
function readMapped({ definition }: ClientSettings, raw: RawAnswer, needsScope: boolean): TokenAnswer {
  const { status, json, problem } = mapAnswer(raw, definition.requests?.answer, { needsScope })
  if (json === null) return { status, json: null }
  return { ...normaliseTokenAnswer({ status, contentType: 'application/json', body: JSON.stringify(json) }), problem }
}
