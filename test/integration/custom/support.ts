import { readFileSync } from 'node:fs'
import { onTestFinished } from 'vitest'
import { createOAuth } from '../../../electron/oauth/oauth.ts'
import type { ClientSettings, OAuth } from '../../../electron/oauth/ports.ts'
import { systemClock } from '../../../electron/platform/clock.ts'
import { createNetwork } from '../../../electron/platform/network.ts'
import { checkDefinition } from '../../../electron/providers/check.ts'
import type { Definition } from '../../../electron/providers/definition.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { startTemplateProvider, type TemplateProvider } from '../../doubles/template-provider.ts'

export const redirectUri = 'http://127.0.0.1:49152/callback/template'

/** The providers of the definitions, one for each path of the double. */
const hosts: Record<string, string> = {
  'https://accounts.google.com': '/google',
  'https://oauth2.googleapis.com': '/google',
  'https://foundry.example': '/foundry',
  'https://slack.example': '/slack',
  'https://github.example': '/github',
  'https://salesforce.example': '/salesforce',
}

/** A definition as it is written in test/fixtures/definitions, with nothing but its hosts replaced. */
export function definitionOf(name: string, server: TemplateProvider, changes: Partial<Definition> = {}): Definition {
  let text = readFileSync(new URL(`../../fixtures/definitions/${name}.json`, import.meta.url), 'utf8')
  for (const [host, path] of Object.entries(hosts)) text = text.replaceAll(host, server.base + path)
  const written = JSON.parse(text)
  const content = { ...written, ...changes, api: { ...written.api, private_network: true, ...changes.api } }
  return checkDefinition(`${name}.json`, content)
}

export async function provider(): Promise<TemplateProvider> {
  const server = await startTemplateProvider()
  onTestFinished(() => server.close())
  return server
}

export function settingsOf(
  name: string,
  server: TemplateProvider,
  changes: Partial<Definition> = {},
  client: Partial<ClientSettings> = {},
): ClientSettings {
  const definition = definitionOf(name, server, changes)
  const [clientAuthentication = 'none'] = definition.client_authentication
  return {
    definition,
    clientId: server.clientId,
    clientSecret: clientAuthentication === 'none' ? null : server.clientSecret,
    clientAuthentication,
    variables: {},
    fallbackExpiry: null,
    ...client,
  }
}

export const newOAuth = (): OAuth =>
  createOAuth({ network: createNetwork({ timeoutMs: 5000, maxBytes: 200_000 }), clock: systemClock })

/** A whole sign-in; `tamper` changes the answer on its way back. */
export async function signIn(
  settings: ClientSettings,
  options: { oauth?: OAuth; scopes?: string[]; redirectUri?: string; tamper?: (answer: URL) => URL } = {},
) {
  const oauth = options.oauth ?? newOAuth()
  const lines: string[] = []
  const run = { signal: new AbortController().signal, trace: (text: string) => void lines.push(text) }
  const uri = options.redirectUri ?? redirectUri
  const pending = await oauth.beginAuthorization(settings, {
    redirectUri: uri,
    scopes: options.scopes ?? ['a'],
    ...run,
  })
  const answer = await signInAsPerson(pending.authorizationUrl, uri)
  const result = await oauth.finishAuthorization(settings, pending, options.tamper?.(answer) ?? answer, run)
  return { ...result, pending, oauth, lines }
}

export const never = { signal: new AbortController().signal }
