import { expect, it } from 'vitest'
import type { Injection } from '../../doubles/token-gate.ts'
import { everythingSeen, expectNothingLeaked, refusedRefresh, victim } from './support.ts'

const canary = 'canary-9f2b71d04c6ae835'
const raw = (body: string, contentType = 'application/json', status = 200): Injection => ({
  status,
  headers: { 'content-type': contentType },
  body,
})
const json = (body: unknown) => raw(JSON.stringify(body))
const page = `<!doctype html><title>Hotel</title><a href="/accept?token=${canary}">Accept the terms</a>`

it.each<[string, Injection]>([
  ['an array', json([{ access_token: canary, token_type: 'Bearer' }])],
  ['a text', json(canary)],
  ['a number', json(7)],
  ['null', json(null)],
  ['an access token that is a number', json({ access_token: 12_345_678, refresh_token: canary })],
  ['an access token that is an array', json({ access_token: [canary], refresh_token: canary })],
  ['an access token that is null', json({ access_token: null, refresh_token: canary })],
  ['an access token that is empty', json({ access_token: '', refresh_token: canary })],
  ['an access token under another name', json({ accessToken: canary, refresh_token: canary })],
  ['a refresh token that is an object', json({ access_token: canary, refresh_token: { value: canary } })],
  ['a token type that nobody knows', json({ access_token: canary, token_type: 'mac', refresh_token: canary })],
  ['a token type that is a number', json({ access_token: canary, token_type: 1, refresh_token: canary })],
  ['a token that is bound to somebody’s key', json({ access_token: canary, token_type: 'N_A' })],
  ['half an answer', raw(`{"access_token":"${canary}","refresh_tok`)],
  ['two answers in one', raw(`{"access_token":"${canary}"}{"access_token":"${canary}"}`)],
  ['an answer in single quotes', raw(`{'access_token':'${canary}'}`)],
  ['a script in place of an answer', raw(`callback({"access_token":"${canary}"})`, 'text/javascript')],
  ['a captive portal’s page', raw(page, 'text/html')],
  ['a captive portal’s page that says it is JSON', raw(page)],
  ['an XML answer', raw(`<token>${canary}</token>`, 'application/xml')],
  ['a form answer without a token', raw(`code=${canary}`, 'application/x-www-form-urlencoded')],
  ['an answer nested ten thousand deep', raw(`${'['.repeat(10_000)}"${canary}"${']'.repeat(10_000)}`)],
  ['an answer of six million letters', raw(`{"access_token":"${canary}${'a'.repeat(6_000_000)}"}`)],
  ['an error that is an object', json({ error: { code: 'invalid_grant', token: canary } })],
  ['an error that is a list', json({ error: ['invalid_grant', canary] })],
  ['invalid_grant in other letters', { status: 400, body: { error: 'Invalid_Grant', error_description: canary } }],
  ['invalid_grant in a page', raw(`<p>invalid_grant ${canary}`, 'text/html', 400)],
  ['invalid_grant under a 503', { status: 503, body: { error: 'invalid_grant', error_description: canary } }],
  ['a redirect with the token in it', { status: 307, headers: { location: `https://evil.example/?t=${canary}` } }],
  ['an error that is a script', { status: 400, body: { error: `<script>${canary}</script>` } }],
  ['an error of ten thousand letters', { status: 400, body: { error: `${canary}${'e'.repeat(10_000)}` } }],
])('[F8] %s loses no grant and tells no secret', async (_what, injection) => {
  const it = await victim()
  it.server.next(injection)
  const error = await refusedRefresh(it, it.id)
  expect(error.code).toMatch(/^provider_(unreachable|error)$/)
  expect(error.message.length).toBeLessThan(400)
  expect(it.state()).toBe('unreachable')
  expect(it.vault.tokens.get(it.id)).toEqual(it.grant)
  expectNothingLeaked(everythingSeen(it, error), canary, it.grant.refreshToken, it.grant.accessToken)
  expect((await it.tokens.fresh(it.id, { force: true })).refreshed).toBe(true)
  expect(it.state()).toBe('active')
})

it('[F8] invalid_grant with the refresh token in its description: the person is needed, and nothing is told', async () => {
  const it = await victim()
  const { refreshToken } = it.grant
  it.server.next({ status: 400, body: { error: 'invalid_grant', error_description: `No such token ${refreshToken}` } })
  const error = await refusedRefresh(it, it.id)
  expect(error.code).toBe('reauth_required')
  expect(it.state()).toBe('reauth_required')
  // Nothing is deleted: a provider that changes its mind finds the grant as it was.
  expect(it.vault.tokens.get(it.id)).toEqual(it.grant)
  expectNothingLeaked(everythingSeen(it, error), refreshToken, it.grant.accessToken)
})

it('[F8] a member given twice counts once, as JSON says: the last one', async () => {
  const it = await victim()
  it.server.next(raw('{"access_token":"first","access_token":"second","token_type":"Bearer","expires_in":60}'))
  expect((await it.tokens.fresh(it.id)).tokens).toMatchObject({
    accessToken: 'second',
    refreshToken: it.grant.refreshToken,
  })
})

it('[F8] members with the names of prototypes change nothing', async () => {
  const it = await victim()
  it.server.next(raw('{"access_token":"good","__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}'))
  expect((await it.tokens.fresh(it.id)).tokens.accessToken).toBe('good')
  expect(Object.hasOwn(Object.prototype, 'polluted')).toBe(false)
})

it.each([-1, 0, 'NaN', 'Infinity', '1e9', '0x10', true, [60], { seconds: 60 }])(
  '[F8] an expires_in of %j is no lifetime, and the token is good all the same',
  async (expires_in) => {
    const it = await victim()
    it.server.next({ status: 200, body: { access_token: 'good', token_type: 'Bearer', expires_in } })
    const { tokens } = await it.tokens.fresh(it.id)
    expect(tokens).toMatchObject({ accessToken: 'good', expiresAt: null, refreshToken: it.grant.refreshToken })
    expect(it.state()).toBe('active')
  },
)

it('[F8] an ID token about somebody else is not kept, and the rotated refresh token is', async () => {
  const it = await victim()
  const claims = Buffer.from(JSON.stringify({ iss: it.server.issuer, aud: it.server.clientId, sub: 'mallory' }))
  const id_token = `eyJhbGciOiJub25lIn0.${claims.toString('base64url')}.`
  it.server.next({ edit: (answer) => ({ ...answer, id_token }) })
  const { tokens } = await it.tokens.fresh(it.id)
  expect(tokens.idToken).toBe(it.grant.idToken)
  expect(tokens.refreshToken).not.toBe(it.grant.refreshToken)
  expect(it.vault.accounts.get(it.id)?.identity).toMatchObject({ subject: 'ada' })
})
