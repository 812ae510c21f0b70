import { describe, expect, it } from 'vitest'
import { touchedBy } from '../../../renderer/app/events.ts'
import { paths, placeOf } from '../../../renderer/app/routes.ts'
import { plainLine } from '../../../renderer/components/plain-text.ts'
import { placeText, stopsText } from '../../../renderer/features/account/usage-text.ts'
import { isKnown } from '../../../renderer/features/apps/caller.tsx'
import {
  covers,
  draftOfPermission,
  draftOfWant,
  emptyDraft,
  endProblem,
  grantOf,
  isHost,
  momentOf,
  ownAccounts,
  permissionInput,
  policyHosts,
  problemsOf,
} from '../../../renderer/features/apps/permission-draft.ts'
import { waitingAsks } from '../../../renderer/features/apps/waiting.ts'
import { wantText } from '../../../renderer/features/apps/want-text.ts'
import { permissionInputSchema, type Usage, type Want } from '../../../shared/contract-apps.ts'
import { asks } from './fake-apps-data.ts'
import { makeAccount, providers, registrations } from './fake-data.ts'

const now = new Date(2026, 10, 21, 12).getTime()
const want = (change: Partial<Want> = {}): Want => ({
  account: 'google:ada',
  account_id: 'a1',
  provider: 'google',
  rights: ['request'],
  hosts: [],
  methods: [],
  path_prefix: null,
  ...change,
})
const visible = (text: string) => text.replace(/[\u2068\u2069]/g, '')

describe('what a program wants, as the person finds it in the sheet', () => {
  it('[F11] never comes with tokens or managing switched on, and with no right that was not asked for', () => {
    const draft = draftOfWant(want({ rights: ['request', 'token', 'manage', 'see'] }))
    expect(draft.rights).toEqual(['request', 'see'])
    expect(draftOfWant(want({ rights: ['token'] })).rights).toEqual([])
    expect(problemsOf(draftOfWant(want({ rights: ['token'] })), now)).toHaveProperty('rights')
  })

  it('[F11] has the account when it is known, and is not complete without one', () => {
    expect(draftOfWant(want()).account).toBe('a1')
    const unknown = draftOfWant(want({ account: 'my mail', account_id: null }))
    expect(unknown.account).toBe('')
    expect(problemsOf(unknown, now)).toEqual({ account: 'Choose an account, or leave this out.' })
    expect(problemsOf({ ...unknown, on: false }, now)).toEqual({})
  })

  it('[F11] is for accounts of its own when it wants to sign in and names none', () => {
    const draft = draftOfWant(want({ account: null, account_id: null, rights: ['connect', 'see'] }))
    expect(draft.account).toBe(ownAccounts)
    expect(permissionInput(draft, now)).toMatchObject({ account: null, rights: ['connect', 'see'] })
  })

  it('is not complete for accounts of its own that it could never connect', () => {
    const own = { ...emptyDraft(), account: ownAccounts, rights: ['request' as const] }
    expect(problemsOf(own, now)).toHaveProperty('rights')
    expect(problemsOf({ ...own, rights: ['request', 'connect'] }, now)).toEqual({})
  })

  it('keeps hosts, methods and path', () => {
    const narrow = want({ hosts: ['a.example'], methods: ['GET'], path_prefix: '/v1' })
    expect(permissionInput(draftOfWant(narrow), now)).toMatchObject({
      hosts: ['a.example'],
      methods: ['GET'],
      path_prefix: '/v1',
    })
    expect(draftOfWant(narrow)).toMatchObject({ hostWay: 'some', methodWay: 'read' })
    expect(draftOfWant(want({ methods: ['GET', 'DELETE'] })).methodWay).toBe('some')
  })
})

