import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it('[F1] where a server forgets to check PKCE, the nonce refuses a stolen code’s ID token', async () => {
  const { server, answer, finish, begin, oauth, settings } = await victim()
  const quiet = { signal: new AbortController().signal, trace: () => {} }
  const stranger = await begin()
  let theirs: Record<string, unknown> = {}
  server.next({
    edit: (it) => {
      theirs = it
      return it
    },
  })
  const { signInAsPerson } = await import('../../doubles/person.ts')
  const their = await signInAsPerson(stranger.authorizationUrl, stranger.redirectUri, { user: 'mallory' })
  await oauth.finishAuthorization(settings, stranger, their, quiet)
  server.next({ edit: () => theirs })
  expect(await refusal(finish(await answer()))).toMatchObject({ failure: 'invalid_answer' })
})
