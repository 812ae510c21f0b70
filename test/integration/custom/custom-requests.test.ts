import { describe, expect, it } from 'vitest'
import { FlowError, RefreshError } from '../../../electron/oauth/ports.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { definitionOf, never, newOAuth, provider, redirectUri, settingsOf, signIn } from './support.ts'

describe('the published Google example', () => {
  it('[B1] [B2] [B8] runs as it is written: authenticate_url, then access_token with data', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server)
    const { tokens, pending } = await signIn(settings, { scopes: [] })

    const [asked] = server.at('/google/o/oauth2/v2/auth')
    expect(asked?.method).toBe('GET')
    expect(asked?.query).toEqual({
      client_id: server.clientId,
      redirect_uri: redirectUri,
      response_type: 'code',
      scope: 'https://www.googleapis.com/auth/drive.readonly',
      access_type: 'offline',
      prompt: 'consent',
      state: pending.state,
    })
    const [exchanged] = server.at('/google/token')
    expect(exchanged).toMatchObject({ method: 'POST', query: {} })
    expect(exchanged?.headers['content-type']).toBe('application/x-www-form-urlencoded')
    expect(exchanged?.fields).toEqual({
      grant_type: 'authorization_code',
      code: expect.stringMatching(/^4\//),
      client_id: server.clientId,
      client_secret: server.clientSecret,
      redirect_uri: redirectUri,
    })
    expect(tokens.refreshToken).toMatch(/^1\/\//)
    expect(tokens.scopes).toEqual(['https://www.googleapis.com/auth/drive.readonly'])
    expect(tokens.expirySource).toBe('expires_in')
  })

  it('[B3] [B6] refreshes by its template with {{oauth.refresh_token}} and stores the rotated one', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server)
    const { tokens, oauth } = await signIn(settings)
    const renewed = await oauth.refresh(settings, tokens, never)
    expect(server.at('/google/token')[1]?.fields).toEqual({
      grant_type: 'refresh_token',
      refresh_token: tokens.refreshToken,
      client_id: server.clientId,
      client_secret: server.clientSecret,
    })
    expect(renewed.accessToken).not.toBe(tokens.accessToken)
    expect(renewed.refreshToken).not.toBe(tokens.refreshToken)
    const again = await oauth.refresh(settings, renewed, never)
    expect(again.accessToken).not.toBe(renewed.accessToken)
  })

  it('[D3] tells who it is by a request of its own, by path with fallbacks', async () => {
    const server = await provider()
    const { identity } = await signIn(settingsOf('google-template', server))
    expect(identity).toMatchObject({ subject: '7', username: 'ada', email: 'ada@example.com', name: null })
  })

  it('[E13] ends the grant by its own revocation request', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server)
    const { tokens, oauth } = await signIn(settings)
    expect(await oauth.revoke(settings, tokens, never)).toBe(true)
    expect(server.at('/google/revoke')[0]?.fields).toEqual({ token: tokens.refreshToken })
    await expect(oauth.revoke(settings, tokens, never)).rejects.toMatchObject({ code: 'provider_error' })
    await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({ kind: 'fatal', code: 'invalid_grant' })
  })
})