describe('a permission as it is written', () => {
  const draft = { ...emptyDraft(), account: 'a1' }

  it('[G3] is what the contract takes', () => {
    const written = { ...draft, hostWay: 'some' as const, hosts: ['a.example'], path: ' /v1 ', until: 'date' as const }
    const input = permissionInput({ ...written, date: '2026-12-20' }, now)
    expect(permissionInputSchema.parse(input)).toEqual(input)
    expect(input).toMatchObject({ path_prefix: '/v1', hosts: ['a.example'], methods: [] })
    expect(new Date(input.until ?? '').getDate()).toBe(20)
  })

  it('[G3] does not become wider when the last host or method is taken away', () => {
    const none = { ...draft, hostWay: 'some' as const, hosts: [], methodWay: 'some' as const, methods: [] }
    expect(Object.keys(problemsOf(none, now)).sort()).toEqual(['hosts', 'methods'])
  })

  it('[G3] has no limits that would narrow nothing: they are for requests alone', () => {
    const tokenOnly = {
      ...draft,
      rights: ['token' as const],
      hostWay: 'some' as const,
      hosts: ['a.example'],
      path: 'x',
    }
    expect(problemsOf(tokenOnly, now)).toEqual({})
    expect(permissionInput(tokenOnly, now)).toMatchObject({ hosts: [], methods: [], path_prefix: null })
  })

  it('names a path and a day that cannot be', () => {
    for (const path of ['v1', '/a b', '/a?b', '/a#b'])
      expect(problemsOf({ ...draft, path }, now)).toHaveProperty('path')
    expect(problemsOf({ ...draft, path: '/v1/me' }, now)).toEqual({})
    for (const date of ['', '2026-11-20', 'soon']) expect(endProblem({ until: 'date', date }, now)).not.toBeNull()
    expect(endProblem({ until: 'date', date: '2026-11-21' }, now)).toBeNull()
  })

  it('ends when the person said', () => {
    const days = (until: 'day' | 'month' | 'year') =>
      (Date.parse(momentOf({ until, date: '' }, now) ?? '') - now) / 86_400_000
    expect([days('day'), days('month'), days('year')]).toEqual([1, 30, 365])
    expect(momentOf({ until: 'none', date: '' }, now)).toBeNull()
  })

  it('comes back from a stored one as it was', () => {
    const stored = {
      id: 'p',
      app_id: 'a',
      account_id: null,
      rights: ['connect' as const, 'request' as const],
      hosts: ['*.a.example'],
      methods: ['POST' as const],
      path_prefix: '/x',
      until: null,
      created_at: '',
      updated_at: '',
    }
    expect(permissionInput(draftOfPermission(stored), now)).toEqual({
      account: null,
      rights: stored.rights,
      hosts: stored.hosts,
      methods: stored.methods,
      path_prefix: '/x',
      until: null,
    })
  })

  it('says its sentence also while it is unfinished', () => {
    const unfinished = { ...draft, until: 'date' as const, date: 'x' }
    expect(grantOf(unfinished, 'A', 'b', now).until).toBeNull()
  })
})

describe('hosts', () => {
  it('offers those of the account, each once, the wide ones for the narrow', () => {
    const google = providers.find((it) => it.id === 'google')
    const [registration] = registrations
    if (!registration) throw new Error('The fixture is empty.')
    expect(policyHosts(google, { ...registration, extra_hosts: ['mail.example.org'] }, undefined)).toEqual([
      '*.googleapis.com',
      'mail.example.org',
    ])
    const practice = providers.find((it) => it.id === 'practice')
    const running = { running: true, issuer: null, api_base_url: 'http://127.0.0.1:41763', access_token_lifetime: 60 }
    expect(policyHosts(practice, undefined, running)).toEqual(['127.0.0.1:41763'])
    expect(policyHosts(undefined, undefined, undefined)).toEqual([])
  })
  it('a star covers what is below, not the name itself nor another ending', () => {
    expect(covers('*.a.example', 'x.a.example')).toBe(true)
    expect(covers('*.a.example', '*.x.a.example')).toBe(true)
    expect(
      ['a.example', 'xa.example', 'a.example.evil', 'x.a.example:8443'].map((it) => covers('*.a.example', it)),
    ).toEqual([false, false, false, false])
  })
  it('takes hosts and no URLs', () => {
    for (const host of ['a.example', '*.a.example', 'a.example:8443', '127.0.0.1:80', '[::1]:80', 'localhost'])
      expect(isHost(host), host).toBe(true)
    for (const text of ['https://a.example', 'a.example/x', 'a b', '*', '*.', 'a@b', '', 'a..b'])
      expect(isHost(text), text).toBe(false)
  })
})

