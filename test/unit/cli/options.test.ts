import { expect, it } from 'vitest'
import { Interrupted, describe as inWords, NotRunning, UsageError } from '../../../electron/cli/errors.ts'
import { headers, pairs, seconds, whole, words } from '../../../electron/cli/options.ts'
import { errorCodes, LatchkeyError } from '../../../shared/errors.ts'

it('[C8] reads scopes between commas, spaces, or both', () => {
  expect(words('openid, email  profile,\n repo')).toEqual(['openid', 'email', 'profile', 'repo'])
  expect(words('')).toEqual([])
})

it('joins a header that is given twice (RFC 9110 5.3)', () => {
  const once = headers('Accept:  text/plain ', {})
  expect(headers('ACCEPT: application/json', once)).toEqual({ accept: 'text/plain, application/json' })
  expect(headers('X-Time: 12:30', {})).toEqual({ 'x-time': '12:30' })
  expect(() => headers('no colon', {})).toThrow('Name: value')
})

it('keeps further equals signs in a variable, and refuses one without a name', () => {
  expect(pairs('tenant=a=b', { x: 'y' })).toEqual({ x: 'y', tenant: 'a=b' })
  expect(() => pairs('=b', {})).toThrow('name=value')
})

it('refuses lengths and numbers that are none', () => {
  expect(seconds('1.5')).toBe(1.5)
  for (const bad of ['0', '-1', 'soon', 'Infinity']) expect(() => seconds(bad)).toThrow('number of seconds')
  expect(whole('3')).toBe(3)
  for (const bad of ['0', '1.5', 'x']) expect(() => whole(bad)).toThrow('whole number')
})

it('[E18] gives every error an exit code of its kind', () => {
  const exits = Object.fromEntries(errorCodes.map((code) => [code, inWords(new LatchkeyError(code, 'x')).exit]))
  expect(exits).toEqual({
    invalid_request: 2,
    unauthenticated: 4,
    forbidden: 4,
    not_found: 2,
    ambiguous_account: 2,
    account_disabled: 4,
    reauth_required: 3,
    provider_unreachable: 7,
    provider_error: 7,
    destination_not_allowed: 4,
    locked: 5,
    rate_limited: 7,
    too_large: 2,
    timeout: 7,
    internal: 1,
  })
  expect(inWords(new NotRunning('It does not run.'))).toMatchObject({ exit: 6, document: { code: 'not_running' } })
  expect(inWords(new Interrupted()).exit).toBe(130)
  expect(inWords(new UsageError('no')).exit).toBe(2)
  expect(inWords(new TypeError('odd'))).toMatchObject({ exit: 1, document: { code: 'internal', message: 'odd' } })
})
