import { onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import { type ClientSettings, FlowError } from '../../../electron/oauth/ports.ts'
import { systemClock } from '../../../electron/platform/clock.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { type PersonOptions, signInAsPerson } from '../../doubles/person.ts'
import { type StrictServer, type StrictServerOptions, startStrictServer } from '../../doubles/strict-server.ts'

export const redirectUri = 'http://127.0.0.1:49152/callback/strict'
const nobody = { signal: new AbortController().signal, trace: () => {} }

/** A strict server, and a sign-in at it that has got as far as the answer. */
export async function victim(
  options: StrictServerOptions = {},
  changes: Partial<Definition> = {},
  settingsChanges: Partial<ClientSettings> = {},
) {
  const server = await startStrictServer(options)
  onTestFinished(() => server.close())
  const network = createNetwork({ timeoutMs: 2000 })
  onTestFinished(() => network.close())
  const oauth = createOAuth({ network, clock: systemClock })
  const settings: ClientSettings = {
    definition: server.definition(changes),
    clientId: server.clientId,
    clientSecret: server.clientSecret,
    clientAuthentication: options.authentication ?? 'none',
    variables: {},
    fallbackExpiry: null,
    ...settingsChanges,
  }
  const begin = () =>
    oauth.beginAuthorization(settings, {
      redirectUri,
      scopes: ['openid', 'profile', 'email', 'offline_access'],
      ...nobody,
    })
  const pending = await begin()
  const answer = (person?: PersonOptions) => signInAsPerson(pending.authorizationUrl, redirectUri, person)
  const finish = (url: URL) => oauth.finishAuthorization(settings, pending, url, nobody)
  return { server, oauth, settings, begin, pending, answer, finish }
}

/** How it was refused; a sign-in that works is a test that fails. */
export async function refusal(work: Promise<unknown>): Promise<FlowError> {
  const outcome = await work.then(
    () => null,
    (error: unknown) => error,
  )
  if (outcome instanceof FlowError) return outcome
  throw outcome ?? new Error('It was not refused.')
}

/** Whether the server was asked for a token at all. */
export const askedForTokens = (server: StrictServer) => server.tokenRequests.length > 0

const part = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT that says `alg: none`. */
export const unsigned = (claims: Record<string, unknown>) => `${part({ alg: 'none' })}.${part(claims)}.`

/** The claims of a JWT changed, its signature kept. */
export function altered(jwt: string, change: (claims: Record<string, unknown>) => Record<string, unknown>): string {
  const [header = '', claims = '', signature = ''] = jwt.split('.')
  return `${header}.${part(change(JSON.parse(Buffer.from(claims, 'base64url').toString())))}.${signature}`
}
