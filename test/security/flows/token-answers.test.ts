import { expect, it } from 'vitest'
import type { Injection } from '../../doubles/token-gate.ts'
import { world } from '../../integration/connect/world.ts'
import { everythingSeen, expectNothingLeaked } from './support.ts'

const canary = 'canary-9f2b71d04c6ae835'
const raw = (body: string, contentType = 'application/json', status = 200): Injection => ({
  status,
  headers: { 'content-type': contentType },
  body,
})
const json = (body: unknown) => raw(JSON.stringify(body))
const page = `<!doctype html><title>Hotel</title><a href="/accept?token=${canary}">Accept the terms</a>`

/** A sign-in of somebody who is connected already: what goes wrong must cost neither the old grant nor a secret. */
it.each<[string, Injection, string]>([
  ['an array', json([{ access_token: canary, token_type: 'Bearer' }]), 'invalid_answer'],
  ['a text', json(canary), 'invalid_answer'],
  ['null', json(null), 'invalid_answer'],
  ['nothing', raw(''), 'invalid_answer'],
  ['an access token that is a number', json({ access_token: 12_345_678, refresh_token: canary }), 'invalid_answer'],
  ['an access token that is an object', json({ access_token: { value: canary } }), 'invalid_answer'],
  ['an access token that is null', json({ access_token: null, refresh_token: canary }), 'invalid_answer'],
  ['an access token that is empty', json({ access_token: '', refresh_token: canary }), 'invalid_answer'],
  ['a token type that nobody knows', json({ access_token: canary, token_type: 'mac' }), 'invalid_answer'],
  ['an ID token that is a number', json({ access_token: canary, id_token: 7 }), 'invalid_answer'],
  ['an ID token of two parts', json({ access_token: canary, id_token: 'a.b' }), 'invalid_answer'],
  ['two answers in one', raw(`{"access_token":"${canary}"}{}`), 'invalid_answer'],
  ['a script', raw(`callback({"access_token":"${canary}"})`, 'text/javascript'), 'invalid_answer'],
  ['a captive portal’s page', raw(page, 'text/html'), 'invalid_answer'],
  ['a captive portal’s page that says it is JSON', raw(page), 'invalid_answer'],
  ['an answer of six million letters', raw(`{"access_token":"${canary}${'a'.repeat(6e6)}"}`), 'invalid_answer'],
  ['an answer nested ten thousand deep', raw(`${'['.repeat(1e4)}${']'.repeat(1e4)}`), 'invalid_answer'],
  ['a redirect', { status: 307, headers: { location: `https://evil.example/?t=${canary}` } }, 'provider_error'],
  ['an error that is a script', { status: 400, body: { error: '<script>alert(1)\r\n' } }, 'provider_error'],
  ['a closed connection', { reset: 'request' }, 'provider_unreachable'],
  ['an answer that is lost', { reset: 'answer' }, 'provider_unreachable'],
])(
  '[F1] %s in answer to the code: refused in words, no secret told, no account touched',
  async (_, injection, code) => {
    const it = await world()
    const before = await it.connectAs('ada')
    const grant = it.vault.tokens.get(before.account_id ?? '')

    const flow = await it.start({ account: before.account_id })
    const answer = await it.answerOf(flow, { user: 'ada' })
    it.server.next(injection)
    await fetch(answer)
    const ended = await it.settled(flow.id)
    expect(ended).toMatchObject({ state: 'failed', failure: { code } })
    expect(ended.failure?.message).toMatch(/^[^\r\n]{10,400}$/)
    expect(ended.failure?.remedy).toBeTruthy()
    expect(it.vault.tokens.get(before.account_id ?? '')).toEqual(grant)
    expect(it.vault.accounts.list()).toHaveLength(1)
    // One code, one try (RFC 6749 4.1.2).
    expect(it.server.tokenRequests).toEqual(['authorization_code', 'authorization_code'])
    const secrets = [canary, answer.searchParams.get('code'), grant?.refreshToken, grant?.accessToken]
    const shown = { ...ended, authorization_url: null }
    expectNothingLeaked(everythingSeen(it, shown), ...secrets)
    expect((await it.tokens.fresh(before.account_id ?? '', { force: true })).refreshed).toBe(true)
  },
)
