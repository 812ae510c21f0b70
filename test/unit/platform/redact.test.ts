import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { randomId } from '../../../electron/platform/ids.ts'
import { redact, redactValue } from '../../../electron/platform/redact.ts'

const jwt = 'eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJhZGEifQ.c2lnbmF0dXJlLXNpZ25hdHVyZQ'

describe('what is masked', () => {
  const table: [what: string, text: string, secret: string][] = [
    ['a JWT', `answer held ${jwt}.`, 'eyJhbGci'],
    ['a Bearer value', 'sent Bearer abc-def', 'abc-def'],
    ['a DPoP value', 'Authorization was DPoP abc.def', 'abc.def'],
    ['a Basic value', 'sent Basic YWRhOnB3', 'YWRhOnB3'],
    ['an Authorization header', 'Authorization: Custom one two', 'two'],
    ['a Cookie header', 'Cookie: a=first; b=second', 'second'],
    ['a JSON member', '{"access_token":"short"}', 'short'],
    ['a JSON member with quotes in it', '{"client_secret":"a\\"hidden part"}', 'hidden part'],
    ['a camel-case member', '{"codeVerifier": "short"}', 'short'],
    ['a numeric password', '{"password":48151623}', '48151623'],
    ['JSON inside JSON', JSON.stringify({ body: '{"refresh_token":"with space"}' }), 'with space'],
    ['a list of cookies', '{"set-cookie":["sid=short"]}', 'short'],
    ['a form', 'grant_type=refresh_token&refresh_token=short&scope=a', 'short'],
    ['a URL-encoded form', 'to=%2Fcb&id_token%3Dshort', 'short'],
    ['an inspected object', "{ clientSecret: 'short' }", 'short'],
    ['an argument', 'login --passphrase short', 'short'],
    ['the code of an answer', 'GET /callback?code=ab&state=cd', '=ab'],
    ['the state of an answer', 'GET /callback?code=ab&state=cd', '=cd'],
    ['the answer in a fragment', 'http://127.0.0.1/#state=cd', '=cd'],
    ['a code in JSON', '{"code":"Splx10BeZQQYbYS6"}', 'Splx10BeZQQYbYS6'],
    ['a device code', 'device_code=short', 'short'],
    ['a password in a URL', 'https://ada:short@example.com/', 'short'],
    ['a private key', '-----BEGIN PRIVATE KEY-----\nMIIE\n-----END PRIVATE KEY-----', 'MIIE'],
    ['hexadecimal of 128 bits', 'saw 00112233445566778899aabbccddeeff', '00112233'],
  ]
  it.each(table)('%s', (_, text, secret) => {
    expect(text).toContain(secret)
    expect(redact(text)).not.toContain(secret)
    expect(redact(text)).toContain('[redacted]')
  })

  it('keeps what stands around it', () => {
    expect(redact('GET /cb?code=ab&state=cd&iss=x HTTP/1.1')).toBe(
      'GET /cb?code=[redacted]&state=[redacted]&iss=x HTTP/1.1',
    )
    expect(redact('{"access_token":"a","expires_in":60}')).toBe('{"access_token":"[redacted]","expires_in":60}')
  })
})

describe('what stays readable', () => {
  it.each([
    '{"code":"ENOENT","state":"waiting_for_person"}',
    'error code: invalid_grant, status code: 502',
    '{"has_refresh_token":true,"refresh_token":null,"token_type":"Bearer","token_endpoint":"https://example.com/token"}',
    'at createAccountServiceWithVault2 (/opt/latchkey/electron/vault/vault.ts:12:3)',
    'at file:///opt/latchkey/dist/chunks/index-BxY12kLm.js:1:2',
    '2026-11-21T09:33:09.318Z latchkey-0-1-0-linux-x64-prebuilt',
    'ERR_TLS_CERT_ALTNAME_INVALID connecting to accounts.example.com:443',
    'WWW-Authenticate: Bearer error="invalid_token"',
  ])('%s', (text) => expect(redact(text)).toBe(text))

  it('our own ids', () => {
    for (let count = 0; count < 500; count++) {
      const text = `account ${randomId('acc')}, flow ${randomId('flow')}, ${randomId('registration')}`
      expect(redact(text)).toBe(text)
    }
  })
})

