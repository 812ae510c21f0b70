import { describe, expect, it } from 'vitest'
import { readable, withoutToken } from '../../../electron/signer/answer.ts'
import { callerHeaders } from '../../../electron/signer/headers.ts'
import { redirected } from '../../../electron/signer/send.ts'
import { sign, tokenRejected } from '../../../electron/signer/sign.ts'

describe('headers of the caller', () => {
  it.each(['Authorization', 'authorization', 'Cookie', 'Proxy-Authorization', 'Host', 'X-Api-Token'])(
    '%s is refused by name',
    (name) => {
      expect(() => callerHeaders({ [name]: 'x' }, 'x-api-token')).toThrow(
        expect.objectContaining({ code: 'invalid_request', details: { field: `headers.${name}` } }),
      )
    },
  )

  it('those of the connection are left out, the others are kept', () => {
    expect(
      callerHeaders(
        { Connection: 'close', TE: 'trailers', 'Content-Length': '3', Accept: 'text/plain', 'X-One': '1' },
        'authorization',
      ),
    ).toEqual({ accept: 'text/plain', 'x-one': '1' })
  })

  it.each([
    ['a line break in a value', { 'x-one': 'a\r\nAuthorization: Bearer x' }],
    ['a line break in a name', { 'x-one: a\r\nb': 'c' }],
    ['a NUL', { 'x-one': 'a\0b' }],
    ['the same name twice', { 'X-One': 'a', 'x-one': 'b' }],
  ])('%s is refused', (_, headers) => {
    expect(() => callerHeaders(headers, 'authorization')).toThrow(expect.objectContaining({ code: 'invalid_request' }))
  })
})

describe('signing', () => {
  it('[C13] the header and prefix of the definition carry the token', () => {
    expect(sign({ accept: '*/*' }, { name: 'Authorization', prefix: 'Bearer ' }, 't')).toEqual({
      accept: '*/*',
      authorization: 'Bearer t',
    })
    expect(sign({}, { name: 'X-Api-Token', prefix: '' }, 't')).toEqual({ 'x-api-token': 't' })
  })

  it.each([
    [401, undefined, true],
    [401, 'Bearer', true],
    [401, 'Bearer realm="api", error="invalid_token", error_description="expired"', true],
    [401, 'Bearer error=invalid_token', true],
    [401, 'Bearer error="insufficient_scope"', false],
    [401, 'Bearer error="invalid_request"', false],
    [403, 'Bearer error="invalid_token"', false],
    [200, undefined, false],
  ])('%i with %s: token is bad is %s', (status, header, bad) => {
    expect(tokenRejected(status, header)).toBe(bad)
  })
})

describe('redirects', () => {
  const request = {
    method: 'POST',
    url: new URL('https://api.test/a?x=1'),
    headers: { 'content-type': 'text/plain', accept: '*/*' },
    body: Buffer.from('b'),
  }
  const answer = (status: number, location?: string) => ({
    status,
    headers: (location === undefined ? {} : { location }) as Record<string, string>,
  })

  it.each([
    [301, 'POST', 'GET'],
    [302, 'POST', 'GET'],
    [303, 'POST', 'GET'],
    [303, 'DELETE', 'GET'],
    [303, 'HEAD', 'HEAD'],
    [301, 'PUT', 'PUT'],
    [307, 'POST', 'POST'],
    [308, 'POST', 'POST'],
  ])('%i turns %s into %s', (status, method, expected) => {
    const next = redirected({ ...request, method }, answer(status, '/b'))
    expect(next?.method).toBe(expected)
    expect(next?.url.href).toBe('https://api.test/b')
    expect(next?.body === null).toBe(method !== expected)
    expect('content-type' in (next?.headers ?? {})).toBe(method === expected)
  })

  it('an answer that is none, or leads nowhere, is not followed', () => {
    expect(redirected(request, answer(200, '/b'))).toBeNull()
    expect(redirected(request, answer(304, '/b'))).toBeNull()
    expect(redirected(request, answer(302))).toBeNull()
    expect(redirected(request, answer(302, 'https://'))).toBeNull()
  })
})

describe('the answer', () => {
  it('is text when it can be read as text, else base64', () => {
    const utf8 = Buffer.from('né')
    expect(readable({ 'content-type': 'application/json; charset=utf-8' }, utf8).body).toBe('né')
    expect(readable({ 'content-type': 'application/problem+json' }, utf8).body).toBe('né')
    expect(readable({ 'content-type': 'text/plain; charset=iso-8859-1' }, Buffer.from([0xe9])).body).toBe('é')
    expect(readable({}, utf8).body).toBe('né')
    expect(readable({}, Buffer.alloc(0))).toEqual({ body: '', body_base64: null })
    expect(readable({ 'content-type': 'text/plain' }, Buffer.from([0xff]))).toEqual({ body: null, body_base64: '/w==' })
    expect(readable({ 'content-type': 'image/png' }, utf8).body).toBeNull()
    expect(readable({ 'content-type': 'text/plain', 'content-encoding': 'zstd' }, utf8).body).toBeNull()
  })

  it('can be shown without the token, however it is spelled in it', () => {
    const token = 'abc+/def=='
    const body = Buffer.from(`${token} ${encodeURIComponent(token)} abc+\\/def== né`)
    const clean = withoutToken({ headers: { 'x-echo': `Bearer ${token}`, 'content-length': '99' }, body }, token)
    expect(clean.body.toString()).toBe('[access token] [access token] [access token] né')
    expect(clean.headers).toEqual({ 'x-echo': 'Bearer [access token]', 'content-length': String(clean.body.length) })
  })

  it('stays as it is, byte for byte, around a token in binary', () => {
    const body = Buffer.concat([Buffer.from([0xff, 0]), Buffer.from('tok-1234'), Buffer.from([0xfe])])
    const clean = withoutToken({ headers: {}, body }, 'tok-1234')
    expect(clean.body).toEqual(
      Buffer.concat([Buffer.from([0xff, 0]), Buffer.from('[access token]'), Buffer.from([0xfe])]),
    )
  })
})
