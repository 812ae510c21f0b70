import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import path from 'node:path'
import type { Duplex } from 'node:stream'
import { LatchkeyError } from '../../shared/errors.ts'
import { privateFolder } from '../platform/private-files.ts'
import { isProxied } from './guard.ts'
import type { ApiLimits } from './limits.ts'
import { Refusal, refusalText, refuse } from './refusal.ts'

export type Listener = http.RequestListener

/** Room for a thousand callers at the same moment; the system may cut it down (listen(2), somaxconn). */
const backlog = 2048

/**
 * A server with the limits of the API, not listening yet. What cannot be parsed is answered as an error too.
 *
 * @param streams What streams through takes as long as it moves: the listener limits the time of bodies (`limitBody`), and
 * says when one may come (`mayGoOn`).
 */
export function createServer(limits: ApiLimits, listener: Listener, streams = false): http.Server {
  const server = http.createServer(
    {
      maxHeaderSize: limits.headers,
      headersTimeout: limits.headersTimeout,
      requestTimeout: streams ? 0 : limits.requestTimeout,
      connectionsCheckingInterval: Math.min(1000, limits.headersTimeout),
      keepAliveTimeout: 30_000,
      noDelay: true,
      ...onlyWebSockets,
    },
    listener,
  )
  if (streams) server.on('checkContinue', listener)
  server.maxConnections = limits.connections
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    if (!socket.writable || error.code === 'ECONNRESET') socket.destroy()
    else socket.end(refusalText(malformed(error.code ?? '')))
  })
  // Neither has an answer of the API's own in node:http.
  server.on('checkExpectation', (_, response) =>
    refuse(response, new Refusal(417, 'invalid_request', 'Expect: 100-continue is the only expectation that is met.')),
  )
  const noTunnel = (_: http.IncomingMessage, socket: Duplex) =>
    socket.end(refusalText(new Refusal(405, 'forbidden', 'CONNECT and Upgrade are not answered.')))
  server.on('connect', noTunnel)
  server.on('upgrade', (request, socket: Duplex) => {
    if (!isProxied(request.url ?? '')) return noTunnel(request, socket)
    socket.end(
      refusalText(new Refusal(501, 'invalid_request', 'The proxy carries no WebSockets and no other upgrades.')),
    )
  })
  return server
}

/**
 * An offer to speak another protocol (`Upgrade: h2c`) may be ignored, and the request answered as it is (RFC 9110 7.8);
 * WebSockets cannot. Before Node 24.9 there is no such option, and all of them are refused.
 */
const onlyWebSockets: http.ServerOptions & { shouldUpgradeCallback: (request: http.IncomingMessage) => boolean } = {
  shouldUpgradeCallback: ({ headers }) => /\bwebsocket\b/i.test(headers.upgrade ?? ''),
}

/** Asks for the body of who waits to be asked (RFC 9110 10.1.1). No other expectation gets here. */
export function mayGoOn(request: http.IncomingMessage, response: http.ServerResponse): void {
  if (request.headers.expect !== undefined && request.httpVersion === '1.1') response.writeContinue()
}

/** Whether a request has a body (RFC 9112 6). */
const hasBody = ({ headers }: http.IncomingMessage) =>
  headers['transfer-encoding'] !== undefined || (headers['content-length'] ?? '0') !== '0'

/** Answers with `timeout`, and ends the connection, when the body has not come within so many milliseconds. */
export function limitBody(request: http.IncomingMessage, milliseconds: number): void {
  if (!hasBody(request)) return
  const { socket } = request
  const timer = setTimeout(() => {
    if (request.complete || !socket.writable) return
    socket.end(refusalText(malformed('ERR_HTTP_REQUEST_TIMEOUT')))
    socket.destroySoon()
  }, milliseconds)
  timer.unref()
  const over = () => clearTimeout(timer)
  request.once('end', over).once('close', over)
}

function malformed(code: string): Refusal {
  if (code === 'HPE_HEADER_OVERFLOW') return new Refusal(431, 'too_large', 'The headers of the request are too long.')
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Refusal(408, 'timeout', 'The request came too slowly.')
  return new Refusal(400, 'invalid_request', 'This is not a valid HTTP request.')
}

/** Listens on 127.0.0.1, on `port` or, when that is taken, on one of the moment. Resolves to `127.0.0.1:PORT`. */
export async function listenOnLoopback(server: http.Server, port: number): Promise<string> {
  try {
    await listen(server, { host: '127.0.0.1', port })
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code !== 'EADDRINUSE' && code !== 'EACCES') throw error
    await listen(server, { host: '127.0.0.1', port: 0 })
  }
  return `127.0.0.1:${(server.address() as AddressInfo).port}`
}

/**
 * Listens on a Unix socket, 0600 in a 0700 folder, or on a named pipe, which Windows gives to this user's sessions.
 *
 * @throws LatchkeyError `internal` when the path is taken by something that is alive or is no socket.
 */
export async function listenOnSocket(server: http.Server, socketPath: string): Promise<void> {
  if (socketPath.startsWith('\\\\')) return await listen(server, { path: socketPath })
  privateFolder(path.dirname(socketPath))
  await removeStale(socketPath)
  await listen(server, { path: socketPath })
  // Until here the folder alone keeps others out.
  fs.chmodSync(socketPath, 0o600)
}

async function removeStale(socketPath: string): Promise<void> {
  const stats = fs.lstatSync(socketPath, { throwIfNoEntry: false })
  if (stats === undefined) return
  if (!stats.isSocket())
    throw new LatchkeyError('internal', `${socketPath} is not a socket. Move it away and start again.`)
  if (await answers(socketPath)) {
    throw new LatchkeyError('internal', `Another program answers at ${socketPath}. Is Latchkey running already?`)
  }
  fs.rmSync(socketPath, { force: true })
}

/** Only a refused connection means that nobody is there: anything else may be somebody who is busy. */
async function answers(socketPath: string): Promise<boolean> {
  const socket = net.connect(socketPath)
  try {
    await once(socket, 'connect')
    return true
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== 'ECONNREFUSED' && code !== 'ENOENT'
  } finally {
    socket.destroy()
  }
}

async function listen(server: http.Server, where: net.ListenOptions): Promise<void> {
  server.listen({ ...where, backlog })
  await once(server, 'listening')
}

/** Ends a server and every connection to it. */
export async function stop(server: http.Server): Promise<void> {
  if (!server.listening) return
  const closed = once(server, 'close')
  server.close()
  server.closeAllConnections()
  await closed
}
