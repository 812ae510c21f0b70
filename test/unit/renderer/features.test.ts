import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { createInvalidator } from '../../../renderer/app/events.ts'
import { monogram } from '../../../renderer/components/mark.tsx'
import { claimRows } from '../../../renderer/features/account/claims.ts'
import { compareScopes } from '../../../renderer/features/account/compare-scopes.ts'
import { byDay } from '../../../renderer/features/activity/activity-look.ts'
import { firstScopes, places, splitList, startInput, stepsOf } from '../../../renderer/features/connect/draft.ts'
import { curlFor, filledBase, formatted, parseHeaders } from '../../../renderer/features/playground/request-draft.ts'
import { draftOf, errorsOf, saveInput } from '../../../renderer/features/providers/registration-draft.ts'
import { strength } from '../../../renderer/features/vault/strength.ts'
import { registrationInputSchema, requestInputSchema } from '../../../shared/contract.ts'
import { activityOf, makeAccount, providers, registrations } from './fake-data.ts'

function provider(id: string) {
  const found = providers.find((it) => it.id === id)
  if (!found) throw new Error(`There is no provider ${id} in the fixture.`)
  return found
}
const empty = { provider: null, registration: null, account: null }
const practice = { ...empty, provider: provider('practice') }
const google = { ...empty, provider: provider('google') }

describe('connecting', () => {
  it('[C8] takes scopes with commas or spaces', () => {
    expect(splitList(' openid, email\n profile,,email ')).toEqual(['openid', 'email', 'profile'])
    expect(splitList('  ')).toEqual([])
  })
  it('takes one step for practice and for signing in again, three at most', () => {
    expect(stepsOf(practice, false)).toEqual(['approve'])
    expect(stepsOf(google, true)).toEqual(['provider', 'registration', 'approve'])
    const account = makeAccount({ id: 'a', alias: 'a', provider: 'google', state: 'reauth_required' })
    expect(stepsOf({ ...google, account }, false)).toEqual(['approve'])
  })
  it('offers no window where the provider refuses it, nor where there is none', () => {
    expect(places(provider('google'), 'desktop')).toEqual(['browser', 'paste'])
    expect(places(provider('practice'), 'headless')).toEqual(['browser', 'paste'])
    expect(places(provider('practice'), 'desktop')).toContain('window')
  })
  it('ticks what the account had, else the registration, else the defaults', () => {
    const account = makeAccount({ id: 'a', alias: 'a', provider: 'google', state: 'active' })
    const [registration] = registrations.map((it) => ({ ...it, scopes: ['x'] }))
    if (!registration) throw new Error('The fixture is empty.')
    expect(firstScopes({ ...google, account })).toEqual(account.scopes_requested)
    expect(firstScopes({ ...google, registration })).toEqual(['x'])
    expect(firstScopes(google)).toEqual(
      provider('google')
        .scopes.filter((it) => it.default)
        .map((it) => it.name),
    )
  })
  it('names exactly one of provider, registration and account', () => {
    const choice = { scopes: ['openid'], via: 'browser', alias: ' work ' } as const
    expect(startInput(practice, { ...choice, scopes: ['openid'] })).toEqual({
      provider: 'practice',
      scopes: ['openid'],
      via: 'browser',
      alias: 'work',
    })
    const account = makeAccount({ id: 'a', alias: 'a', provider: 'google', state: 'active' })
    const again = startInput({ ...google, account, registration: registrations[0] ?? null }, { ...choice, scopes: [] })
    expect(again).toEqual({ account: 'a', scopes: [], via: 'browser' })
  })
})

describe('a registration as it is written', () => {
  const openid = provider('openid-connect')
  it('names the fields that are missing, required variables among them', () => {
    const errors = errorsOf(openid, { ...draftOf(openid, null), name: '', fallback_expiry: 'soon' })
    const variables = openid.variables.filter((it) => it.required && !it.default).map((it) => `variables.${it.name}`)
    expect(Object.keys(errors).sort()).toEqual(['client_id', 'fallback_expiry', 'name', ...variables].sort())
  })
  it('is what the contract takes; an untouched secret is absent, a removed one empty', () => {
    const [stored] = registrations
    if (!stored) throw new Error('The fixture is empty.')
    const draft = { ...draftOf(provider('google'), stored), extra_hosts: 'a.example, b.example' }
    const kept = registrationInputSchema.parse(saveInput(provider('google'), stored, draft))
    expect(kept).not.toHaveProperty('client_secret')
    expect(kept.extra_hosts).toEqual(['a.example', 'b.example'])
    expect(saveInput(provider('google'), stored, { ...draft, remove_secret: true }).client_secret).toBe('')
  })
})