describe('Foundry’s example', () => {
  it('[E9] exchanges and refreshes with a JSON body of exactly its inputs', async () => {
    const server = await provider()
    const settings = settingsOf('foundry-template', server)
    const { tokens, oauth } = await signIn(settings, { scopes: ['api:read'] })
    await oauth.refresh(settings, tokens, never)
    const [exchanged, refreshed] = server.at('/foundry/token')
    expect(exchanged?.headers['content-type']).toBe('application/json')
    expect(exchanged?.fields).toEqual({
      client_id: server.clientId,
      redirect_uri: redirectUri,
      authorization_code: expect.stringMatching(/^4\//),
      grant_type: 'authorization_code',
    })
    expect(refreshed?.fields).toEqual({
      client_id: server.clientId,
      redirect_uri: redirectUri,
      refresh_token: tokens.refreshToken,
      grant_type: 'refresh_token',
    })
  })

  it('[E10] reads access_token and scope, and an expires_in that is a string', async () => {
    const server = await provider()
    const { tokens } = await signIn(settingsOf('foundry-template', server), { scopes: ['api:read'] })
    expect(tokens.scopes).toEqual(['api:read'])
    expect(tokens.expirySource).toBe('expires_in')
    expect((tokens.expiresAt ?? 0) - tokens.obtainedAt).toBe(3_600_000)
  })

  it('[E10] refresh_token and expires_in may be absent', async () => {
    const server = await provider()
    server.answerOnce('/foundry/token', { body: '{"access_token":"only","scope":"api:read"}' })
    const { tokens } = await signIn(settingsOf('foundry-template', server))
    expect(tokens).toMatchObject({ accessToken: 'only', refreshToken: null, expiresAt: null, scopes: ['api:read'] })
  })

  it.each([
    ['access_token', '{"scope":"api:read","token":"secret-value"}'],
    ['scope', '{"access_token":"secret-value"}'],
  ])('[E10] an answer without %s is refused by that name, and its values are not repeated', async (field, body) => {
    const server = await provider()
    server.answerOnce('/foundry/token', { body })
    const error = await signIn(settingsOf('foundry-template', server)).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(FlowError)
    expect(error).toMatchObject({
      failure: 'invalid_answer',
      message: expect.stringContaining(`no ${field} at ${field}`),
    })
    expect(String((error as Error).message)).not.toContain('secret-value')
  })

  it('[E10] a refresh that leaves the scope out keeps the old one instead of losing the grant', async () => {
    const server = await provider()
    const settings = settingsOf('foundry-template', server)
    const { tokens, oauth } = await signIn(settings, { scopes: ['api:read'] })
    server.answerOnce('/foundry/token', { body: '{"access_token":"next","refresh_token":"rotated"}' })
    const renewed = await oauth.refresh(settings, tokens, never)
    expect(renewed).toMatchObject({ accessToken: 'next', refreshToken: 'rotated', scopes: ['api:read'] })
  })
})

describe('a custom request', () => {
  it('[B3] without a refresh template the token counts as permanent', async () => {
    const server = await provider()
    const { requests } = definitionOf('google-template', server)
    const { refresh: _, ...rest } = requests ?? {}
    const settings = settingsOf('google-template', server, { requests: rest })
    const { tokens, oauth } = await signIn(settings)
    expect(tokens).toMatchObject({ refreshToken: null, expiresAt: null, expirySource: 'unknown' })
    // The refresh token that came along is still there for the revocation's template.
    expect(await oauth.revoke(settings, tokens, never)).toBe(true)
  })

  it('[B5] {{ redirect_url }} is the sign-in’s own, and stays what it was for the refresh', async () => {
    const server = await provider()
    const settings = settingsOf('foundry-template', server)
    const one = await signIn(settings, { redirectUri: 'http://127.0.0.1:50001/callback/foundry' })
    const two = await signIn(settings, { redirectUri: 'http://127.0.0.1:50002/callback/foundry' })
    await one.oauth.refresh(settings, one.tokens, never)
    await two.oauth.refresh(settings, two.tokens, never)
    expect(server.at('/foundry/token').map(({ fields }) => fields.redirect_uri)).toEqual([
      'http://127.0.0.1:50001/callback/foundry',
      'http://127.0.0.1:50002/callback/foundry',
      'http://127.0.0.1:50001/callback/foundry',
      'http://127.0.0.1:50002/callback/foundry',
    ])
  })

  it('[B7] a template that wants CLIENT_SECRET says so when the registration has none', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server, {}, { clientSecret: null, clientAuthentication: 'none' })
    const error = await signIn(settings).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(LatchkeyError)
    expect(error).toMatchObject({ code: 'invalid_request', details: { field: 'requests.token.data.client_secret' } })
    expect(server.at('/google/token')).toEqual([])
  })

  it('[B8] parameters may stand in the query of a GET', async () => {
    const server = await provider()
    server.answerOnce('/google/token', { body: '{"access_token":"from-a-get"}' })
    const data = { code: '{{ code }}', client: '{{ CLIENT_ID }}' }
    const settings = settingsOf('google-template', server, {
      requests: { token: { method: 'GET', url: `${server.base}/google/token?fixed=1`, data } },
      identity: { sources: ['token_answer'], subject: ['sub'] },
    })
    const { tokens } = await signIn(settings)
    expect(tokens.accessToken).toBe('from-a-get')
    const [asked] = server.at('/google/token')
    expect(asked).toMatchObject({ method: 'GET', body: '', query: { fixed: '1', client: server.clientId } })
    expect(asked?.query.code).toMatch(/^4\//)
  })

  it('[A4] brings its code_verifier along although the template does not mention PKCE', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server, { pkce: 'S256' })
    const { tokens } = await signIn(settings)
    expect(tokens.accessToken).toBeTruthy()
    expect(server.at('/google/o/oauth2/v2/auth')[0]?.query.code_challenge_method).toBe('S256')
    expect(server.at('/google/token')[0]?.fields.code_verifier).toMatch(/^[\w-]{43}$/)
  })

  it('[B1] an authenticate_url that fixes its own state still gets a new one', async () => {
    const server = await provider()
    const { authorization } = definitionOf('google-template', server)
    const settings = settingsOf('google-template', server, {
      authorization: { url: `${authorization?.url}&state=fixed` },
    })
    const { pending } = await signIn(settings)
    expect(server.at('/google/o/oauth2/v2/auth')[0]?.query.state).toBe(pending.state)
    expect(pending.state).not.toBe('fixed')
  })

  it('checks the state before any template runs', async () => {
    const server = await provider()
    const tamper = (answer: URL) => {
      answer.searchParams.set('state', 'another')
      return answer
    }
    await expect(signIn(settingsOf('google-template', server), { tamper })).rejects.toMatchObject({
      failure: 'state_mismatch',
    })
    expect(server.at('/google/token')).toEqual([])
  })
})

