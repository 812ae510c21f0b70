import * as client from 'openid-client'
import { CookieJar } from 'tough-cookie'
import type { Logger } from '../../../electron/platform/ports.ts'
import type { PersonId } from '../../../electron/services/practice/people.ts'
import { createPracticeService, type PracticeParts } from '../../../electron/services/practice/service.ts'
import { signInAt } from '../../doubles/practice-person.ts'

export const redirectUri = 'http://127.0.0.1:45678/callback/practice'
export const allScopes = 'openid profile email offline_access'

/** A practice provider over these stores, and openid-client as the client that connects to it. */
export async function startPractice(vault: PracticeParts['vault']) {
  const logged: { level: string; message: string; data: unknown }[] = []
  const at = (level: string) => (message: string, data?: unknown) => void logged.push({ level, message, data })
  const logger: Logger = { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error') }
  const practice = createPracticeService({ vault, clock: { now: Date.now }, logger })
  const { issuer, apiBaseUrl, clientId } = await practice.ensureRunning()
  const config = await client.discovery(new URL(issuer), clientId, undefined, client.None(), {
    execute: [client.allowInsecureRequests],
  })

  async function request(parameters: Record<string, string> = {}) {
    const verifier = client.randomPKCECodeVerifier()
    const state = client.randomState()
    const nonce = client.randomNonce()
    const url = client.buildAuthorizationUrl(config, {
      redirect_uri: redirectUri,
      scope: allScopes,
      state,
      nonce,
      prompt: 'consent',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      ...parameters,
    })
    const finish = (answer: URL) =>
      client.authorizationCodeGrant(config, answer, {
        pkceCodeVerifier: verifier,
        expectedState: state,
        expectedNonce: nonce,
        idTokenExpected: true,
      })
    return { url: url.href, finish }
  }

  async function connect(user: PersonId = 'ada', cookies = new CookieJar()) {
    const { url, finish } = await request()
    return finish(await signInAt(url, { user, approve: true, cookies }))
  }

  const call = (path: string, accessToken: string | undefined, init: RequestInit = {}) =>
    fetch(`${apiBaseUrl}${path}`, {
      ...init,
      headers: { ...(accessToken && { authorization: `Bearer ${accessToken}` }), ...init.headers },
    })

  const refresh = (refreshToken: string | undefined) => client.refreshTokenGrant(config, refreshToken ?? '')

  return { practice, issuer, apiBaseUrl, config, logged, request, connect, refresh, call }
}

export type PracticeWorld = Awaited<ReturnType<typeof startPractice>>

/** The OAuth error code that a request fails with. */
export async function errorCode(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => new Error('It did not fail.'),
    (reason: unknown) => reason,
  )
  if (error instanceof client.ResponseBodyError || error instanceof client.AuthorizationResponseError)
    return error.error
  throw error
}

/** Resolves once `condition` holds; the test's own time limit ends the wait. */
export async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setTimeout(resolve, 50))
}
