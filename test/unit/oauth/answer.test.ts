import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { lifetime, normaliseTokenAnswer } from '../../../electron/oauth/answer.ts'

const json = (value: unknown, status = 200, contentType = 'application/json') =>
  normaliseTokenAnswer({ status, contentType, body: JSON.stringify(value) })

describe('a token answer in the shape of RFC 6749 5', () => {
  it.each([
    ['a number as text', { expires_in: '3600' }, { expires_in: 3600 }],
    ['a number', { expires_in: 3600 }, { expires_in: 3600 }],
    ['nothing', { expires_in: null }, {}],
    ['an empty text', { expires_in: '' }, {}],
    ['a date', { expires_in: '2030-01-01' }, {}],
    ['zero, which means never', { expires_in: 0 }, {}],
    ['a negative number', { expires_in: -1 }, {}],
    ['an empty refresh token', { refresh_token: '' }, {}],
    ['an empty scope, which means none', { scope: '' }, { scope: '' }],
    ['scopes in a list', { scope: ['a', 'b'] }, { scope: 'a b' }],
    ['an empty error beside a token', { error: '' }, {}],
    ['a token type of its own', { token_type: 'bearer' }, { token_type: 'bearer' }],
  ])('[E10] with %s', (_, members, expected) => {
    const { status, json: answer } = json({ access_token: 'a', ...members })
    expect(status).toBe(200)
    expect(answer).toEqual({ access_token: 'a', token_type: 'Bearer', ...expected })
  })

  it('[F8] makes an error under 200 the error that it is', () => {
    expect(json({ error: 'bad_refresh_token' })).toEqual({ status: 400, json: { error: 'bad_refresh_token' } })
    expect(json({ ok: false, error: 'invalid_refresh_token' }).status).toBe(400)
    expect(json({ error: 'server_error' }, 503).status).toBe(503)
  })

  it('reads forms, and JSON under another name', () => {
    const form = (contentType: string, body: string) => normaliseTokenAnswer({ status: 200, contentType, body })
    const answer = { access_token: 'a b', token_type: 'bearer', expires_in: 60 }
    const body = 'access_token=a+b&token_type=bearer&expires_in=60'
    expect(form('application/x-www-form-urlencoded', body).json).toEqual(answer)
    expect(form('text/plain', body).json).toEqual(answer)
    expect(form('text/plain', 'error=bad_verification_code')).toMatchObject({ status: 400 })
    expect(json({ access_token: 'a' }, 200, 'text/html').json).toMatchObject({ access_token: 'a' })
  })

  it('does not read what is neither', () => {
    for (const body of ['', '<html>access_token=a</html>', 'access_token=a', '[]', '"a"', 'null', '{"access_tok']) {
      expect(normaliseTokenAnswer({ status: 200, contentType: 'text/html', body }).json).toBeNull()
    }
  })

  it('never throws and never invents an access token', () => {
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 599 }), fc.string(), fc.json(), (status, contentType, body) => {
        const { json: answer } = normaliseTokenAnswer({ status, contentType, body })
        if (answer && !body.includes('access_token')) expect(answer.access_token).toBeUndefined()
      }),
    )
  })

  it('counts only positive lifetimes', () => {
    expect([lifetime('60'), lifetime(' 60.5 '), lifetime(1)]).toEqual([60, 60.5, 1])
    for (const value of ['0x10', 'NaN', '1e3', Number.NaN, Number.POSITIVE_INFINITY, {}, true, -5]) {
      expect(lifetime(value)).toBeNull()
    }
  })
})
