import { decodeJwt } from './jwt.ts'
import type { AnswerShape, ClientSettings, PendingAuthorization } from './ports.ts'

/** How a client obtains its grants: as the registration says, else as is usual at its provider. */
export function grantOf({ options, definition }: ClientSettings): NonNullable<typeof options>['grant'] & string {
  return options?.grant ?? definition.grants?.[0] ?? 'authorization_code'
}

/** `response_type` of the authorization request (RFC 6749 3.1.1, OAuth 2.0 Multiple Response Types). */
export function responseTypeOf(settings: ClientSettings): string {
  const own = settings.definition.authorization?.response_type
  return own ?? (grantOf(settings) === 'without_code' ? 'token' : 'code')
}

/** Where the answer of a sign-in with this client stands, and what its parameters are called. */
export function answerShape(settings: ClientSettings): AnswerShape {
  const { response_mode: wanted, parameters } = settings.definition.authorization ?? {}
  // Anything but a lone code is asked for in the fragment unless said otherwise (Multiple Response Types 5).
  const usual = responseTypeOf(settings) === 'code' ? 'query' : 'fragment'
  const mode = wanted?.startsWith('form_post') ? 'form_post' : wanted === 'fragment' ? 'fragment' : null
  return {
    mode: mode ?? (wanted === undefined ? usual : 'query'),
    jwt: wanted?.endsWith('jwt') ?? false,
    withoutCode: grantOf(settings) === 'without_code' || !responseTypeOf(settings).split(' ').includes('code'),
    names: {
      code: parameters?.code ?? 'code',
      state: parameters?.state ?? 'state',
      error: parameters?.error ?? 'error',
      errorDescription: parameters?.error_description ?? 'error_description',
      accessToken: parameters?.access_token ?? 'access_token',
    },
  }
}

/**
 * The parameters of an answer. A posted form has become the query of its URL on the way here (redirects/loopback.ts). A
 * server that should have used the fragment may still send an error, or a token, in the query.
 */
export function answerParameters(url: URL, { mode }: AnswerShape): URLSearchParams {
  return new URLSearchParams(mode === 'fragment' && url.hash.length > 1 ? url.hash.slice(1) : url.search)
}

/**
 * Whether an answer carries this request's `state` (RFC 6749 10.12). One that carries it twice is let in, so that the
 * protocol's own check refuses and names it; without knowing it nobody gets this far. The signature of a JARM answer is
 * checked later: this only tells whose answer it claims to be.
 */
export function carriesState(url: URL, { answer, state }: Pick<PendingAuthorization, 'answer' | 'state'>): boolean {
  const parameters = answerParameters(url, answer)
  if (!answer.jwt) return parameters.getAll(answer.names.state).includes(state)
  return parameters.getAll('response').some((jwt) => decodeJwt(jwt)?.claims.state === state)
}

/** Whether a URL holds an answer at all: what was asked for, or an error. */
export function holdsAnswer(url: URL, { answer }: Pick<PendingAuthorization, 'answer'>): boolean {
  const parameters = answerParameters(url, answer)
  const { names, jwt, withoutCode } = answer
  const wanted = jwt ? 'response' : withoutCode ? names.accessToken : names.code
  return parameters.has(wanted) || (!jwt && parameters.has(names.error))
}

/** The same parameters under the standard's names. What stands there under a name that is not the provider's is dropped. */
export function underStandardNames(parameters: URLSearchParams, { names, jwt }: AnswerShape): URLSearchParams {
  const result = new URLSearchParams(parameters)
  if (jwt) return result
  const renamed: [string, string][] = [
    ['code', names.code],
    ['state', names.state],
    ['error', names.error],
    ['error_description', names.errorDescription],
    ['access_token', names.accessToken],
  ]
  for (const [standard, own] of renamed) {
    if (standard === own) continue
    result.delete(standard)
    const value = parameters.get(own)
    if (value !== null) result.set(standard, value)
  }
  for (const [standard, own] of renamed)
    if (standard !== own && !renamed.some(([name]) => name === own)) result.delete(own)
  return result
}

/** What of an answer must never be repeated: everything in it but what a provider says to be read. */
export function answerSecrets(url: URL, { names }: AnswerShape): string[] {
  const said = [names.error, names.errorDescription, 'error_uri', 'iss', 'scope', 'token_type', 'expires_in']
  return [url.search, url.hash.slice(1)].flatMap((text) =>
    [...new URLSearchParams(text)].flatMap(([name, value]) => (said.includes(name) || value.length < 8 ? [] : [value])),
  )
}
