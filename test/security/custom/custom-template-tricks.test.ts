import { expect, it } from 'vitest'
import { never, provider, settingsOf, signIn } from '../../integration/custom/support.ts'

/** What a hostile or broken provider could try through the templates that a person wrote in good faith. */

const own = 'google-template'

it('a token answer cannot put a header of its own into a later request', async () => {
  const server = await provider()
  const settings = settingsOf(own, server, {
    requests: {
      token: { method: 'POST', url: `${server.base}/google/token`, data: { code: '{{ code }}' } },
      refresh: { method: 'POST', url: `${server.base}/google/token`, headers: { 'x-team': '{{ oauth.team }}' } },
    },
    identity: { sources: ['token_answer'], subject: ['sub'] },
  })
  const body = JSON.stringify({ access_token: 'a', refresh_token: 'r', team: 'x\r\nauthorization: Basic ZXZpbA==' })
  server.answerOnce('/google/token', { body })
  const { tokens, oauth } = await signIn(settings)
  await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({
    code: 'invalid_request',
    details: { field: 'requests.refresh.headers.x-team' },
  })
  expect(server.at('/google/token')).toHaveLength(1)
})

it('a token answer cannot lead a later request to another host by way of a host label', async () => {
  const server = await provider()
  const settings = settingsOf(own, server, {
    requests: {
      token: { method: 'POST', url: `${server.base}/google/token`, data: { code: '{{ code }}' } },
      revoke: {
        method: 'POST',
        url: 'https://{{ oauth.dc }}.api.example.com/revoke',
        data: { token: '{{ access_token }}' },
      },
    },
    identity: { sources: ['token_answer'], subject: ['sub'] },
  })
  for (const dc of ['evil.example/', 'evil.example#', 'a@evil.example', 'evil.example:443', 'x?']) {
    server.answerOnce('/google/token', { body: JSON.stringify({ access_token: 'a', dc }) })
    const { tokens, oauth } = await signIn(settings)
    await expect(oauth.revoke(settings, tokens, never)).rejects.toMatchObject({ code: 'invalid_request' })
  }
})

it('a token answer cannot send the identity request over plain http', async () => {
  const server = await provider()
  const settings = settingsOf('salesforce-template', server)
  server.answerOnce('/salesforce/token', { body: JSON.stringify({ access_token: 'a', id: 'http://evil.example/id' }) })
  await expect(signIn(settings)).rejects.toMatchObject({ code: 'invalid_request' })
})

it('a code with special characters cannot add parameters to the token request', async () => {
  const server = await provider()
  const settings = settingsOf(own, server)
  const tamper = (answer: URL) => {
    answer.searchParams.set('code', 'x&client_id=evil&redirect_uri=https://evil.example')
    return answer
  }
  await expect(signIn(settings, { tamper })).rejects.toMatchObject({ failure: 'provider_error' })
  expect(server.at('/google/token')[0]?.fields).toMatchObject({ client_id: server.clientId })
})

it('an answer that is an expression is not run a second time', async () => {
  const server = await provider()
  const settings = settingsOf(own, server)
  server.answerOnce('/google/token', {
    body: JSON.stringify({ access_token: 'a', refresh_token: '{{CLIENT_SECRET}}', scope: 's' }),
  })
  const { tokens, oauth } = await signIn(settings)
  await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({ kind: 'fatal' })
  expect(server.at('/google/token')[1]?.fields.refresh_token).toBe('{{CLIENT_SECRET}}')
})

it('an answer full of prototype names maps to nothing', async () => {
  const server = await provider()
  const settings = settingsOf(own, server, {
    requests: {
      token: { method: 'POST', url: `${server.base}/google/token`, data: { code: '{{ code }}' } },
      answer: { access_token: ['constructor.name', '__proto__.token', 'token'] },
    },
    identity: { sources: ['token_answer'], subject: ['sub'] },
  })
  server.answerOnce('/google/token', { body: '{"__proto__":{"admin":"yes"},"token":"real"}' })
  const { tokens } = await signIn(settings)
  expect(tokens.accessToken).toBe('real')
  expect(Object.hasOwn(Object.prototype, 'admin')).toBe(false)
})

it('a provider that repeats the client secret in its error does not get it shown', async () => {
  const server = await provider()
  const settings = settingsOf(own, server)
  const error_description = `client_secret ${server.clientSecret} is wrong`
  server.answerOnce('/google/token', {
    status: 401,
    body: JSON.stringify({ error: 'invalid_client', error_description }),
  })
  const failure = await signIn(settings).catch((it: unknown) => it)
  expect(failure).toMatchObject({ failure: 'invalid_client' })
  expect((failure as Error).message).not.toContain(server.clientSecret)
})

it('a deeply nested answer ends nothing but itself', async () => {
  const server = await provider()
  const settings = settingsOf(own, server)
  const { tokens, oauth } = await signIn(settings)
  server.answerOnce('/google/token', { body: `${'{"a":'.repeat(5000)}1${'}'.repeat(5000)}` })
  await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({ kind: 'transient' })
  expect((await oauth.refresh(settings, tokens, never)).accessToken).toBeTruthy()
})
