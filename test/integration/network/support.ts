import { once } from 'node:events'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { TLSSocket } from 'node:tls'
import { onTestFinished } from 'vitest'
import { createNetwork } from '../../../electron/platform/network.ts'
import type { Route } from '../../../electron/platform/ports.ts'
import type { LatchkeyError } from '../../../shared/errors.ts'
import type { Authority } from '../../doubles/authority.ts'

export interface Received {
  method: string
  url: string
  headers: http.IncomingHttpHeaders
  body: string
  /** The name in the client's certificate, or null. */
  client: string | null
}

export interface Server {
  port: number
  received: Received[]
}

type Answer = (request: Received, response: http.ServerResponse) => void
const fine: Answer = (_, response) => response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}')

async function listen(server: http.Server | https.Server, received: Received[]): Promise<Server> {
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
  })
  return { port: (server.address() as AddressInfo).port, received }
}

function listener(received: Received[], answer: Answer): http.RequestListener {
  return async (request, response) => {
    const parts: Buffer[] = []
    for await (const part of request) parts.push(part)
    const peer = 'getPeerCertificate' in request.socket ? (request.socket as TLSSocket).getPeerCertificate() : null
    const entry: Received = {
      method: request.method ?? '',
      url: request.url ?? '',
      headers: request.headers,
      body: Buffer.concat(parts).toString(),
      client: peer?.subject?.CN?.toString() ?? null,
    }
    received.push(entry)
    answer(entry, response)
  }
}

/** A server inside the private network: its certificate is signed by that network's own authority. */
export function startTlsServer(
  authority: Authority,
  name: string,
  options: { clientCertificate?: boolean; answer?: Answer } = {},
): Promise<Server> {
  const { certificate, privateKey } = authority.issue(name)
  const received: Received[] = []
  const server = https.createServer(
    {
      cert: certificate,
      key: privateKey,
      ...(options.clientCertificate ? { ca: authority.certificate, requestCert: true, rejectUnauthorized: true } : {}),
    },
    listener(received, options.answer ?? fine),
  )
  return listen(server, received)
}

export function startHttpServer(answer: Answer = fine): Promise<Server> {
  const received: Received[] = []
  return listen(http.createServer(listener(received, answer)), received)
}

export function network(options: Parameters<typeof createNetwork>[0] = {}) {
  const made = createNetwork({ timeoutMs: 5000, env: {}, ...options })
  onTestFinished(() => made.close())
  return made
}

export const route = (parts: Partial<Route> = {}): Route => ({ privateNetwork: false, allow: null, ...parts })

export const fails = (work: Promise<unknown>) =>
  work.then(
    () => {
      throw new Error('it should have failed')
    },
    (error: LatchkeyError) => error,
  )
