import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import { onTestFinished } from 'vitest'
import type { Use } from '../../../electron/services/ports-apps.ts'
import { type ApiWorld, startWorld, type WorldOptions } from '../api/world.ts'
import { type ProxyOptions, proxyService } from './service.ts'

/** An API on loopback that does what `answer` says. */
export interface Upstream {
  /** `http://127.0.0.1:PORT` */
  base: string
  host: string
  requests: http.IncomingMessage[]
  /** Connections that were made to it. */
  connections: number
}

export async function startUpstream(answer: http.RequestListener): Promise<Upstream> {
  const server = http.createServer({ requestTimeout: 0, keepAliveTimeout: 60_000 }, (request, response) => {
    upstream.requests.push(request)
    answer(request, response)
  })
  const upstream: Upstream = { base: '', host: '', requests: [], connections: 0 }
  server.on('connection', () => {
    upstream.connections += 1
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  upstream.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  upstream.base = `http://${upstream.host}`
  return upstream
}

/** A server of bytes: what it gets is kept, what it answers is up to the test. */
export async function startBytes(answer: (socket: net.Socket, sofar: string) => void): Promise<Upstream> {
  const upstream: Upstream = { base: '', host: '', requests: [], connections: 0 }
  const open = new Set<net.Socket>()
  const server = net.createServer((socket) => {
    upstream.connections += 1
    open.add(socket)
    let sofar = ''
    socket.on('error', () => {})
    socket.on('data', (part) => {
      sofar += part.toString('latin1')
      answer(socket, sofar)
    })
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    for (const socket of open) socket.destroy()
    server.close()
    await once(server, 'close')
  })
  upstream.host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  upstream.base = `http://${upstream.host}`
  return upstream
}

export interface ProxyWorld extends ApiWorld {
  uses: Use[]
  /** What `fresh` was asked with. */
  asked: (string | undefined)[]
  events: ReturnType<typeof proxyService>['events']
  settings: { baseUrl: string | null; hosts: string[] }
  /** `http://127.0.0.1:PORT/v1/accounts/acc_1/proxy/` */
  proxy: string
  /** The path of an address of the proxy. */
  path(target: string): string
  /** Resolves once so many uses have been noted. */
  used(count: number): Promise<Use[]>
  /** What a lock does to it. */
  forget(): void
}

/** The local API with its real guard and proxy, among stand-ins for vault, permissions and tokens. */
export async function startProxy(options: WorldOptions & ProxyOptions = {}): Promise<ProxyWorld> {
  const { service, ...rest } = proxyService(options)
  onTestFinished(() => service.close())
  const api = await startWorld({ ...options, proxy: service })
  const prefix = '/v1/accounts/acc_1/proxy/'
  return Object.assign(api, rest, {
    proxy: `http://${api.host}${prefix}`,
    path: (target: string) => prefix + target,
    forget: service.forget,
  })
}

/** The whole body of a request. */
export async function read(request: http.IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString()
}
