import { once } from 'node:events'
import http from 'node:http'
import { describe, expect, it } from 'vitest'
import { routes } from '../../../electron/api/routes.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { openStream } from './stream.ts'
import { account, flow, hostAndPort, startWorld, vaultStatus } from './world.ts'

describe.each([
  ['HTTP', false],
  ['the socket', true],
])('[F10] over %s', (_, socket) => {
  it('health needs no key and says whether the vault is locked', async () => {
    const world = await startWorld()
    expect((await world.call('GET', '/v1/health', { socket, key: null })).json).toEqual({
      name: 'Latchkey',
      version: '0.1.0',
      locked: false,
    })
    world.state = 'locked'
    expect((await world.call('GET', '/v1/health', { socket, key: null })).json.locked).toBe(true)
  })

  it('a call reaches its method with what the path and the body say', async () => {
    const world = await startWorld({
      handlers: {
        'accounts.get': () => account,
        'accounts.rename': () => account,
        'connect.paste': () => flow,
        'requests.send': () => ({
          status: 200,
          status_text: 'OK',
          headers: {},
          body: 'b',
          body_base64: null,
          duration_ms: 1,
          refreshed: false,
          url: 'https://api.test/',
        }),
      },
    })
    const at = (path: string) => `/v1/accounts/${encodeURIComponent('practice:a/b ü')}${path}`
    expect((await world.call('GET', at(''), { socket })).json).toEqual(account)
    await world.call('PATCH', at(''), { socket, body: { alias: 'mine' } })
    await world.call('POST', '/v1/flows/flow_1/answer', { socket, body: { url: 'http://x' } })
    const sent = await world.call('POST', at('/request'), { socket, body: { method: 'get', url: '/me' } })
    expect(sent.json).toMatchObject({ status: 200, body: 'b' })
    expect(world.calls.map(({ method, input, caller }) => [method, input, caller.kind])).toEqual([
      ['accounts.get', { account: 'practice:a/b ü' }, 'owner'],
      ['accounts.rename', { account: 'practice:a/b ü', alias: 'mine' }, 'owner'],
      ['connect.paste', { flow: 'flow_1', url: 'http://x' }, 'owner'],
      [
        'requests.send',
        { account: 'practice:a/b ü', request: { method: 'GET', url: '/me', headers: {}, timeout_ms: 60_000 } },
        'owner',
      ],
    ])
  })

  it('[F9] a token is asked for with min_validity', async () => {
    const world = await startWorld()
    const answer = await world.call('POST', '/v1/accounts/practice%3Aada/token', {
      socket,
      body: { min_validity: 300 },
    })
    expect(answer.json).toEqual({
      access_token: 'the-access-token',
      token_type: 'Bearer',
      expires_at: '2026-01-01T01:00:00.000Z',
      expires_in: 3600,
      scopes: ['a', 'b'],
    })
    await world.call('POST', '/v1/accounts/practice:ada/token', { socket })
    expect(world.calls.map((it) => it.input)).toEqual([
      { reference: 'practice:ada', minValidity: 300 },
      { reference: 'practice:ada' },
    ])
  })
})

