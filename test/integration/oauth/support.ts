import { createOAuth } from '../../../electron/oauth/oauth.ts'
import type { ClientSettings, Trace } from '../../../electron/oauth/ports.ts'
import { systemClock } from '../../../electron/platform/clock.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import type { AuthorizationServer } from '../../doubles/authorization-server.ts'
import { type PersonOptions, signInAsPerson } from '../../doubles/person.ts'

export const redirectUri = 'http://127.0.0.1:49152/callback/test'
export const defaultScopes = ['openid', 'profile', 'email']

export const newOAuth = () => createOAuth({ network: createNetwork({ timeoutMs: 5000 }), clock: systemClock })

export function settingsFor(server: AuthorizationServer, changes: Partial<Definition> = {}): ClientSettings {
  return {
    definition: server.definition(changes),
    clientId: server.clientId,
    clientSecret: server.clientSecret,
    clientAuthentication: server.definition().client_authentication[0] ?? 'none',
    variables: {},
    fallbackExpiry: null,
  }
}

/** Endpoints written down instead of discovered. */
export function endpointsOf(issuer: string): Partial<Definition> {
  return {
    discovery: undefined,
    endpoints: {
      authorization: `${issuer}/auth`,
      token: `${issuer}/token`,
      userinfo: `${issuer}/me`,
      revocation: `${issuer}/token/revocation`,
    },
  }
}

/** A run that nobody ends and nobody watches. */
export const quiet = { signal: new AbortController().signal, trace: () => {} }

export interface Traced {
  text: string
  ok: boolean
  source: string | null
}

export function newTrace(): { trace: Trace; lines: Traced[] } {
  const lines: Traced[] = []
  return { lines, trace: (text, ok, source) => void lines.push({ text, ok, source }) }
}

/** A whole sign-in; `tamper` changes the answer on its way back. */
export async function signIn(
  settings: ClientSettings,
  options: {
    oauth?: ReturnType<typeof newOAuth>
    scopes?: string[]
    person?: PersonOptions
    tamper?: (answer: URL) => URL
    signal?: AbortSignal
    trace?: Trace
  } = {},
) {
  const oauth = options.oauth ?? newOAuth()
  const run = { signal: options.signal ?? new AbortController().signal, trace: options.trace ?? (() => {}) }
  const pending = await oauth.beginAuthorization(settings, {
    redirectUri,
    scopes: options.scopes ?? defaultScopes,
    ...run,
  })
  const answer = await signInAsPerson(pending.authorizationUrl, redirectUri, options.person)
  const result = await oauth.finishAuthorization(settings, pending, options.tamper?.(answer) ?? answer, run)
  return { ...result, pending, answer, oauth }
}
