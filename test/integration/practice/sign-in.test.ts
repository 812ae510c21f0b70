import { fetchUserInfo } from 'openid-client'
import { CookieJar } from 'tough-cookie'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { LatchkeyError } from '../../../shared/errors.ts'
import { signInAt } from '../../doubles/practice-person.ts'
import { memoryVault } from './stores.ts'
import { errorCode, type PracticeWorld, startPractice } from './world.ts'

let world: PracticeWorld
beforeAll(async () => {
  world = await startPractice(memoryVault())
})
afterAll(() => world.practice.stop())

it('[F1] gives a code for PKCE, state and iss, and tokens for the code', async () => {
  const { url, finish } = await world.request()
  const answer = await signInAt(url, { user: 'ada', approve: true })
  expect(answer.searchParams.get('iss')).toBe(world.issuer)

  const tokens = await finish(answer)
  expect(tokens.token_type).toBe('bearer')
  expect(tokens.expires_in).toBe(300)
  expect(tokens.scope).toBe('openid profile email offline_access')
  expect(tokens.refresh_token).toBeTruthy()
  expect(tokens.access_token).not.toContain('.')
  expect(tokens.claims()).toMatchObject({
    iss: world.issuer,
    sub: 'ada',
    name: 'Ada Lovelace',
    preferred_username: 'ada',
    email: 'ada@practice.example',
    email_verified: true,
  })
  const told = await fetchUserInfo(world.config, tokens.access_token, 'ada')
  expect(told).toMatchObject({ sub: 'ada', name: 'Ada Lovelace', email: 'ada@practice.example' })
})

it('gives a refresh token without offline_access too, and only the claims that were asked for', async () => {
  const { url, finish } = await world.request({ scope: 'openid', prompt: 'login' })
  const tokens = await finish(await signInAt(url, { user: 'grace', approve: true }))
  expect(tokens.refresh_token).toBeTruthy()
  expect(tokens.claims()?.sub).toBe('grace')
  expect(tokens.claims()).not.toHaveProperty('email')
})

it('says access_denied when the person says no', async () => {
  const { url, finish } = await world.request()
  const answer = await signInAt(url, { user: 'ada', approve: false })
  expect(answer.searchParams.get('error')).toBe('access_denied')
  expect(answer.searchParams.get('iss')).toBe(world.issuer)
  expect(await errorCode(finish(answer))).toBe('access_denied')
})

it('says access_denied when the person cancels before choosing an account', async () => {
  const cookies = new CookieJar()
  const { url } = await world.request()
  const started = await fetch(url, { redirect: 'manual' })
  for (const cookie of started.headers.getSetCookie()) await cookies.setCookie(cookie, url)
  let at = new URL(started.headers.get('location') ?? '', url)
  const denied = await fetch(at, {
    method: 'POST',
    body: new URLSearchParams({ decision: 'deny' }),
    headers: { cookie: await cookies.getCookieString(at.href) },
    redirect: 'manual',
  })
  at = new URL(denied.headers.get('location') ?? '', at)
  const sentBack = await fetch(at, { headers: { cookie: await cookies.getCookieString(at.href) }, redirect: 'manual' })
  expect(new URL(sentBack.headers.get('location') ?? '').searchParams.get('error')).toBe('access_denied')
})

it('asks who it is each time, so that one browser connects several accounts', async () => {
  const browser = new CookieJar()
  const first = await world.connect('ada', browser)
  const second = await world.connect('grace', browser)
  expect([first.claims()?.sub, second.claims()?.sub]).toEqual(['ada', 'grace'])
})

it('begins again, with the same request, when another account is wanted on the consent page', async () => {
  const cookies = new CookieJar()
  const browse = async (address: string | URL, body?: Record<string, string>) => {
    let url = new URL(address)
    let init: RequestInit = body ? { method: 'POST', body: new URLSearchParams(body) } : {}
    for (;;) {
      const cookie = await cookies.getCookieString(url.href)
      const response = await fetch(url, { ...init, headers: { cookie }, redirect: 'manual' })
      for (const set of response.headers.getSetCookie()) await cookies.setCookie(set, url.href)
      const location = response.headers.get('location')
      if (location === null) return { url, text: await response.text() }
      url = new URL(location, url)
      init = {}
    }
  }
  const { url, finish } = await world.request()
  const chooser = await browse(url)
  const consent = await browse(chooser.url, { account: 'ada' })
  const link = /<a href="([^"]+)" aria-label="Switch account">/.exec(consent.text)?.[1] ?? ''
  const again = new URL(link.replaceAll('&amp;', '&'), world.issuer)
  const tokens = await finish(await signInAt(again.href, { user: 'grace', approve: true, cookies }))
  expect(tokens.claims()?.sub).toBe('grace')
  // A form of the page before, or with nonsense in it, shows the question again and decides nothing.
  const late = await browse(consent.url, { account: 'grace' })
  expect(late.text).toContain('Ada Lovelace')
  expect(late.text).toContain('Allow')
})

