import { describe, expect, it } from 'vitest'
import { isBelow, keptPath, keptText, remembered, usagePath } from '../../../electron/services/audit-path.ts'

describe('[G4] the path of a sum', () => {
  it.each([
    ['/', '/'],
    ['/v1/me', '/v1/me'],
    ['/v1/me/', '/v1/me'],
    ['//v1///me', '/v1/me'],
    ['/v1.0/me/messages/AAMkAGI/attachments', '/v1.0/me/messages'],
    ['/repos/octo-org/hello.world/issues/7', '/repos/octo-org/hello.world'],
    ['/v1/users/17', '/v1/users/*'],
    ['/users/0190163d-8694-739b-aea5-966c26f8ad91/x', '/users/*/x'],
    ['/ex/jira/11223344-a123-b456-c789-112233445566/rest', '/ex/jira/*'],
    ['/commits/9fceb02d0ae5', '/commits/*'],
    ['/users/ada@example.com/mail', '/users/*/mail'],
    ['/users/ada%40example.com/mail', '/users/*/mail'],
    ['/files/1BxiMVs0XRA5nFMdKvBdBZjgmUUqptlbs74/x', '/files/*/x'],
    ['/orders/ORD-2026-000123', '/orders/*'],
    ['/tasks/v1/users', '/tasks/v1/users'],
    ['/calendar/v3/calendars', '/calendar/v3/calendars'],
    ["/odata/Users('7')", '/odata/*'],
    ['/v1/people:batchGet', '/v1/people:batchGet'],
    ['/v1.0/$batch', '/v1.0/$batch'],
    ['/oauth2/v4/authorization-servers', '/oauth2/v4/authorization-servers'],
    [`/x/${'a'.repeat(65)}`, '/x/*'],
  ])('of %s is %s', (path, expected) => {
    expect(usagePath(path)).toBe(expected)
  })
})

describe('[F14] the path of an entry', () => {
  it('stays as it is while it is short and holds no secret', () => {
    expect(keptPath('/v1/users/17/mail')).toBe('/v1/users/17/mail')
  })

  it('is at most 500 characters long', () => {
    const long = `/v1/${'word/'.repeat(2000)}`
    expect(keptPath(long)).toHaveLength(500)
    expect(keptPath(long)).toMatch(/…$/)
  })

  it('masks a segment that looks like a secret, also where it is cut', () => {
    const secret = 'gho_16C7e42F292c6912E7710c838347Ae178B4a'
    expect(keptPath(`/hooks/${secret}/send`)).toBe('/hooks/[redacted]/send')
    for (const before of [3960, 3970, 3980, 3990]) {
      expect(keptPath(`/${'x/'.repeat(before / 2)}${secret}`)).not.toContain('gho_')
    }
    expect(keptPath(`/${secret.repeat(300)}`)).not.toContain('gho_')
  })
})

it('[F14] a sentence keeps no query, and no more than 1,000 characters', () => {
  expect(keptText('GET https://a.example/x?code=1&b=2 failed. Really?')).toBe('GET https://a.example/x failed. Really?')
  expect(keptText('to https://a.example/x#part, twice')).toBe('to https://a.example/x twice')
  expect(keptText('word '.repeat(500))).toHaveLength(1000)
})

describe('a kept path is below a prefix', () => {
  it.each<[string, string | undefined, boolean | null]>([
    ['/v1/me', '/v1/me', true],
    ['/v1/me/mail', '/v1/me', true],
    ['/v1/meow', '/v1/me', false],
    ['/v1', '/v1/me', false],
    ['/v1/me', undefined, true],
    ['/v1/me', '/', true],
    ['…', undefined, true],
    ['…', '/v1', null],
    ['/v1/users/*', '/v1/users', true],
    ['/v1/users/*', '/v1/users/17', true],
    ['/v1/users/*', '/v1/users/me', false],
    ['/v1/users/ada', '/v1/users/*', true],
    ['/v1/users/ada', '/v1/users/*/mail', null],
    ['/v1/groups/ada', '/v1/users/*/mail', false],
    ['/v1/me', '/v1/me/mail/folders', false],
  ])('%s, %s: %s', (kept, prefix, expected) => {
    expect(isBelow(kept, prefix)).toBe(expected)
  })
})

it('remembered answers are not asked for twice, and are given up before they fill the memory', () => {
  let asked = 0
  const upper = remembered((text) => {
    asked++
    return text.toUpperCase()
  }, 2)
  expect([upper('a'), upper('a'), upper('b')]).toEqual(['A', 'A', 'B'])
  expect(asked).toBe(2)
  expect([upper('c'), upper('a')]).toEqual(['C', 'A'])
  expect(asked).toBe(4)
})
