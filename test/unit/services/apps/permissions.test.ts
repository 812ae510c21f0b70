import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { isComparable, isUnder, readPrefix } from '../../../../electron/services/apps/path-prefix.ts'
import { allows, endOf } from '../../../../electron/services/apps/permissions.ts'
import type { PermissionRecord } from '../../../../electron/vault/ports-apps.ts'
import { rights } from '../../../../shared/contract-apps.ts'

const now = Date.UTC(2026, 5, 1)
const permission = (changes: Partial<PermissionRecord> = {}): PermissionRecord => ({
  id: 'perm_1',
  appId: 'app_1',
  accountId: 'acc_1',
  rights: ['request'],
  hosts: [],
  methods: [],
  pathPrefix: null,
  until: null,
  createdAt: 0,
  updatedAt: 0,
  ...changes,
})
const get = (url: string, method = 'GET') => ({
  accountId: 'acc_1',
  right: 'request' as const,
  request: { method, url: new URL(url) },
})

describe('[G3] a permission', () => {
  const me = get('https://api.example.com/v1/me')
  it.each([
    ['with nothing narrowed', {}, me, true],
    ['for another account', { accountId: 'acc_2' }, me, false],
    ['for accounts that the app connects', { accountId: null }, me, false],
    ['with another right', { rights: ['see', 'token', 'manage', 'connect'] }, me, false],
    ['that is not over', { until: now + 1 }, me, true],
    ['that has just ended', { until: now }, me, false],
    ['for this method', { methods: ['GET'] }, me, true],
    ['for another method', { methods: ['POST'] }, me, false],
    ['for this host', { hosts: ['api.example.com'] }, me, true],
    ['for this host in capitals', { hosts: ['API.Example.COM'] }, me, true],
    ['for another host', { hosts: ['api.example.org'] }, me, false],
    ['for a host that this one ends with', { hosts: ['example.com'] }, me, false],
    ['for hosts below', { hosts: ['*.example.com'] }, me, true],
    ['for hosts below, asked about the name itself', { hosts: ['*.api.example.com'] }, me, false],
    ['for another port', { hosts: ['api.example.com:8443'] }, me, false],
    ['for a host that is none', { hosts: ['*.com'] }, me, false],
    ['for this path', { pathPrefix: '/v1/me' }, me, true],
    ['for what is above it', { pathPrefix: '/v1' }, me, true],
    ['for what is below it', { pathPrefix: '/v1/me/mail' }, me, false],
  ] as const)('%s → %s', (_, changes, wanted, expected) => {
    expect(allows([permission(changes as Partial<PermissionRecord>)], wanted, now)).toBe(expected)
  })

  it('is not put together from two others', () => {
    const one = permission({ hosts: ['a.example.com'], methods: ['GET'] })
    const other = permission({ hosts: ['b.example.com'], methods: ['POST'] })
    expect(allows([one, other], get('https://a.example.com/', 'POST'), now)).toBe(false)
    expect(allows([one, other], get('https://a.example.com/', 'GET'), now)).toBe(true)
    expect(allows([one, other], get('https://b.example.com/', 'POST'), now)).toBe(true)
  })

  it('is not narrowed by host, method and path for other rights than requests', () => {
    const narrow = permission({ rights: ['token'], hosts: ['nowhere.example'], methods: ['GET'], pathPrefix: '/x' })
    expect(allows([narrow], { accountId: 'acc_1', right: 'token' }, now)).toBe(true)
  })

  it('none is no', () => {
    for (const right of rights) expect(allows([], { accountId: 'acc_1', right }, now)).toBe(false)
  })
})

