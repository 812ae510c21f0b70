import { describe, expect, it } from 'vitest'
import { endText, type Grant, grantSentence } from '../../../renderer/features/apps/grant-text.ts'

const now = new Date(2026, 10, 21, 12).getTime()
const until = new Date(2026, 11, 20, 23, 59).toISOString()
const grant: Grant = {
  app: 'Mail sync',
  account: 'ada@example.org',
  rights: ['request'],
  hosts: ['gmail.googleapis.com'],
  methods: ['GET'],
  path_prefix: '/gmail/v1',
  until,
}
/** Without the marks that keep a name's direction to itself. */
const say = (change: Partial<Grant>) => grantSentence({ ...grant, ...change }, now).replace(/[\u2068\u2069]/g, '')

describe('the sentence that says what is granted', () => {
  it('[F11] [G3] names app, what, where, account and end', () => {
    expect(say({})).toBe(
      'Mail sync may read (GET) from gmail.googleapis.com below /gmail/v1 with ada@example.org until 20 December.',
    )
  })

  it('says what is wide as plainly as what is narrow', () => {
    expect(say({ hosts: [], methods: [], path_prefix: null, until: null })).toBe(
      'Mail sync may send any request to every allowed host with ada@example.org until you take it back.',
    )
    expect(say({ path_prefix: '/' })).not.toContain('below')
  })

  it('does not call it reading when something could be changed', () => {
    expect(say({ methods: ['GET', 'HEAD'] })).toContain('read (GET, HEAD) from')
    expect(say({ methods: ['GET', 'POST'] })).toContain('may send GET and POST requests to gmail.googleapis.com')
  })

  it('[G3] says that tokens can be used anywhere, whatever the limits', () => {
    expect(say({ rights: ['token'] })).toBe(
      'Mail sync may get access tokens of ada@example.org (and use them anywhere) until 20 December.',
    )
  })

  it('names the account once and lists the rest', () => {
    expect(say({ rights: ['see', 'request', 'token', 'manage', 'connect'], path_prefix: null })).toBe(
      'Mail sync may read (GET) from gmail.googleapis.com with ada@example.org, get its access tokens (and use them ' +
        'anywhere), manage it (refresh, disable, revoke, remove), start its sign-in and see its state, until 20 December.',
    )
    expect(say({ rights: ['see'] })).toBe('Mail sync may see the state of ada@example.org until 20 December.')
    expect(say({ rights: ['manage', 'see'] })).toContain('may manage ada@example.org (')
  })

  it('speaks of the accounts that the app connects itself', () => {
    expect(say({ account: null, rights: ['connect', 'see', 'token'], until: null })).toBe(
      'Mail sync may start sign-ins to new accounts, get access tokens of the accounts it connects (and use them ' +
        'anywhere) and see their state, until you take it back.',
    )
  })

  it('can stand without the app, and says when nothing is granted', () => {
    expect(say({ app: null, rights: ['see'] })).toBe('May see the state of ada@example.org until 20 December.')
    expect(say({ rights: [] })).toBe('Mail sync may do nothing.')
  })

  it('counts hosts that would make it unreadable', () => {
    const hosts = Array.from({ length: 8 }, (_, index) => `h${index}.example`)
    expect(say({ hosts })).toContain('h0.example, h1.example, h2.example, h3.example, h4.example and 3 more hosts')
  })

  it('lets no name turn or break the words around it', () => {
    const sentence = grantSentence({ ...grant, app: 'x\u202e\u2069 may see nothing.\nA', account: 'חשבון' }, now)
    expect(sentence).toContain('\u2068x may see nothing. A\u2069 may read')
    expect(sentence).toContain('\u2068חשבון\u2069 until')
    expect(sentence.match(/\u2068/g)).toHaveLength(2)
    expect(sentence.match(/\u2069/g)).toHaveLength(2)
  })
})

describe('the end in it', () => {
  it('has the year when it is another, and the hour when it is near', () => {
    expect(endText(new Date(2027, 11, 20).toISOString(), now)).toBe('20 December 2027')
    expect(endText(new Date(2026, 10, 22, 14, 5).toISOString(), now)).toBe('22 November, 14:05')
    expect(endText('never', now)).toBe('never')
  })
})