describe('asks', () => {
  it('[E17] wait until their time is over; the one that ends first comes first', () => {
    const [first, second] = asks
    if (!first || !second) throw new Error('The fixture is empty.')
    const later = Date.parse(first.expires_at) - 1000
    expect(waitingAsks([second, first], later).map(({ id }) => id)).toEqual(['ask_1', 'ask_2'])
    expect(waitingAsks([second, first], later + 2000).map(({ id }) => id)).toEqual(['ask_2'])
    expect(waitingAsks([{ ...first, state: 'denied' }], later)).toEqual([])
  })

  it('name an account by our name for it, else by theirs in quotes, else say that it has to be chosen', () => {
    const ada = makeAccount({ id: 'a1', alias: 'google:ada', provider: 'google', state: 'active' })
    const text = (change: Partial<Want>) => visible(wantText(want(change), [ada], providers))
    expect(text({ account: 'mail' })).toBe('send any request to every allowed host with google:ada')
    expect(text({ account: 'my mail', account_id: null })).toContain('with “my mail”')
    expect(text({ account: null, account_id: null })).toContain('with a Google account')
    expect(text({ account: null, account_id: null, provider: null })).toContain('an account that you choose')
    expect(text({ account: null, account_id: null, rights: ['connect'] })).toBe('start sign-ins to new accounts')
  })

  it('cannot disguise the words around what they say of themselves', () => {
    expect(plainLine('Safe\u202etxt.exe\n\u0007now\u200b!')).toBe('Safe txt.exe now !')
    expect(plainLine('می\u200cخواهم 👩\u200d💻')).toBe('می\u200cخواهم 👩\u200d💻')
  })

  it('know when the system could not tell who called', () => {
    expect(asks.map(({ caller }) => isKnown(caller))).toEqual([true, false])
    expect(isKnown(null)).toBe(false)
  })

  it('make the right lists stale', () => {
    expect(touchedBy({ type: 'ask', ask_id: 'x', state: 'waiting' })).toEqual([['asks']])
    expect(touchedBy({ type: 'ask', ask_id: 'x', state: 'approved' })).toEqual([['asks'], ['apps']])
    expect(touchedBy({ type: 'app', app_id: 'x', state: 'revoked' })).toEqual([['apps']])
  })
})

describe('who notices', () => {
  const usage = (change: Partial<Usage>): Usage => ({
    account_id: 'a1',
    days: 30,
    since: '',
    users: [],
    permitted: [],
    scopes: [],
    complete: true,
    ...change,
  })
  const user = (id: string, name: string) => ({
    actor: 'app',
    app_id: id,
    name,
    count: 1,
    failed: 0,
    last_at: '',
    uses: [],
  })
  it('[G4] names users of all accounts once, and those who may besides', () => {
    const sentences = stopsText([
      usage({ users: [user('x', 'Mail sync')], permitted: [{ app_id: 'x', name: 'Mail sync', rights: ['see'] }] }),
      usage({
        users: [user('x', 'Mail sync'), user('y', 'Backup')],
        permitted: [{ app_id: 'z', name: 'Board', rights: ['see'] }],
      }),
    ])
    expect(sentences.map(visible)).toEqual([
      'Used in the last 30 days by Mail sync and Backup.',
      'Board may use it too.',
    ])
  })
  it('[G4] says when nobody did, and when not everything is known', () => {
    expect(stopsText([usage({ complete: false })])).toEqual([
      'Nobody used it in the last 30 days.',
      'Tokens were handed out as well: what they are used for cannot be told.',
    ])
    const many = Array.from({ length: 9 }, (_, index) => user(`u${index}`, `App ${index}`))
    expect(visible(stopsText([usage({ users: many })])[0] ?? '')).toContain('App 4 and 4 others')
  })
  it('writes a place as one line', () => {
    expect(placeText({ method: 'GET', host: 'a.example', path: '/v1/*' })).toBe('GET a.example/v1/*')
    expect(placeText({ method: null, host: null, path: null })).toBe('')
  })
})

describe('places', () => {
  it('an ask over the list, another tab and another filter are the same place', () => {
    expect([paths.apps, paths.ask('x'), paths.activityOfApp('y'), paths.account('a', 'users')].map(placeOf)).toEqual([
      '/apps',
      '/apps',
      '/activity',
      '/accounts/a',
    ])
    expect([placeOf('/'), placeOf(paths.app('x'))]).toEqual(['/', '/apps/x'])
    expect(paths.activityWith('a/b', 'c')).toBe('/activity/a%2Fb/c')
  })
})
