import { describe, expect, it } from 'vitest'
import { readableUserAgent } from '../../../electron/api/visit.ts'
import { account, app, startWorld } from './world.ts'

const permission = {
  rights: ['request'],
  account: 'mail',
  hosts: [],
  methods: ['GET'],
  path_prefix: '/v1/me',
  until: null,
} as const

describe.each([
  ['HTTP', false],
  ['the socket', true],
])('[F11] an app over %s', (_, socket) => {
  it('calls as itself, with what it calls itself', async () => {
    const world = await startWorld({ handlers: { 'accounts.get': () => account } })
    const answer = await world.call('GET', '/v1/accounts/mail', {
      socket,
      key: world.apps.key,
      headers: { 'user-agent': 'backup/1.0' },
    })
    expect(answer.status).toBe(200)
    expect(world.calls[0]?.caller).toMatchObject({
      kind: 'app',
      app: { id: 'app_1', name: 'Backup', userAgent: 'backup/1.0' },
    })
  })

  it('gets a token, events, and the description of the API', async () => {
    const world = await startWorld()
    const key = world.apps.key
    const body = { min_validity: 5, rejected: 'old', scopes: ['a'], audience: 'https://api.test' }
    expect((await world.call('POST', '/v1/accounts/mail/token', { socket, key, body })).status).toBe(200)
    expect(world.calls[0]?.input).toEqual({
      reference: 'mail',
      minValidity: 5,
      rejected: 'old',
      scopes: ['a'],
      audience: 'https://api.test',
    })
    expect(world.calls[0]?.caller.app?.id).toBe('app_1')
    expect((await world.call('GET', '/openapi.json', { socket, key })).status).toBe(200)
    expect((await world.call('GET', '/v1/app', { socket, key })).json).toEqual(app)
  })
})

describe('[F11] keys of apps', () => {
  it('the app of the owner key is none', async () => {
    const world = await startWorld()
    const answer = await world.call('GET', '/v1/app')
    expect([answer.status, answer.json.error.code]).toEqual([404, 'not_found'])
    expect(answer.json.error.message).toContain('owner key')
  })

  it('while the vault is locked it is locked, and that is no failure', async () => {
    const world = await startWorld({ limits: { failures: 1 } })
    world.state = 'locked'
    for (let i = 0; i < 3; i++) {
      expect((await world.call('GET', '/v1/accounts', { key: world.apps.key })).status).toBe(423)
    }
    expect((await world.call('GET', '/v1/accounts', { key: 'wrong' })).status).toBe(401)
  })

  it('an unknown one is unauthenticated, one that has ended says so', async () => {
    const world = await startWorld()
    const unknown = await world.call('GET', '/v1/accounts', { key: `lkapp_${'x'.repeat(43)}` })
    expect([unknown.status, unknown.json.error.action.text]).toEqual([401, expect.stringContaining('/v1/pair')])
    world.apps.revoke()
    const ended = await world.call('GET', '/v1/accounts', { key: world.apps.key })
    expect([ended.status, ended.json.error.message]).toEqual([401, 'The access of Backup was taken back.'])
    expect(ended.headers['www-authenticate']).toBe('Bearer realm="latchkey"')
  })

  it('a program of the owner’s that calls itself the command line is that, an app never', async () => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    const headers = { 'user-agent': 'latchkey-cli/0.1.0' }
    await world.call('GET', '/v1/accounts', { headers })
    await world.call('GET', '/v1/accounts', { headers, key: world.apps.key })
    expect(world.calls.map((it) => it.caller.kind)).toEqual(['cli', 'app'])
  })

  it('nothing of a call is kept when it is over', async () => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    for (let i = 0; i < 5; i++) await world.call('GET', '/v1/accounts', { key: world.apps.key })
    await expect.poll(() => world.apps.listeners).toBe(0)
  })
})

it('[F11] what an app calls itself is one line without anything that steers', () => {
  expect(readableUserAgent(undefined)).toBeNull()
  expect(readableUserAgent(' \t ')).toBeNull()
  expect(readableUserAgent('a\u001b[31mred\u202ebackwards\u0085x  y')).toBe('a [31mredbackwards x y')
  expect(readableUserAgent('x'.repeat(500))).toHaveLength(200)
})

describe('[F11] the owner manages apps', () => {
  it.each([
    [
      'PATCH',
      '/v1/apps/Back%20up',
      { name: 'B', idle_days: 30 },
      'apps.change',
      { app: 'Back up', name: 'B', idle_days: 30 },
    ],
    ['DELETE', '/v1/apps/app_1', undefined, 'apps.revoke', { app: 'app_1' }],
    ['POST', '/v1/apps/app_1/permissions', permission, 'permissions.add', { ...permission, app: 'app_1' }],
    ['PUT', '/v1/permissions/perm_1', permission, 'permissions.change', { ...permission, id: 'perm_1' }],
    ['DELETE', '/v1/permissions/perm_1', undefined, 'permissions.withdraw', { id: 'perm_1' }],
    ['GET', '/v1/asks/WXYZ-2345', undefined, 'asks.get', { ask: 'WXYZ-2345' }],
    [
      'POST',
      '/v1/asks/WXYZ-2345/approve',
      { permissions: [permission] },
      'asks.approve',
      { ask: 'WXYZ-2345', permissions: [permission] },
    ],
    ['POST', '/v1/asks/WXYZ-2345/deny', {}, 'asks.deny', { ask: 'WXYZ-2345' }],
    [
      'POST',
      '/v1/bindings',
      { host: 'api.test', account: 'mail' },
      'bindings.save',
      { host: 'api.test', account: 'mail' },
    ],
    ['DELETE', '/v1/bindings/api.test:8443', undefined, 'bindings.remove', { host: 'api.test:8443' }],
    ['GET', '/v1/accounts/mail/usage?days=7', undefined, 'accounts.usage', { account: 'mail', days: 7 }],
    ['GET', '/v1/accounts/mail/usage', undefined, 'accounts.usage', { account: 'mail', days: 30 }],
    [
      'PUT',
      '/v1/activity/limits',
      { max_days: 9, max_entries: 1000 },
      'activity.limit',
      { max_days: 9, max_entries: 1000 },
    ],
    [
      'GET',
      '/v1/activity?app=Backup&kind=request&right=request&host=api.test&outcome=failed&search=a%20b&since=2026-01-01T00:00:00Z&limit=5',
      undefined,
      'activity.list',
      {
        app: 'Backup',
        kind: 'request',
        right: 'request',
        host: 'api.test',
        outcome: 'failed',
        search: 'a b',
        since: '2026-01-01T00:00:00Z',
        limit: 5,
      },
    ],
  ])('%s %s', async (method, target, body, call, input) => {
    const world = await startWorld()
    await world.call(method, target, body === undefined ? {} : { body })
    expect(world.calls.map((it) => [it.method, it.input])).toEqual([[call, input]])
  })
})
