import fs from 'node:fs'
import http from 'node:http'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import {
  type ApiWorld,
  type CallOptions,
  hostAndPort,
  startWorld,
  temporaryFolder,
} from '../../integration/api/world.ts'

const page = { 'index.html': '<!doctype html>', 'assets/app-1a2b.js': 'run()', 'assets/app-1a2b.css': 'body{}' }

/** What a browser adds to a call that the page itself makes. */
const own = (world: ApiWorld) => ({ origin: world.api.http, 'sec-fetch-site': 'same-origin' })

const linkSecret = (world: ApiWorld) => world.api.oneTimeLink().split('#link=')[1] ?? ''

function openSession(world: ApiWorld, link = linkSecret(world), options: CallOptions = {}) {
  return world.call('POST', '/page/session', { key: null, headers: own(world), body: { link }, ...options })
}

async function session(world: ApiWorld): Promise<{ cookie: string; key: string }> {
  const answer = await openSession(world)
  const cookie = answer.headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  return { cookie, key: answer.json.key }
}

const list = { method: 'accounts.list', input: {} }
const start = (options = {}) => startWorld({ page, handlers: { 'accounts.list': () => [] }, ...options })

describe('a session of the page', () => {
  it('is opened by a one-time link in the fragment, and calls methods as “page”', async () => {
    const world = await start()
    expect(world.api.oneTimeLink()).toMatch(new RegExp(`^${world.api.http}/#link=[A-Za-z0-9_-]{43}$`))
    const answer = await openSession(world)
    expect(answer.headers['set-cookie']).toEqual([
      expect.stringMatching(/^latchkey_page=[A-Za-z0-9_-]{43}; Path=\/page; HttpOnly; SameSite=Strict$/),
    ])
    const { cookie, key } = await session(world)
    const called = await world.call('POST', '/page/call', { key, headers: { ...own(world), cookie }, body: list })
    expect([called.status, called.json]).toEqual([200, { ok: true, value: [] }])
    expect(world.calls[0]?.caller.kind).toBe('page')
  })

  it('gets errors as values, with 200', async () => {
    const world = await start()
    const { cookie, key } = await session(world)
    const call = async (body: unknown) =>
      (await world.call('POST', '/page/call', { key, headers: { ...own(world), cookie }, body })).json
    expect(await call({ method: 'no.such', input: {} })).toMatchObject({
      ok: false,
      error: { code: 'invalid_request' },
    })
    expect(await call({ method: 'accounts.get', input: { account: 'x' } })).toMatchObject({ ok: false })
    world.handlers['accounts.list'] = () => {
      throw new Error('SECRET')
    }
    expect(await call(list)).toMatchObject({ ok: false, error: { code: 'internal' } })
    expect(world.logged.join()).not.toContain('SECRET')
  })

  it('receives events', async () => {
    const world = await start()
    const { cookie, key } = await session(world)
    const text = await new Promise<string>((resolve, reject) => {
      const headers = { host: world.host, 'sec-fetch-site': 'same-origin', cookie, authorization: `Bearer ${key}` }
      const outgoing = http.request({ ...hostAndPort(world.host), path: '/page/events', headers }, (incoming) => {
        let all = ''
        incoming.setEncoding('utf8').on('data', (part: string) => {
          all += part
          if (all.includes(': connected')) world.emit({ type: 'vault', state: 'locked' })
          if (all.includes('"vault"')) resolve(all)
        })
      })
      outgoing.on('error', reject)
      outgoing.end()
    })
    expect(text).toContain('data: {"type":"vault","state":"locked"}')
  })

  it('cannot be opened twice with one link', async () => {
    const world = await start()
    const link = linkSecret(world)
    expect((await openSession(world, link)).status).toBe(200)
    expect((await openSession(world, link)).json.error.code).toBe('unauthenticated')
  })

  it('cannot be opened with a link older than ten minutes, or a guessed one', async () => {
    const world = await start()
    const link = linkSecret(world)
    world.clock.advance(10 * 60_000)
    expect((await openSession(world, link)).status).toBe(401)
    expect((await openSession(world, 'guess')).status).toBe(401)
    expect((await openSession(world, world.key)).status).toBe(401)
  })

  it('guessing links is rate limited', async () => {
    const world = await start()
    for (let i = 0; i < 10; i++) expect((await openSession(world, `guess${i}`)).status).toBe(401)
    expect((await openSession(world, 'guess')).status).toBe(429)
    expect((await openSession(world)).status).toBe(200)
  })

  it('needs cookie and key, both of the same browser', async () => {
    const world = await start()
    const first = await session(world)
    const second = await session(world)
    const call = async (cookie: string | null, key: string | null) => {
      const headers = { ...own(world), ...(cookie === null ? {} : { cookie }) }
      return (await world.call('POST', '/page/call', { key, headers, body: list })).status
    }
    expect(await call(first.cookie, first.key)).toBe(200)
    expect(await call(first.cookie, null)).toBe(401)
    expect(await call(null, first.key)).toBe(401)
    expect(await call(first.cookie, second.key)).toBe(401)
    expect(await call(first.cookie, world.key)).toBe(401)
    expect(await call(`${first.cookie}; ${second.cookie}`, first.key)).toBe(401)
    expect(await call(`x${first.cookie}`, first.key)).toBe(401)
  })

  it('of a second tab leaves that of the first one working', async () => {
    const world = await start()
    const { cookie, key } = await session(world)
    const second = await openSession(world, linkSecret(world), {
      key: null,
      headers: { ...own(world), cookie },
      body: { link: linkSecret(world) },
    })
    expect(second.headers['set-cookie']?.[0]?.split(';')[0]).toBe(cookie)
    for (const it of [key, second.json.key]) {
      const called = await world.call('POST', '/page/call', { key: it, headers: { ...own(world), cookie }, body: list })
      expect(called.status).toBe(200)
    }
  })

  it('there are eight at most: the oldest ends', async () => {
    const world = await start()
    const oldest = await session(world)
    for (let i = 0; i < 8; i++) await session(world)
    const called = world.call('POST', '/page/call', {
      key: oldest.key,
      headers: { ...own(world), cookie: oldest.cookie },
      body: list,
    })
    expect((await called).status).toBe(401)
  })

  it('opens nothing of the API for programs', async () => {
    const world = await start()
    const { cookie, key } = await session(world)
    expect((await world.call('GET', '/v1/accounts', { key, headers: { cookie } })).status).toBe(401)
    expect((await world.call('POST', '/v1/accounts/a/token', { key, headers: { cookie }, body: {} })).status).toBe(401)
    const token = { method: 'accounts.token', input: { account: 'a' } }
    const called = await world.call('POST', '/page/call', { key, headers: { ...own(world), cookie }, body: token })
    expect(called.json.error.code).toBe('invalid_request')
    expect(world.calls).toEqual([])
  })

  it('is not there on the socket, nor where the host has a window', async () => {
    const world = await start()
    const { cookie, key } = await session(world)
    const headers = { origin: world.api.http, 'sec-fetch-site': 'same-origin', cookie }
    expect((await world.call('POST', '/page/call', { socket: true, key, headers, body: list })).status).toBe(403)
    expect((await world.call('GET', '/', { socket: true, key: null })).status).toBe(401)
    const desktop = await startWorld()
    expect(() => desktop.api.oneTimeLink()).toThrow(expect.objectContaining({ code: 'not_found' }))
    expect((await desktop.call('POST', '/v1/page-link')).status).toBe(404)
    expect((await openSession(desktop, 'x')).status).toBe(404)
  })

  it('a new link can be asked for with the owner key', async () => {
    const world = await start()
    const { json } = await world.call('POST', '/v1/page-link')
    expect(json).toEqual({ url: expect.stringContaining(`${world.api.http}/#link=`), expires_in: 600 })
    expect((await openSession(world, json.url.split('#link=')[1])).status).toBe(200)
  })
})

