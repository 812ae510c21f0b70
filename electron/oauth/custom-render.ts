import { ClientSecretBasic, type CustomFetch } from 'openid-client'
import { readDocument, readFirst, readPath } from '../providers/answer-mapping.ts'
import type { RequestTemplate } from '../providers/definition.ts'
import { expressionNames, type RenderedRequest, type Resolve, renderRequest } from '../providers/expressions.ts'
import type { TokenSet } from '../vault/ports.ts'
import { mediaType } from './exchange.ts'
import { judgeRefreshFailure } from './failure.ts'
import type { ClientSettings } from './ports.ts'
import { templateValues } from './template-values.ts'

export const ownRequests = ['token', 'refresh', 'revoke', 'validate', 'identity'] as const
export type OwnRequest = (typeof ownRequests)[number]

/**
 * A request of the provider's own with its values, and with what its template may leave out:
 *
 * - PKCE's second half, where its first half was sent (RFC 7636 4.5);
 * - the client's secret in the Authorization header, where the registration authenticates by `client_secret_basic` (RFC
 *   6749 2.3.1) and the template does not say itself what becomes of the secret;
 * - for `validate` and `identity` the access token, where the provider's API takes it.
 *
 * Null when the definition has no such request.
 *
 * @throws LatchkeyError `invalid_request` naming the variable and the field.
 */
export function renderOwn(
  settings: ClientSettings,
  which: OwnRequest,
  resolve: Resolve,
  { pkce = false }: { pkce?: boolean } = {},
): RenderedRequest | null {
  const written = settings.definition.requests?.[which]
  if (!written) return null
  const where = `requests.${which}`
  const names = expressionNames(written, where)
  const template = pkce && !names.includes('code_verifier') ? withVerifier(written) : written
  const rendered = renderRequest(template, resolve, where)
  if (rendered.headers.authorization !== undefined) return rendered
  const added =
    which === 'validate' || which === 'identity' ? tokenHeader(settings, names, resolve) : secretHeader(settings, names)
  return { ...rendered, headers: { ...rendered.headers, ...added } }
}

function tokenHeader({ definition }: ClientSettings, names: string[], resolve: Resolve): Record<string, string> {
  const token = resolve('access_token', 'header')
  if (token === undefined || names.some((name) => name.endsWith('access_token'))) return {}
  const { name, prefix } = definition.api.header
  return { [name.toLowerCase()]: prefix + token }
}

function secretHeader({ clientAuthentication, clientSecret, clientId }: ClientSettings, names: string[]) {
  if (clientAuthentication !== 'client_secret_basic' || clientSecret === null) return {}
  if (names.some((name) => name.toLowerCase() === 'client_secret')) return {}
  const headers = new Headers()
  ClientSecretBasic(clientSecret)({ issuer: '' }, { client_id: clientId }, new URLSearchParams(), headers)
  return Object.fromEntries(headers)
}

function withVerifier(template: RequestTemplate): RequestTemplate {
  const verifier = { code_verifier: '{{ code_verifier }}' }
  return template.data
    ? { ...template, data: { ...template.data, ...verifier } }
    : { ...template, query: { ...template.query, ...verifier } }
}

/** A request with an account's tokens. */
export function ownAccountRequest(
  settings: ClientSettings,
  which: 'revoke' | 'validate' | 'identity',
  tokens: TokenSet,
): RenderedRequest | null {
  return renderOwn(settings, which, templateValues(settings, { tokens }))
}

/** Sends a rendered request through one attempt's way out. Redirects are not followed. */
export function dispatch(
  fetch: CustomFetch,
  { url, method, headers, body }: RenderedRequest,
  signal?: AbortSignal,
): Promise<Response> {
  return fetch(url, { method, headers, body, redirect: 'manual', ...(signal ? { signal } : {}) })
}

/** What the answer to a request with an account's tokens says. */
export interface OwnAnswer {
  status: number
  /** A status of success, and the mapping's `success` where there is one. */
  good: boolean
  /** The error's name, else the status; safe to show. */
  error: string
  /** Trouble that passes: what it was asked remains open. */
  passing: boolean
  /** The answer as JSON or a form; null for anything else. */
  document: unknown
}

/** Reads the answer to a request of the provider's own, by the `success` and `error` of the definition's mapping. */
export async function ownRequestAnswer({ definition }: ClientSettings, response: Response): Promise<OwnAnswer> {
  const { status } = response
  const mapping = definition.requests?.answer
  const document = readDocument({ contentType: mediaType(response), body: await response.text() })
  const wanted = mapping?.success
  const held = wanted === undefined || String(readPath(document, wanted.path)) === String(wanted.equals)
  const named = readFirst(document, mapping?.error ?? ['error'])
  const error = typeof named === 'string' && /^[\w.:/-]{1,60}$/.test(named) ? named : null
  const { kind } = judgeRefreshFailure({ status, error, readable: document !== null, contentType: mediaType(response) })
  const good = response.ok && held
  return { status, good, error: error ?? `HTTP ${status}`, passing: !good && kind === 'transient', document }
}