describe('the playground', () => {
  it('reads headers line by line and names the wrong one', () => {
    expect(parseHeaders('Accept: text/plain\n\nX-Empty:\n').headers).toEqual({ Accept: 'text/plain', 'X-Empty': '' })
    expect(parseHeaders('Accept: a\nno colon').error).toContain('Line 2')
    expect(parseHeaders('bad name: x').error).toContain('Line 1')
  })
  it('fills the base URL from the registration, or has none', () => {
    expect(filledBase('https://{host}/v1', { host: 'a.example' })).toBe('https://a.example/v1')
    expect(filledBase('https://{host}/v1', { host: '' })).toBeNull()
    expect([filledBase(null, {}), filledBase('https://b.example', {})]).toEqual([null, 'https://b.example'])
  })
  it('sets JSON out and leaves the rest alone', () => {
    expect(formatted('{"a":1}', 'application/json').text).toBe('{\n  "a": 1\n}')
    expect(formatted('{broken', 'application/json')).toEqual({ text: '{broken', json: false })
  })

  it('copies a command that a shell reads as it was meant, without the key in it', () => {
    const folder = mkdtempSync(path.join(tmpdir(), "latchkey o'brien $HOME "))
    try {
      writeFileSync(path.join(folder, 'owner.key'), 'the-owner-key')
      const draft = {
        account: 'practice:ada',
        method: 'POST',
        url: "/api/echo?q='1'",
        headers: 'X-A: b c',
        body: '{"it\'s":"$HOME"}',
      } as const
      const command = curlFor(draft, { http: 'http://127.0.0.1:47321', profile: folder })
      expect(command).not.toContain('the-owner-key')
      // A shell with a curl that only shows its arguments.
      const shown = execFileSync('sh', ['-c', `curl() { for a in "$@"; do printf '%s\\0' "$a"; done; }\n${command}`])
      const [url, , authorization, , type, , body] = shown.toString().split('\0')
      expect(url).toBe('http://127.0.0.1:47321/v1/accounts/practice%3Aada/request')
      expect([authorization, type]).toEqual(['Authorization: Bearer the-owner-key', 'Content-Type: application/json'])
      expect(requestInputSchema.parse(JSON.parse(body ?? ''))).toMatchObject({
        method: 'POST',
        url: draft.url,
        headers: { 'X-A': 'b c' },
        body: draft.body,
      })
    } finally {
      rmSync(folder, { recursive: true })
    }
  })
})

describe('what is shown of tokens', () => {
  it('puts standard claims first, explained, and dates as people read them', () => {
    const now = Date.parse('2026-03-10T12:00:00Z')
    const rows = claimRows({ zz: { a: 1 }, exp: now / 1000 + 60, iss: 'https://i.example', roles: ['a', 'b'] }, now)
    expect(rows.map(({ name }) => name)).toEqual(['iss', 'exp', 'zz', 'roles'])
    expect(rows[1]?.time).toContain('in 1 minute')
    expect(rows[2]).toEqual({ name: 'zz', value: '{"a":1}', time: null, meaning: null })
    expect(rows[3]?.value).toBe('a, b')
  })
  it('survives claims that are no dates, or named like methods', () => {
    const rows = claimRows({ exp: 1e300, iat: 'x', toString: 1 }, 0)
    expect(rows.map(({ time }) => time)).toEqual([null, null, null])
    expect(rows.at(-1)?.meaning).toBeNull()
  })
  it('compares scopes', () => {
    expect(compareScopes(['a', 'b'], ['b', 'c'])).toEqual({ granted: ['b'], missing: ['a'], extra: ['c'] })
  })
})

describe('small things', () => {
  it('groups the log by day without losing or reordering anything', () => {
    const entries = activityOf([makeAccount({ id: 'a', alias: 'a', provider: 'google', state: 'active' })])
    const days = byDay(entries)
    expect(days.length).toBeGreaterThan(2)
    expect(days.flatMap((day) => day.entries)).toEqual(entries)
  })
  it('judges a passphrase by length and variety', () => {
    expect(['short', 'aaaaaaaaaaaaaaaaaaaa', 'password1', 'correct horse battery staple'].map(strength)).toEqual([
      0, 1, 1, 4,
    ])
  })
  it('makes a monogram of any script', () => {
    expect(['Google', 'open source', 'الأرشيف', '', '🦊 den'].map(monogram)).toEqual(['G', 'OS', 'ا', '?', '🦊D'])
  })
  it('asks once for what many events touched', async () => {
    const asked: unknown[] = []
    const done = new Promise<void>((resolve) => {
      const invalidate = createInvalidator(
        {
          invalidateQueries: async (filters) => {
            asked.push(filters?.queryKey)
            if (asked.length === 3) resolve()
          },
        },
        5,
      )
      for (let i = 0; i < 100; i += 1) invalidate({ type: 'account', account_id: `a${i % 2}`, state: 'active' })
    })
    await done
    expect(asked).toEqual([['accounts'], ['account', 'a0'], ['account', 'a1']])
  })
})