describe('[G3] a path prefix', () => {
  it.each([
    ['/v1/me', true],
    ['/v1/me/', true],
    ['/v1/me/mail?x=/../', true],
    ['/v1/me/a%20b', true],
    ['/v1/meow', false],
    ['/v1', false],
    ['/V1/ME', false],
    ['/v1/me/../admin', false],
    ['/v1/me/%2e%2e/admin', false],
    ['/v1/me/%2E%2E/admin', false],
    ['/v1/me/..%2fadmin', false],
    ['/v1/me/..%5Cadmin', false],
    ['/v1/me\\..\\admin', false],
    ['/v1/me/%252e%252e/admin', false],
    ['/v1/me/%25252fadmin', false],
    ['/v1/me/%25%32%66admin', false],
    ['/v1/me/..;/admin', false],
    ['/v1/me;x=1/admin', false],
    ['/v1/me%3bx', false],
    ['/v1/me/%c0%af../admin', false],
    ['/v1/me%00/admin', false],
    ['//v1/me', false],
    ['/v1//me', false],
    ['/v1/me/..%20/admin', false],
    ['/%76%31/me', false],
  ])('/v1/me and %s: %s', (path, expected) => {
    const url = new URL(`https://api.example.com${path}`)
    // The request is sent to exactly this path.
    expect(allows([permission({ pathPrefix: '/v1/me' })], { ...get(url.href) }, now)).toBe(expected)
  })

  it.each([
    ['/v1/me', '/v1/me'],
    ['/v1/me/', '/v1/me'],
    ['/ü', '/%C3%BC'],
    ['/', null],
  ])('%j is kept as %j', (given, kept) => expect(readPrefix(given)).toEqual({ prefix: kept }))

  it.each(['/a/../b', '/a//b', '/a;b', '/a%2fb', '/a%252fb', 'a', '/a?b', '/a\\b'])('%j is none', (given) => {
    expect(readPrefix(given)).toBeNull()
  })

  const segment = fc.stringMatching(/^[a-z0-9%.;\\]{1,8}$/)
  it('never lets a path out, however it is decoded', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 6 }), (segments) => {
        const { pathname } = new URL(`https://host.test/in/${segments.join('/')}`)
        if (!isUnder('/in', pathname)) return
        let decoded = pathname
        for (let times = 0; times < 4; times++) {
          expect(new URL(`https://host.test${decoded.replaceAll('\\', '/')}`).pathname.startsWith('/in')).toBe(true)
          decoded = unescaped(decoded)
        }
      }),
      { numRuns: 2000 },
    )
  })
  it('can be compared only with what stays the same when it is decoded', () => {
    fc.assert(
      fc.property(fc.array(segment, { maxLength: 4 }), (segments) => {
        const path = `/${segments.join('/')}`
        if (!isComparable(path)) return
        expect(unescaped(path).split('/').length).toBe(path.split('/').length)
      }),
    )
  })
})

const unescaped = (text: string) =>
  text.replace(/%([0-9a-f]{2})/gi, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))

describe('[G3] narrowing', () => {
  const hosts = fc.subarray(['api.example.com', '*.example.com', 'other.test:8443'])
  const methods = fc.subarray(['GET', 'POST', 'DELETE'])
  const prefix = fc.constantFrom(null, '/v1', '/v1/me', '/v2')
  const until = fc.constantFrom(null, now - 1, now + 1)
  const any = fc.record({ hosts, methods, pathPrefix: prefix, until, rights: fc.subarray([...rights]) })
  const wanted = fc.record({
    accountId: fc.constantFrom('acc_1', 'acc_2', null),
    right: fc.constantFrom(...rights),
    request: fc.record({
      method: fc.constantFrom('GET', 'POST', 'DELETE'),
      url: fc
        .constantFrom('https://api.example.com/v1/me', 'https://x.example.com/v2', 'https://other.test:8443/v1/meow')
        .map((url) => new URL(url)),
    }),
  })

  it('never widens: what a narrower permission allows, the wider one allows too', () => {
    fc.assert(
      fc.property(any, wanted, (narrow, want) => {
        const wide = permission({ ...narrow, hosts: [], methods: [], pathPrefix: null, until: null })
        if (allows([permission(narrow)], want, now)) expect(allows([wide], want, now)).toBe(true)
      }),
      { numRuns: 1000 },
    )
  })

  it('one permission more never takes anything away, and no permission gives what none of them gives', () => {
    fc.assert(
      fc.property(fc.array(any, { maxLength: 4 }), wanted, (all, want) => {
        const permissions = all.map((it) => permission(it))
        const each = permissions.map((it) => allows([it], want, now))
        expect(allows(permissions, want, now)).toBe(each.includes(true))
      }),
      { numRuns: 1000 },
    )
  })
})

describe('[F11] an app', () => {
  const day = 86_400_000
  const app = { expiresAt: null, idleDays: null, lastUsedAt: null, createdAt: now }
  it.each([
    ['goes on for ever when nothing ends it', {}, now + 10_000 * day, null],
    ['goes on until its date', { expiresAt: now + day }, now + day - 1, null],
    ['ends on its date', { expiresAt: now + day }, now + day, /until 2026-06-02/],
    ['goes on while it is used', { idleDays: 7, lastUsedAt: now + 5 * day }, now + 11 * day, null],
    ['ends when it was not used', { idleDays: 7, lastUsedAt: now + 5 * day }, now + 12 * day, /not used for 7 days/],
    ['ends when it was never used', { idleDays: 1 }, now + day, /not used for a day/],
  ])('%s', (_, changes, at, why) => {
    const end = endOf({ ...app, ...changes }, at)
    if (why === null) expect(end).toBeNull()
    else expect(end).toMatch(why)
  })
})