describe('answers with manners of their own', () => {
  it('Slack: the nested user token, its secret in the Authorization header as the registration says', async () => {
    const server = await provider()
    const settings = settingsOf('slack-template', server)
    const { tokens, identity, oauth } = await signIn(settings, { scopes: ['users:read', 'chat:write'] })
    expect(tokens).toMatchObject({ tokenType: 'Bearer', scopes: ['users:read', 'chat:write'] })
    expect(tokens.extra).toMatchObject({ 'team.id': 'T1', 'team.name': 'Difference Engine' })
    expect(identity).toMatchObject({ subject: 'U1' })
    const renewed = await oauth.refresh(settings, tokens, never)
    expect(renewed.refreshToken).not.toBe(tokens.refreshToken)
    expect(renewed.extra).toMatchObject({ 'team.id': 'T1' })
  })

  it('Slack: ok:false with HTTP 200 ends the sign-in with the error’s name', async () => {
    const server = await provider()
    server.answerOnce('/slack/oauth.v2.access', { body: '{"ok":false,"error":"team_access_not_granted"}' })
    await expect(signIn(settingsOf('slack-template', server))).rejects.toMatchObject({
      failure: 'provider_error',
      message: expect.stringContaining('team_access_not_granted'),
    })
  })

  it.each([
    ['invalid_refresh_token', 'fatal'],
    ['ratelimited', 'transient'],
    ['bad_client_secret', 'refused'],
  ])('Slack: ok:false with %s at a refresh is %s', async (name, kind) => {
    const server = await provider()
    const settings = settingsOf('slack-template', server)
    const { tokens, oauth } = await signIn(settings)
    server.answerOnce('/slack/oauth.v2.access', { body: JSON.stringify({ ok: false, error: name }) })
    await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({ kind, code: name })
  })

  it('GitHub: a form-encoded answer, and a form-encoded error with HTTP 200', async () => {
    const server = await provider()
    const settings = settingsOf('github-template', server)
    const { tokens, identity } = await signIn(settings)
    expect(tokens).toMatchObject({ scopes: ['repo', 'gist'], refreshToken: null, expiresAt: null })
    expect(identity).toMatchObject({ subject: '7', username: 'ada' })
    const error = { error: 'bad_verification_code', error_description: 'The code is incorrect or expired.' }
    const contentType = 'application/x-www-form-urlencoded'
    server.answerOnce('/github/token', { body: new URLSearchParams(error).toString(), contentType })
    await expect(signIn(settings)).rejects.toMatchObject({ message: expect.stringContaining('bad_verification_code') })
  })

  it('Salesforce: instance_url is kept, and oauth.id is where it tells who it is', async () => {
    const server = await provider()
    const settings = settingsOf('salesforce-template', server)
    const { tokens, identity } = await signIn(settings)
    expect(tokens.extra).toMatchObject({ instance_url: `${server.base}/salesforce/instance` })
    expect(identity).toMatchObject({ subject: '005', name: 'Ada Lovelace', email: 'ada@example.com' })
  })

  it('plain text: the whole answer stands under the name text', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server, {
      requests: {
        token: { method: 'POST', url: `${server.base}/text/token`, data: { code: '{{ code }}' } },
        answer: { access_token: ['text'] },
      },
      identity: { sources: ['token_answer'], subject: ['sub'] },
    })
    const { tokens } = await signIn(settings)
    expect(tokens.accessToken).toHaveLength(32)
  })
})

