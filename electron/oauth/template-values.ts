import { aliases, parameterNames } from '../providers/expression-names.ts'
import type { Resolve } from '../providers/expressions.ts'
import type { TokenSet } from '../vault/ports.ts'
import type { ClientSettings } from './ports.ts'

/** What is known when a template is filled in, besides the client itself. */
export interface ValueFacts {
  /** Of the request that the template takes the place of: code, code_verifier, redirect_uri, state, … */
  parameters?: URLSearchParams
  grantType?: string
  tokens?: TokenSet
}

/**
 * The values of the names in a template: the client, the request it takes the place of, the account's tokens, whatever
 * the token answer held as `oauth.NAME`, and the registration's variables.
 */
export function templateValues(settings: ClientSettings, facts: ValueFacts): Resolve {
  const { parameters, tokens, grantType } = facts
  const values = new Map<string, string>()
  const set = (name: string, value: string | null | undefined) => {
    if (value !== null && value !== undefined && value !== '') values.set(name, value)
  }
  for (const [name, value] of Object.entries(settings.variables)) set(name, value)
  set('client_id', settings.clientId)
  set('client_secret', settings.clientSecret)
  if (tokens) {
    for (const [name, value] of Object.entries(tokens.extra ?? {})) set(`oauth.${name}`, value)
    const own = { access_token: tokens.accessToken, refresh_token: tokens.refreshToken, id_token: tokens.idToken }
    for (const [name, value] of Object.entries(own)) {
      set(`oauth.${name}`, value)
      set(name, value)
    }
    set('scope', tokens.scopes.join(settings.definition.scope_separator))
    set('redirect_uri', tokens.extra?.redirect_url)
  }
  for (const name of parameterNames) set(name, parameters?.get(name))
  set('grant_type', grantType)
  return (name) => values.get(aliases[name] ?? name)
}