describe('calls', () => {
  it('every one in the table reaches a method and is in the OpenAPI document', async () => {
    const world = await startWorld()
    const document = (await world.call('GET', '/openapi.json')).json
    for (const route of routes) {
      expect(document.paths[route.path][route.method.toLowerCase()].operationId).toBe(route.call)
      const target = route.path.replace(/\{\w+\}/g, 'some')
      const answer = await world.call(
        route.method,
        target,
        route.method === 'GET' || route.method === 'DELETE' ? {} : { body: {} },
      )
      expect([200, 400, 404]).toContain(answer.status)
      // Either the stand-in was reached, or the contract's schema refused the empty body.
      if (answer.status === 404) expect(answer.json.error.message).toBe(`The test answers nothing to ${route.call}.`)
      else expect(answer.json.error.field).toBeDefined()
    }
  })

  it('status tells of app and vault', async () => {
    const app = {
      name: 'Latchkey',
      version: '0.1.0',
      host: 'headless' as const,
      platform: 'linux',
      profile: '/p',
      http: null,
      socket: null,
    }
    const world = await startWorld({
      handlers: { 'app.info': () => app, 'vault.status': () => vaultStatus('locked') },
    })
    expect((await world.call('GET', '/v1/status')).json).toEqual({ app, vault: vaultStatus('locked') })
  })

  it('a program that says it is the command line is noted as that', async () => {
    const world = await startWorld({ handlers: { 'accounts.list': () => [] } })
    await world.call('GET', '/v1/accounts', { headers: { 'user-agent': 'latchkey-cli/0.1.0' } })
    expect(world.calls[0]?.caller.kind).toBe('cli')
  })

  it('a query’s numbers are read as numbers', async () => {
    const world = await startWorld({ handlers: { 'activity.list': () => [] } })
    await world.call('GET', '/v1/activity?account=123&limit=5&before=9')
    expect(world.calls[0]?.input).toEqual({ account: '123', limit: 5, before: 9 })
  })

  it('a caller who goes away aborts the work', async () => {
    let aborted: Promise<unknown> | null = null
    const world = await startWorld({
      handlers: {
        'accounts.refresh': (_, caller) => {
          const { signal } = caller
          if (signal === undefined) throw new Error('There is no signal.')
          aborted = once(signal, 'abort')
          outgoing.destroy()
          return new Promise(() => {})
        },
      },
    })
    const outgoing = http.request({
      ...hostAndPort(world.host),
      method: 'POST',
      path: '/v1/accounts/a/refresh',
      headers: { authorization: `Bearer ${world.key}` },
    })
    const failed = once(outgoing, 'error')
    outgoing.end()
    await failed.catch(() => {})
    await expect.poll(() => aborted).not.toBeNull()
    await aborted
  })

  it('a thousand callers at once are all answered, on the socket too', async () => {
    const world = await startWorld()
    const one = (socket: boolean) => world.call('POST', '/v1/accounts/a/token', { socket, body: {} })
    const answers = await Promise.all(Array.from({ length: 1000 }, (_, i) => one(i % 2 === 0)))
    expect(answers.filter((it) => it.status === 200)).toHaveLength(1000)
  })
})

describe('errors', () => {
  it('carry the code, its status and its details', async () => {
    const world = await startWorld({
      handlers: {
        'accounts.get': () => {
          throw new LatchkeyError('ambiguous_account', 'Two match.', { candidates: ['a', 'b'] })
        },
      },
    })
    const answer = await world.call('GET', '/v1/accounts/x')
    expect([answer.status, answer.json]).toEqual([
      409,
      { error: { code: 'ambiguous_account', message: 'Two match.', candidates: ['a', 'b'] } },
    ])
  })

  it('unexpected ones say nothing of their inside, and the log names the place without the message', async () => {
    const world = await startWorld({
      handlers: {
        'accounts.list': () => {
          throw new Error('SECRET')
        },
      },
    })
    const answer = await world.call('GET', '/v1/accounts')
    expect(answer.status).toBe(500)
    expect(answer.json.error.code).toBe('internal')
    expect(answer.text + world.logged.join()).not.toContain('SECRET')
    expect(world.logged.join()).toContain('calls.test.ts')
  })

  it.each([
    ['an unknown path', 'GET', '/v1/nothing', undefined, 404, 'not_found'],
    ['an unknown method on a path', 'POST', '/v1/accounts', {}, 404, 'not_found'],
    ['a broken path', 'GET', '/v1/accounts/%zz', undefined, 400, 'invalid_request'],
    ['broken JSON', 'POST', '/v1/connect', '{"a":', 400, 'invalid_request'],
    ['JSON that is no object', 'POST', '/v1/connect', '[1]', 400, 'invalid_request'],
    ['a poisoned prototype', 'POST', '/v1/connect', '{"__proto__":{"x":1}}', 400, 'invalid_request'],
    ['an unknown field', 'POST', '/v1/accounts/a/token', { force: true }, 400, 'invalid_request'],
    [
      'a field of the path in the body',
      'PATCH',
      '/v1/accounts/a',
      { account: 'b', alias: 'c' },
      400,
      'invalid_request',
    ],
    ['a body where none belongs', 'POST', '/v1/accounts/a/refresh', { x: 1 }, 400, 'invalid_request'],
    ['a query where none belongs', 'GET', '/v1/accounts?key=abc', undefined, 400, 'invalid_request'],
    ['a passphrase in the query', 'POST', '/v1/unlock?passphrase=abc', {}, 400, 'invalid_request'],
  ])('%s', async (_, method, target, body, status, code) => {
    const world = await startWorld()
    const answer = await world.call(method, target, { body })
    expect([answer.status, answer.json.error.code]).toEqual([status, code])
    expect(world.calls).toEqual([])
  })

  it('name the field as the caller wrote it', async () => {
    const world = await startWorld()
    const answer = await world.call('POST', '/v1/accounts/a/request', { body: { url: 5 } })
    expect(answer.json.error).toMatchObject({ code: 'invalid_request', field: 'url' })
    expect(answer.json.error.message).not.toContain('request.')
    const token = await world.call('POST', '/v1/accounts/a/token', { body: { force: true } })
    expect(token.json.error).toMatchObject({ field: 'force', message: '“force” is not known here.' })
  })
})