describe('what can go wrong', () => {
  const portal = { contentType: 'text/html', body: '<html><h1>Welcome to the hotel</h1></html>' }

  it('a captive portal’s page in place of the answer is named at the sign-in and harmless at a refresh', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server)
    const { tokens, oauth } = await signIn(settings)
    server.answerOnce('/google/token', portal)
    await expect(signIn(settings)).rejects.toMatchObject({
      failure: 'invalid_answer',
      message: expect.stringContaining('was not JSON'),
    })
    server.answerOnce('/google/token', portal)
    const error = await oauth.refresh(settings, tokens, never).catch((it: unknown) => it)
    expect(error).toBeInstanceOf(RefreshError)
    expect(error).toMatchObject({ kind: 'transient', code: 'invalid_answer' })
    expect((await oauth.refresh(settings, tokens, never)).accessToken).toBeTruthy()
  })

  it('a redirect of the token request is not followed', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server, {
      endpoints: { authorization: `${server.base}/google/authorize`, token: `${server.base}/google/token` },
    })
    server.answerOnce('/google/token', { status: 302, body: '' })
    await expect(signIn(settings)).rejects.toBeInstanceOf(FlowError)
    expect(server.at('/google/token')).toHaveLength(1)
  })

  it('a huge answer is cut off and keeps the grant', async () => {
    const server = await provider()
    const settings = settingsOf('google-template', server)
    const { tokens, oauth } = await signIn(settings)
    server.answerOnce('/google/token', { body: JSON.stringify({ access_token: 'x'.repeat(300_000) }) })
    await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({ kind: 'transient' })
  })

  it.each([503, 429, 408])('HTTP %s at a refresh keeps the grant', async (status) => {
    const server = await provider()
    const settings = settingsOf('google-template', server)
    const { tokens, oauth } = await signIn(settings)
    server.answerOnce('/google/token', { status, body: '{}' })
    await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({ kind: 'transient' })
  })

  it('a variable that nothing fills is named, with where it stands, before anything is sent', async () => {
    const server = await provider()
    const { requests } = definitionOf('google-template', server)
    const refresh = { method: 'POST' as const, url: `${server.base}/google/token`, data: { t: '{{ oauth.tenant }}' } }
    const settings = settingsOf('google-template', server, { requests: { ...requests, refresh } })
    const { tokens } = await signIn(settings)
    await expect(newOAuth().refresh(settings, tokens, never)).rejects.toMatchObject({
      code: 'invalid_request',
      message: expect.stringContaining('the token answer held no “tenant”'),
      details: { field: 'requests.refresh.data.t' },
    })
    expect(server.at('/google/token')).toHaveLength(1)
  })

  it('an answer that does not hold what the mapping names says so at a refresh, and keeps the grant', async () => {
    const server = await provider()
    const settings = settingsOf('slack-template', server)
    const { tokens, oauth } = await signIn(settings)
    server.answerOnce('/slack/oauth.v2.access', { body: '{"ok":true,"authed_user":{"id":"U1"}}' })
    await expect(oauth.refresh(settings, tokens, never)).rejects.toMatchObject({
      kind: 'transient',
      message: expect.stringContaining('no access_token at authed_user.access_token or access_token'),
    })
  })
})
