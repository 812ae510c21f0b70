import { describe, expect, it } from 'vitest'
import {
  type AnswerText,
  mapAnswer,
  readDocument,
  readPath,
  savedValues,
} from '../../../electron/providers/answer-mapping.ts'

const answer = (body: unknown, changes: Partial<AnswerText> = {}): AnswerText => ({
  status: 200,
  contentType: 'application/json',
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...changes,
})

describe('paths', () => {
  const document = { a: { b: [{ c: 1 }, { c: 'two' }] }, 'https://example.com/name': 'Ada', empty: '' }
  it.each([
    ['a.b[1].c', 'two'],
    ['a.b[0].c', 1],
    ['https://example.com/name', 'Ada'],
    ['a.b[9].c', undefined],
    ['a.b.c', undefined],
    ['a.missing.c', undefined],
    ['constructor', undefined],
    ['a.__proto__', undefined],
  ])('%s', (path, value) => {
    expect(readPath(document, path)).toBe(value)
  })
  it('into a list at the root', () => {
    expect(readPath([{ id: 1 }], '[0].id')).toBe(1)
  })
})

describe('a token answer', () => {
  it('[E10] has the standard’s names where nothing is mapped, expires_in as it came', () => {
    const { json } = mapAnswer(answer({ access_token: 'a', refresh_token: 'r', expires_in: '3600', scope: 's' }))
    expect(json).toEqual({
      access_token: 'a',
      refresh_token: 'r',
      expires_in: '3600',
      scope: 's',
      token_type: 'Bearer',
    })
  })

  it('[D3] is read by the first path at which something stands', () => {
    const mapping = { access_token: ['data.token', 'authed_user.access_token'], scope: ['x', 'authed_user.scope'] }
    const { json } = mapAnswer(
      answer({ data: { token: '' }, authed_user: { access_token: 'u', scope: 'a,b' } }),
      mapping,
    )
    expect(json).toMatchObject({ access_token: 'u', scope: 'a,b' })
  })

  it('may be a form, JSON under a wrong content type, or text', () => {
    const form = { contentType: 'application/x-www-form-urlencoded' }
    expect(mapAnswer(answer('access_token=a&scope=b%2Cc', form)).json).toMatchObject({
      access_token: 'a',
      scope: 'b,c',
    })
    expect(mapAnswer(answer('{"access_token":"a"}', { contentType: 'text/html' })).json).toMatchObject({
      access_token: 'a',
    })
    const text = { contentType: 'text/plain' }
    expect(mapAnswer(answer(' tok \n', text), { access_token: ['text'] }).json).toMatchObject({ access_token: 'tok' })
    expect(mapAnswer(answer('oauth_token=t&x=1', text), { access_token: ['oauth_token'] }).json).toMatchObject({
      access_token: 't',
    })
  })

  it('that is a page is none', () => {
    expect(mapAnswer(answer('<html>access_token=a</html>', { contentType: 'text/html' })).json).toBeNull()
    expect(readDocument({ contentType: 'application/json', body: '"text"' })).toBeNull()
    expect(readDocument({ contentType: 'application/json', body: '' })).toBeNull()
  })

  const slack = { access_token: ['authed_user.access_token'], success: { path: 'ok', equals: true } }
  it('is an error where success does not hold, whatever the status says', () => {
    expect(mapAnswer(answer({ ok: false, error: 'invalid_code' }), slack)).toMatchObject({
      status: 400,
      json: { error: 'invalid_code' },
    })
    expect(mapAnswer(answer({ authed_user: { access_token: 'a' } }), slack).json).toEqual({ error: 'unsuccessful' })
    expect(mapAnswer(answer({ ok: true, authed_user: { access_token: 'a' } }), slack).json).toMatchObject({
      access_token: 'a',
    })
  })

  it('is an error where the error’s name stands at a path of its own', () => {
    const mapping = { access_token: ['t'], error: ['error.code'], error_description: ['error.text'] }
    expect(mapAnswer(answer({ error: { code: 190, text: 'expired' } }, { status: 401 }), mapping)).toEqual({
      status: 401,
      json: { error: '190', error_description: 'expired' },
      problem: null,
    })
  })

  it.each([
    [
      'access_token',
      { access_token: ['a.b', 'c'] },
      { x: { y: 'secret' } },
      'The answer holds no access_token at a.b or c. It holds: x.y.',
    ],
    ['scope', { access_token: ['t'], scope: ['s'] }, { t: 'secret' }, 'The answer holds no scope at s. It holds: t.'],
  ])('[E10] without %s says where it looked and what is there, and no value', (_, mapping, body, problem) => {
    expect(mapAnswer(answer(body), mapping, { needsScope: true })).toEqual({ status: 200, json: {}, problem })
  })

  it('with a token type of the provider’s own is Bearer, and DPoP stays DPoP', () => {
    expect(mapAnswer(answer({ access_token: 'a', token_type: 'bot' })).json).toMatchObject({ token_type: 'Bearer' })
    expect(mapAnswer(answer({ access_token: 'a', token_type: 'DPoP' })).json).toMatchObject({ token_type: 'DPoP' })
  })
})

describe('[B6] saved values', () => {
  it('are everything but the tokens, flat, as text', () => {
    expect(
      savedValues({
        access_token: 'a',
        refresh_token: 'r',
        id_token: 'i',
        expires_in: 3600,
        ok: true,
        nothing: null,
        team: { id: 'T1', list: [{ n: 1 }] },
      }),
    ).toEqual({ expires_in: '3600', ok: 'true', 'team.id': 'T1', 'team.list[0].n': '1' })
  })

  it('have an end', () => {
    const many = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`n${index}`, 'x']))
    expect(Object.keys(savedValues(many)).length).toBeLessThanOrEqual(100)
    expect(savedValues({ huge: 'x'.repeat(10_000), small: 'y' })).toEqual({ small: 'y' })
  })
})