describe('a call of the page from elsewhere', () => {
  it.each([
    ['another origin', { origin: 'https://evil.test', 'sec-fetch-site': 'cross-site' }],
    ['another port of this machine', { origin: 'http://127.0.0.1:1', 'sec-fetch-site': 'same-site' }],
    ['a sandboxed frame', { origin: 'null', 'sec-fetch-site': 'cross-site' }],
    ['another origin that says same-origin', { origin: 'https://evil.test', 'sec-fetch-site': 'same-origin' }],
    ['our origin that says same-site', { origin: 'OWN', 'sec-fetch-site': 'same-site' }],
    ['our origin over https', { origin: 'OWNS' }],
    ['a program that says nothing', {}],
  ])('is refused: %s', async (_, given) => {
    const world = await start()
    const { cookie, key } = await session(world)
    const headers = Object.fromEntries(
      Object.entries(given).map(([name, value]) => [
        name,
        value === 'OWN' ? world.api.http : value === 'OWNS' ? world.api.http.replace('http:', 'https:') : value,
      ]),
    )
    const called = await world.call('POST', '/page/call', { key, headers: { ...headers, cookie }, body: list })
    expect([called.status, called.json.error.code]).toEqual([403, 'forbidden'])
    const link = linkSecret(world)
    expect((await openSession(world, link, { key: null, headers, body: { link } })).status).toBe(403)
    expect((await world.call('GET', '/page/events', { key, headers: { ...headers, cookie } })).status).toBe(403)
    expect(world.calls).toEqual([])
  })

  it('an older browser that sends Origin alone is let in', async () => {
    const world = await start()
    const { cookie, key } = await session(world)
    const headers = { origin: world.api.http, cookie }
    expect((await world.call('POST', '/page/call', { key, headers, body: list })).status).toBe(200)
  })
})

