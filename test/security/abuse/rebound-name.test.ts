import { once } from 'node:events'
import net from 'node:net'
import { expect, it, onTestFinished } from 'vitest'
import { raw, request } from '../../integration/api/world.ts'
import { startProxy, startUpstream } from '../../integration/proxy/world.ts'
import { arrivals, launch, noBrowser } from './browser.ts'
import { at, isAnswered } from './support.ts'

const name = 'rebound.test'

/**
 * What DNS rebinding comes to: the attacker's name first leads to the attacker, at the port of the API, and then to the
 * API itself. `turn` is the moment at which the name's second address takes effect.
 */
async function attacker(port: number): Promise<{ turn(): void }> {
  let turned = false
  const open = new Set<net.Socket>()
  const body = '<!doctype html><title>Evil</title>'
  const head = `HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: ${body.length}\r\nConnection: close\r\n\r\n`
  const server = net.createServer((socket) => {
    open.add(socket)
    socket.on('error', () => {})
    if (!turned) return void socket.once('data', () => socket.end(head + body))
    const there = net.connect(port, '127.0.0.1').on('error', () => socket.destroy())
    open.add(there)
    socket.pipe(there).pipe(socket)
  })
  server.listen(port, '127.0.0.2')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  return {
    turn() {
      turned = true
    },
  }
}

/** Of the same origin now, so that the browser lets it send any header and read any answer. Runs in the browser. */
async function attack({ key, targets }: { key: string; targets: string[] }): Promise<[string, number, string][]> {
  const told: [string, number, string][] = []
  for (const target of targets) {
    const inits: RequestInit[] = [
      {},
      { headers: { authorization: `Bearer ${key}` } },
      {
        method: 'POST',
        body: '{"url":"/x"}',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
      },
    ]
    for (const init of inits) {
      const answer = await fetch(target, init)
      told.push([target, answer.status, await answer.text()])
    }
  }
  return told
}

// Other systems have no second loopback address without being told to.
const possible = noBrowser === null && process.platform === 'linux'

it.skipIf(!possible)(
  'a page whose name was made to lead here is refused, though its browser takes it for the same origin',
  async () => {
    const upstream = await startUpstream((_, response) => response.end('from the API'))
    const world = await startProxy({
      baseUrl: upstream.base,
      page: { 'index.html': '<!doctype html><title>Own</title>' },
    })
    const port = Number(world.host.split(':')[1])
    const { turn } = await attacker(port)
    const browser = await launch([`--host-resolver-rules=MAP ${name} 127.0.0.2`])
    const page = await (await browser.newContext()).newPage()
    await page.goto(`http://${name}:${port}/`)
    expect(await page.title()).toBe('Evil')
    turn()
    const seen = arrivals(port)
    const targets = [
      '/',
      '/v1/health',
      '/v1/accounts',
      '/openapi.json',
      '/v1/pair',
      '/v1/events',
      world.path('x'),
      '/page/session',
    ]
    const told = await page.evaluate(attack, { key: world.key, targets })
    expect(told).toHaveLength(targets.length * 3)
    for (const [target, status, text] of told) {
      expect([status, JSON.parse(text).error.code], target).toEqual([403, 'forbidden'])
    }
    // The browser's bytes did get here.
    expect(seen.length).toBe(told.length)
    expect(world.calls).toEqual([])
    expect(world.apps.pairings).toEqual([])
    expect(upstream.requests).toHaveLength(0)
    expect(await isAnswered(world, 'http')).toBe(true)
  },
  60_000,
)

it.each(['http', 'socket'] as const)(
  'every other Host is refused, over %s, with the owner’s own key',
  async (transport) => {
    const upstream = await startUpstream((_, response) => response.end('from the API'))
    const world = await startProxy({ baseUrl: upstream.base })
    const { where } = at(world, transport)
    const port = world.host.split(':')[1]
    const authorization = `Bearer ${world.key}`
    const hosts = [
      name,
      `${name}:${port}`,
      `localhost:${port}`,
      `127.0.0.1.${name}:${port}`,
      `[::1]:${port}`,
      '127.0.0.1',
      `2130706433:${port}`,
      `127.1:${port}`,
      `127.0.0.1.:${port}`,
      `user@127.0.0.1:${port}`,
      `127.0.0.1:0${port}`,
      '',
      ' ',
      'latchkey.',
      'LOCALHOST',
    ]
    for (const host of hosts) {
      for (const target of ['/v1/health', '/v1/accounts', world.path('x')]) {
        const answer = await request({ where, method: 'GET', target, headers: { host, authorization } })
        expect([400, 403], `${host} ${target}`).toContain(answer.status)
      }
    }
    for (const head of [
      `Host: ${name}\r\nHost: ${world.host}`,
      `Host: ${world.host}\r\nHost: ${name}`,
      'X-Forwarded-Host: 127.0.0.1',
      '',
    ]) {
      const text = `GET /v1/accounts HTTP/1.1\r\n${head === '' ? '' : `${head}\r\n`}Authorization: ${authorization}\r\nConnection: close\r\n\r\n`
      expect(await raw(where, text), head).toMatch(/^HTTP\/1\.1 40[03] /)
    }
    expect(world.calls).toEqual([])
    expect(upstream.requests).toHaveLength(0)
  },
)
