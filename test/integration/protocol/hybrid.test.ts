import { expect, it, onTestFinished } from 'vitest'
import { signInAsPerson } from '../../doubles/person.ts'
import { startStrictServer } from '../../doubles/strict-server.ts'
import { altered, refusal } from '../../security/answers/support.ts'
import { newOAuth, quiet } from '../oauth/support.ts'

const redirectUri = 'https://127.0.0.1/callback/strict'

async function hybrid() {
  const server = await startStrictServer({ responseType: 'code id_token', authentication: 'client_secret_basic' })
  onTestFinished(() => server.close())
  const oauth = newOAuth()
  const settings = {
    definition: server.definition({ authorization: { response_type: 'code id_token' } }),
    clientId: server.clientId,
    clientSecret: server.clientSecret,
    clientAuthentication: 'client_secret_basic',
    variables: {},
    fallbackExpiry: null,
  }
  const pending = await oauth.beginAuthorization(settings, { redirectUri, scopes: ['openid', 'email'], ...quiet })
  const answer = await signInAsPerson(pending.authorizationUrl, redirectUri)
  return { answer, finish: (url: URL) => oauth.finishAuthorization(settings, pending, url, quiet) }
}

it('[D9] a code and an ID token in one answer (OpenID Connect Core 3.3)', async () => {
  const { answer, finish } = await hybrid()
  expect(answer.hash).toContain('id_token=')
  const { identity, tokens } = await finish(answer)
  expect(identity).toMatchObject({ subject: 'ada', email: 'ada@example.com' })
  expect(tokens.accessToken).toBeTruthy()
})

it('[F1] the ID token beside the code is checked, its signature too', async () => {
  const { answer, finish } = await hybrid()
  const parameters = new URLSearchParams(answer.hash.slice(1))
  parameters.set(
    'id_token',
    altered(parameters.get('id_token') ?? '', (claims) => ({ ...claims, sub: 'mallory' })),
  )
  answer.hash = parameters.toString()
  expect(await refusal(finish(answer))).toMatchObject({ failure: 'invalid_answer' })
})