describe('the files of the page', () => {
  it('are served with a strict policy, and kept by no browser', async () => {
    const world = await start()
    const index = await world.call('GET', '/', { key: null, headers: { 'sec-fetch-site': 'none' } })
    expect([index.status, index.text, index.headers['content-type']]).toEqual([
      200,
      '<!doctype html>',
      'text/html; charset=utf-8',
    ])
    const policy = String(index.headers['content-security-policy'])
    for (const part of [
      "default-src 'none'",
      "script-src 'self'",
      "style-src 'self'",
      "img-src 'self' data:",
      "font-src 'self'",
      "connect-src 'self'",
      "form-action 'none'",
      "base-uri 'none'",
      "frame-ancestors 'none'",
    ]) {
      expect(policy.split('; ')).toContain(part)
    }
    expect(policy).not.toContain('unsafe')
    expect(index.headers).toMatchObject({ 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' })
    const script = await world.call('GET', '/assets/app-1a2b.js', { key: null, headers: own(world) })
    expect([script.text, script.headers['content-type']]).toEqual(['run()', 'text/javascript; charset=utf-8'])
    const head = await world.call('HEAD', '/assets/app-1a2b.css', { key: null })
    expect([head.status, head.text, head.headers['content-length']]).toEqual([200, '', '6'])
  })

  it.each([
    ['/../owner.key'],
    ['/%2e%2e/owner.key'],
    ['/..%2fowner.key'],
    ['/assets/../../owner.key'],
    ['/assets/..%5c..%5cowner.key'],
    ['//etc/passwd'],
    ['/assets/app-1a2b.js%00.html'],
    ['/assets'],
    ['/assets/'],
    ['/linked.txt'],
    ['/page/../owner.key'],
  ])('%s reaches no file', async (target) => {
    const dir = temporaryFolder()
    fs.mkdirSync(path.join(dir, 'page'))
    fs.writeFileSync(path.join(dir, 'outside.txt'), 'OUTSIDE')
    fs.symlinkSync(path.join(dir, 'outside.txt'), path.join(dir, 'page', 'linked.txt'))
    const world = await start({ dir })
    const answer = await world.call('GET', target, { key: null })
    expect(answer.status).not.toBe(200)
    expect(answer.text).not.toMatch(new RegExp(`OUTSIDE|root:|${world.key}`))
  })

  it.each(['cross-site', 'same-site'])('cannot be opened, embedded or loaded from elsewhere (%s)', async (site) => {
    const world = await start()
    for (const target of ['/', '/assets/app-1a2b.js']) {
      const answer = await world.call('GET', target, { key: null, headers: { 'sec-fetch-site': site } })
      expect([answer.status, answer.json.error.code]).toEqual([403, 'forbidden'])
    }
    const foreign = await world.call('GET', '/', { key: null, headers: { origin: 'https://evil.test' } })
    expect(foreign.status).toBe(403)
  })

  it('are still behind the Host rule', async () => {
    const world = await start()
    expect((await world.call('GET', '/', { key: null, headers: { host: 'evil.test' } })).status).toBe(403)
  })
})
