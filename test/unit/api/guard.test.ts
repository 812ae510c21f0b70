import { describe, expect, it } from 'vitest'
import { failureWindow } from '../../../electron/api/failures.ts'
import { type Arrival, bearerKey, cookieOf, jsonBody } from '../../../electron/api/guard.ts'
import { digest, newSecret, sameSecret } from '../../../electron/platform/secrets.ts'
import { LatchkeyError } from '../../../shared/errors.ts'

const arrival = (headers: Record<string, string>): Arrival => ({
  transport: 'http',
  method: 'POST',
  target: '/v1/connect',
  headers,
  rawHeaders: Object.entries(headers).flat(),
  httpHost: '127.0.0.1:1',
})

describe('rules of the guard', () => {
  it.each([
    [{}, true],
    [{ 'content-length': '0' }, true],
    [{ 'content-length': '2' }, false],
    [{ 'transfer-encoding': 'chunked' }, false],
    [{ 'content-length': '2', 'content-type': 'application/json' }, true],
    [{ 'content-length': '2', 'content-type': 'Application/JSON; charset=utf-8' }, true],
    [{ 'content-length': '2', 'content-type': 'text/plain' }, false],
    [{ 'content-length': '2', 'content-type': 'text/plain, application/json' }, false],
    [{ 'content-length': '2', 'content-type': 'application/json-patch+json' }, false],
  ])('a body must say that it is JSON: %j is fine: %s', (headers, fine) => {
    expect(jsonBody(arrival(headers as Record<string, string>)) === null).toBe(fine)
  })

  it.each([
    ['Bearer abc', 'abc'],
    ['bearer abc', 'abc'],
    ['Bearer  abc', null],
    ['Bearer abc def', null],
    ['Bearer', null],
    ['Basic abc', null],
    ['abc', null],
  ])('the key of “%s” is %s', (authorization, key) => {
    expect(bearerKey(arrival({ authorization }))).toBe(key)
  })

  it.each([
    ['a=1; latchkey_page=x', 'x'],
    ['latchkey_page=x', 'x'],
    ['latchkey_page=x; latchkey_page=y', null],
    ['xlatchkey_page=x', null],
    ['', null],
  ])('the cookie of “%s” is %s', (cookie, value) => {
    expect(cookieOf(arrival({ cookie }), 'latchkey_page')).toBe(value)
  })
})

it('secrets are compared whole, whatever their length', () => {
  const secret = newSecret()
  expect(sameSecret(secret, digest(secret))).toBe(true)
  for (const other of ['', secret.slice(0, -1), `${secret}x`, newSecret()]) {
    expect(sameSecret(other, digest(secret))).toBe(false)
  }
})

it('failures are counted in a window that slides', () => {
  let now = 0
  const window = failureWindow({ limit: 2, window: 1000, clock: { now: () => now } })
  const fail = () => window.fail(new LatchkeyError('unauthenticated', 'No.')).code
  expect([fail(), fail(), fail()]).toEqual(['unauthenticated', 'unauthenticated', 'rate_limited'])
  now = 999
  expect(fail()).toBe('rate_limited')
  now = 1000
  expect(fail()).toBe('unauthenticated')
})
