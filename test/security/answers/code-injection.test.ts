import { expect, it } from 'vitest'
import { refusal, victim } from './support.ts'

it('[F1] a stolen code in the victim’s answer is worth nothing: PKCE binds it to the sign-in that asked for it', async () => {
  const { server, begin, oauth, settings, answer, pending, finish } = await victim()
  const stolen = (await answer({ user: 'mallory' })).searchParams.get('code') ?? ''
  const own = await begin()
  const injected = new URL(own.redirectUri)
  injected.search = new URLSearchParams({ code: stolen, state: own.state, iss: server.issuer }).toString()
  const quiet = { signal: new AbortController().signal, trace: () => {} }
  const failure = await refusal(oauth.finishAuthorization(settings, own, injected, quiet))
  expect(failure.message).toContain('invalid_grant')
  expect(failure.message).not.toContain(stolen)
  expect(pending.codeVerifier).not.toBe(own.codeVerifier)
  void finish
})