describe('in general', () => {
  it('random values of 160 bits and more are masked without any name beside them', () => {
    let missed = 0
    for (let count = 0; count < 4000; count++) {
      const bytes = randomBytes(20 + (count % 40))
      const secret = bytes.toString(count % 2 === 0 ? 'base64url' : 'hex')
      if (redact(`saw ${secret} there`).includes(secret)) missed++
    }
    // By nature a guess: what has a name beside it never depends on it.
    expect(missed).toBeLessThan(4)
  })

  const secretName = fc.constantFrom(
    ...['access_token', 'refreshToken', 'id_token', 'client_secret', 'codeVerifier', 'password', 'passphrase'],
    ...['authorization', 'cookie', 'x-api-key', 'private_key', 'client_assertion'],
  )
  const anyJson = fc.jsonValue({ maxDepth: 3 })

  it('a named secret never comes through JSON, whatever it is made of', () => {
    fc.assert(
      fc.property(secretName, fc.string({ minLength: 1 }), anyJson, (name, secret, other) => {
        const canary = `canary${secret}canary`
        const once = JSON.stringify({ other: 1, [name]: canary })
        const twice = JSON.stringify({ body: once, deeper: { [name]: canary } })
        for (const text of [once, twice]) expect(redact(text)).not.toContain('canary')
        expect(JSON.stringify(redactValue({ list: [{ [name]: canary }], other }))).not.toContain('canary')
      }),
    )
  })

  it('a named secret never comes through a form or URL', () => {
    fc.assert(
      fc.property(
        fc.constantFrom('code', 'state', 'access_token', 'client_secret', 'code_verifier'),
        fc.string({ minLength: 1 }),
        (name, secret) => {
          const form = new URLSearchParams({ scope: 'a', [name]: `canary${secret}` }).toString()
          expect(redact(form)).not.toContain('canary')
          expect(redact(`opened http://127.0.0.1/cb?${form} now`)).not.toContain('canary')
        },
      ),
    )
  })

  it('JSON stays JSON where a value begins with an escape', () => {
    const found = ['\\#']
    const text = JSON.stringify({ found, access_token: found, body: JSON.stringify({ access_token: found }) })
    expect(() => JSON.parse(redact(text))).not.toThrow()
  })

  it('JSON stays JSON, and redacting twice is redacting once', () => {
    fc.assert(
      fc.property(anyJson, secretName, (found, name) => {
        const text = JSON.stringify({ found, [name]: found, body: JSON.stringify({ [name]: found }) })
        const once = redact(text)
        expect(() => JSON.parse(once)).not.toThrow()
        expect(redact(once)).toBe(once)
      }),
      { numRuns: 300 },
    )
  })

  it('takes linear time on long texts without a secret', () => {
    const started = performance.now()
    for (const part of ['a', 'ab_', 'token', '//', '\\"', '"code', 'eyJ']) redact(part.repeat(100_000))
    expect(performance.now() - started).toBeLessThan(5000)
  })
})

describe('redactValue', () => {
  it('reduces an error to name, message, code, stack and cause', () => {
    const error = Object.assign(new TypeError('refused: access_token=short', { cause: new Error('Bearer short') }), {
      code: 'ECONNREFUSED',
      response: { body: 'short' },
    })
    const reduced = redactValue({ error }) as { error: Record<string, unknown> }
    expect(Object.keys(reduced.error).sort()).toEqual(['cause', 'code', 'message', 'name', 'stack'])
    expect(reduced.error.code).toBe('ECONNREFUSED')
    expect(JSON.stringify(reduced)).not.toContain('short')
  })

  it('masks a secret member whole, and leaves flags about it', () => {
    expect(redactValue({ headers: { authorization: { a: 'short' } }, has_refresh_token: true })).toEqual({
      headers: { authorization: '[redacted]' },
      has_refresh_token: true,
    })
  })

  it('answers for circles, bytes, dates, maps and depth', () => {
    const circle: Record<string, unknown> = {}
    circle.self = circle
    expect(redactValue(circle)).toEqual({ self: '[circular]' })
    expect(redactValue({ key: new Uint8Array(32), at: new Date(0), map: new Map([['password', 'short']]) })).toEqual({
      key: '[32 bytes]',
      at: '1970-01-01T00:00:00.000Z',
      map: { password: '[redacted]' },
    })
    expect(JSON.stringify(redactValue({ a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }))).toContain('[deeper]')
  })
})
