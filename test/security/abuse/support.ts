import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import { call, pairApp, wholeHost } from '../../integration/api/paired.ts'
import { type Answer, type ApiWorld, hostAndPort, raw, request } from '../../integration/api/world.ts'
import { connectPractice, type Host } from '../../integration/whole/host.ts'

export const account = 'practice:ada'
type Transport = 'http' | 'socket'

/** A server of the attacker's, on every loopback address. It notes what arrives: whatever does has been let out. */
export async function trap(): Promise<{ port: number; arrived: string[] }> {
  const arrived: string[] = []
  const server = http.createServer((incoming, response) => {
    arrived.push(`${incoming.method} ${incoming.headers.host}${incoming.url} ${JSON.stringify(incoming.headers)}`)
    response.end('trapped')
  })
  server.on('connection', () => arrived.push('a connection'))
  server.listen(0, '::')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return { port: (server.address() as AddressInfo).port, arrived }
}

/** The whole host with Ada's account, and a program that may send requests with it, as far as `narrowed` says. */
export async function abused(narrowed: Record<string, unknown> = {}) {
  const host = await wholeHost()
  await connectPractice(host)
  const app = await pairApp(host, 'Abuser', [{ account, rights: ['request'], ...narrowed }])
  const owner = fs.readFileSync(host.paths.ownerKey, 'utf8').trim()
  const api = (await host.client.practice()).api_base_url ?? ''
  const proxy = `/v1/accounts/${account}/proxy/`
  return {
    host,
    api,
    owner,
    app,
    proxy,
    secrets: [owner, app.key, (await host.client.token(account)).access_token],
    /** The same request both ways, as the app sends it. */
    async both(method: string, url: string): Promise<{ way: string; answer: Answer }[]> {
      const buffered = await app.call('POST', `/v1/accounts/${account}/request`, { method, url })
      // A request target is ASCII without spaces; what is none has to be percent-encoded.
      const targets = [encodeURIComponent(url), ...(/^[!-~]+$/.test(url) ? [url] : [])]
      const streamed = []
      for (const target of targets)
        streamed.push({ way: `proxy ${target}`, answer: await app.call(method, proxy + target) })
      return [{ way: `request ${url}`, answer: inside(buffered) }, ...streamed]
    },
    /** Others are answered, over both transports. */
    answersOthers: () => answersOwner(host, owner),
  }
}

/** What the API answered, where it was asked; else Latchkey's own answer. */
function inside(answer: Answer): Answer {
  if (answer.status !== 200) return answer
  const text: string = answer.json.body ?? ''
  return { ...answer, status: answer.json.status, text }
}

async function answersOwner(host: Host, owner: string): Promise<boolean> {
  const [signed, listed] = await Promise.all([
    call(host, owner, 'POST', `/v1/accounts/${account}/request`, { url: '/api/me' }),
    host.client.accounts(),
  ])
  return JSON.parse(signed.json.body).name === 'Ada Lovelace' && listed.length === 1
}

/** Where a transport listens, and the name that its `Host` has. */
export const at = (world: Pick<ApiWorld, 'host' | 'paths'>, transport: Transport) =>
  transport === 'http'
    ? { where: hostAndPort(world.host), name: world.host }
    : { where: { path: world.paths.socket, socketPath: world.paths.socket }, name: 'localhost' }

/** These lines with `Host` before them, as they are; everything that comes back. */
export function lines(
  world: Pick<ApiWorld, 'host' | 'paths'>,
  transport: Transport,
  first: string,
  headers: string[],
  body = '',
): Promise<string> {
  const { where, name } = at(world, transport)
  return raw(where, `${[first, `Host: ${name}`, ...headers, 'Connection: close'].join('\r\n')}\r\n\r\n${body}`)
}

/** Whether the owner is answered over this transport. */
export async function isAnswered(world: Pick<ApiWorld, 'host' | 'paths' | 'key'>, transport: Transport) {
  const { where, name } = at(world, transport)
  const headers = { host: name, authorization: `Bearer ${world.key}` }
  return (await request({ where, method: 'GET', target: '/openapi.json', headers })).status === 200
}

/** Bytes that the garbage collector could not take back. */
export function memory(): number {
  globalThis.gc?.()
  return process.memoryUsage().rss
}