it('keeps two sign-ins in one browser apart while both are under way', async () => {
  const browser = new CookieJar()
  const both = await Promise.all([world.request(), world.request()])
  const answers = await Promise.all([
    signInAt(both[0].url, { user: 'ada', approve: true, cookies: browser }),
    signInAt(both[1].url, { user: 'grace', approve: true, cookies: browser }),
  ])
  const tokens = await Promise.all([both[0].finish(answers[0]), both[1].finish(answers[1])])
  expect(tokens.map((it) => it.claims()?.sub)).toEqual(['ada', 'grace'])
})

it('does not go on with a sign-in that another browser began', async () => {
  const { url } = await world.request()
  const begun = await fetch(url, { redirect: 'manual' })
  const elsewhere = await fetch(new URL(begun.headers.get('location') ?? '', url))
  expect(elsewhere.status).toBe(400)
  expect(await elsewhere.text()).toContain('cannot go on')
})

it.each([
  ['no code challenge', { code_challenge: '', code_challenge_method: '' }, 'invalid_request'],
  ['plain instead of S256', { code_challenge_method: 'plain' }, 'invalid_request'],
  ['a scope with an illegal character', { scope: 'openid "x"' }, 'invalid_scope'],
  ['nobody to ask', { prompt: 'none' }, 'login_required'],
])('refuses an authorization request with %s', async (_what, parameters, error) => {
  const { url } = await world.request(parameters)
  const answer = await signInAt(url, { user: 'ada', approve: true })
  expect(answer.searchParams.get('error')).toBe(error)
})

it.each([
  ['another path', 'http://127.0.0.1:45678/callback/other'],
  ['another machine', 'http://192.0.2.1:45678/callback/practice'],
  ['another name of this machine', 'http://localhost:45678/callback/practice'],
])('sends nobody to %s', async (_what, redirect_uri) => {
  const { url } = await world.request({ redirect_uri })
  const response = await fetch(url, { redirect: 'manual', headers: { accept: 'text/html' } })
  expect(response.status).toBe(400)
  expect(response.headers.get('location')).toBeNull()
  expect(await response.text()).toContain('invalid_redirect_uri')
})

it('accepts a code once, and ends what came of it when it comes again', async () => {
  const { url, finish } = await world.request()
  const answer = await signInAt(url, { user: 'ada', approve: true })
  const tokens = await finish(answer)
  expect(await errorCode(finish(answer))).toBe('invalid_grant')
  expect((await world.call('/api/me', tokens.access_token)).status).toBe(401)
})

it('shows pages without scripts, under a policy that allows none, and nothing from elsewhere', async () => {
  const { url } = await world.request({ login_hint: 'grace' })
  const begun = await fetch(url, { redirect: 'manual' })
  const cookie = begun.headers
    .getSetCookie()
    .map((it) => it.split(';', 1)[0])
    .join('; ')
  const page = await fetch(new URL(begun.headers.get('location') ?? '', url), { headers: { cookie } })
  const policy = page.headers.get('content-security-policy') ?? ''
  expect(policy).toContain("default-src 'none'")
  expect(policy).toContain("frame-ancestors 'none'")
  // A browser holds the redirect after the form against form-action too.
  expect(policy).toContain("form-action 'self' http://127.0.0.1:45678;")
  expect(policy).not.toContain('unsafe')
  expect(page.headers.get('cache-control')).toBe('no-store')
  const text = await page.text()
  expect(text).not.toMatch(/<script|src=|https?:\/\//)
  expect(text.indexOf('Grace Hopper')).toBeLessThan(text.indexOf('Ada Lovelace'))
})

it('plays the person on this machine only', async () => {
  const elsewhere = signInAt('https://accounts.example/authorize', { user: 'ada', approve: true })
  await expect(elsewhere).rejects.toThrow(LatchkeyError)
  const broken = signInAt(`${world.issuer}/authorize?client_id=nobody`, { user: 'ada', approve: true })
  await expect(broken).rejects.toThrow(/led nowhere.*invalid_client/)
})