describe('events', () => {
  it('[F10] arrive as a stream, ids and states', async () => {
    const world = await startWorld()
    const stream = await openStream(world, '/v1/events')
    expect(stream.headers['content-type']).toContain('text/event-stream')
    await expect.poll(stream.text).toContain(': connected')
    world.emit({ type: 'account', account_id: 'acc_1', state: 'active' })
    await expect
      .poll(stream.text)
      .toContain('event: account\ndata: {"type":"account","account_id":"acc_1","state":"active"}\n\n')
    await world.api.close()
    await stream.ended
  })
})

describe('the OpenAPI document', () => {
  it('is OpenAPI 3.1 with schemas made from those that check', async () => {
    const world = await startWorld()
    const { json } = await world.call('GET', '/openapi.json')
    expect(json.openapi).toBe('3.1.0')
    expect(json.servers).toEqual([{ url: world.api.http }])
    expect(json.paths['/v1/accounts'].get.responses[200].content['application/json'].schema).toEqual({
      type: 'array',
      items: { $ref: '#/components/schemas/Account' },
    })
    expect(json.components.schemas.TokenInput.additionalProperties).toBe(false)
    expect(json.components.schemas.RequestInput.required).toEqual(['url'])
    expect(json.paths['/v1/health'].get.security).toEqual([])
    const references = [...JSON.stringify(json).matchAll(/"#\/components\/schemas\/(\w+)"/g)].map((match) => match[1])
    for (const name of new Set(references)) expect(json.components.schemas).toHaveProperty(String(name))
  })

  it('[F11] every call has an id of its own, a tag that is explained, words, keys, and its refusals', async () => {
    const world = await startWorld()
    const { json } = await world.call('GET', '/openapi.json')
    // biome-ignore lint/suspicious/noExplicitAny: the document is read as it came.
    const calls: any[] = Object.values(json.paths).flatMap((path) => Object.values(path as object))
    expect(calls.length).toBeGreaterThan(routes.length + 10)
    expect(new Set(calls.map((it) => it.operationId)).size).toBe(calls.length)
    const tags = json.tags.map((it: { name: string }) => it.name)
    const schemes = Object.keys(json.components.securitySchemes)
    expect(schemes).toEqual(['ownerKey', 'appKey', 'pairingSecret'])
    for (const call of calls) {
      expect(call.tags.filter((tag: string) => !tags.includes(tag))).toEqual([])
      expect(call.summary).toMatch(/\.$/)
      expect(call.description).toMatch(/\.$/)
      expect(call.security.flatMap(Object.keys).filter((key: string) => !schemes.includes(key))).toEqual([])
      expect(Object.keys(call.responses).filter((it) => it.startsWith('4')).length).toBeGreaterThan(1)
      for (const parameter of call.parameters) expect(parameter.description).toMatch(/\.$/)
    }
    expect(json.paths['/v1/pair'].post.responses[201].content['application/json'].schema.$ref).toMatch(/Pairing$/)
    expect(json.paths['/v1/apps'].get.responses[200].content['application/json'].schema.items.$ref).toMatch(/App$/)
    expect(Object.keys(json.paths['/v1/accounts/{account}/proxy/{target}'])).toEqual([
      'get',
      'head',
      'post',
      'put',
      'patch',
      'delete',
    ])
  })
})
