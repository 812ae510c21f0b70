import type { IncomingMessage, RequestOptions } from 'node:http'
import packageJson from '../../package.json' with { type: 'json' }
import { type Client, type ClientTransport, createClient } from '../../shared/client.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { ProfilePaths } from '../platform/paths.ts'
import { fs, http } from './builtins.ts'
import { Interrupted, NotRunning, UsageError } from './errors.ts'

/** The activity log says `cli` for whoever calls itself this. */
const userAgent = `latchkey-cli/${packageJson.version}`

/** Milliseconds until a socket has to be connected. */
const connectPatience = 5_000

/** What a running host writes into the profile (DESIGN section 8). */
export interface Endpoint {
  pid: number
  http: string | null
  socket: string | null
}

/**
 * A client of the host that runs for this profile. Throws `NotRunning` when there is none.
 *
 * @param access.keyFile An app's key instead of the owner's; null: no key, as for a program that asks to be paired.
 * @param access.userAgent How to call oneself instead of the command line.
 */
export function connectToHost(
  paths: ProfilePaths,
  signal: AbortSignal,
  access: { keyFile?: string | null; userAgent?: string } = {},
): { client: Client; endpoint: Endpoint; close(): Promise<void> } {
  const { endpoint, key } = findHost(paths, access.keyFile === undefined ? paths.ownerKey : access.keyFile)
  const { transport, close } = openTransport(endpoint, signal)
  const client = createClient({
    transport,
    ...(key === null ? {} : { key }),
    userAgent: access.userAgent ?? userAgent,
  })
  return { client, endpoint, close }
}

/**
 * Where the running host is, and the key for it. Throws `NotRunning`.
 *
 * @param keyFile Where the key stands; null: none is read.
 */
export function findHost<File extends string | null>(
  paths: ProfilePaths,
  keyFile: File,
): { endpoint: Endpoint; key: File extends null ? null : string }
export function findHost(paths: ProfilePaths, keyFile: string | null): { endpoint: Endpoint; key: string | null } {
  const endpoint = readEndpoint(paths.endpoint)
  if (endpoint === null) throw new NotRunning('Latchkey is not running.')
  const key = readKey(keyFile, paths)
  // A host that crashed leaves its endpoint file behind. Whoever listens at that address now must not get the key.
  if (!isAlive(endpoint.pid)) throw new NotRunning('Latchkey is not running (it ended without cleaning up).')
  return { endpoint, key }
}

function readKey(file: string | null, paths: ProfilePaths): string | null {
  if (file === null) return null
  const text = readText(file)
  if (text !== null) return text.trim()
  if (file === paths.ownerKey) throw new NotRunning('Latchkey is not running.')
  throw new UsageError(`There is no key file ${file}.`)
}

/**
 * Requests to the local API. The socket lies in a folder that only the owner may enter, so it is preferred to the
 * loopback port, which any user of the machine could have taken in the meantime.
 */
export function openTransport(
  endpoint: Endpoint,
  signal: AbortSignal,
): { transport: ClientTransport; close(): Promise<void> } {
  const { Agent, request: send } = http()
  const agent = new Agent({ keepAlive: true })
  const to = address(endpoint)
  const transport: ClientTransport = async ({ method, path, headers, body, timeout, pieces }) => {
    const limit = AbortSignal.timeout(timeout)
    const sent: RequestOptions = { ...to, agent, method, path, headers: { ...headers, ...length(body) } }
    try {
      const answer = await answerTo(sent, body, AbortSignal.any([signal, limit]))
      const status = answer.statusCode ?? 0
      answer.setEncoding('utf8')
      let text = ''
      const keep = pieces === undefined || status < 200 || status > 299
      for await (const piece of answer as AsyncIterable<string>) {
        if (keep) text += piece
        else await pieces(piece)
      }
      return { status, text }
    } catch (error) {
      if (signal.aborted) throw new Interrupted()
      if (limit.aborted) throw new LatchkeyError('timeout', 'Latchkey did not answer in time.')
      if (nobodyThere(error)) throw new NotRunning('Latchkey is not running (nobody answers at its address).')
      throw error
    }
  }

  function answerTo(sent: RequestOptions, body: string | undefined, stop: AbortSignal): Promise<IncomingMessage> {
    return new Promise((resolve, reject) => {
      const request = send({ ...sent, signal: stop })
      request.on('socket', (socket) => {
        if (!socket.connecting) return
        const late = setTimeout(() => request.destroy(new NotRunning('Latchkey does not answer.')), connectPatience)
        const done = () => clearTimeout(late)
        socket.once('connect', done).once('close', done)
      })
      request.on('response', resolve).on('error', reject)
      request.end(body)
    })
  }
  return { transport, close: async () => agent.destroy() }
}

/** Where to connect to. The host refuses any other name than these in `Host`. */
function address(endpoint: Endpoint): RequestOptions & { servername?: string } {
  // A server's name is for TLS. Left out, Node looks whether the host is an IP address, and the pattern that it has for
  // that takes a fifth of the whole command to compile.
  if (endpoint.socket) return { socketPath: endpoint.socket, host: 'localhost', servername: '' }
  if (!endpoint.http) throw new NotRunning('Latchkey gives no address in its endpoint file.')
  const { hostname, port } = new URL(endpoint.http)
  return { host: hostname, port }
}

const length = (body: string | undefined) =>
  body === undefined ? {} : { 'content-length': String(Buffer.byteLength(body)) }

function nobodyThere(error: unknown): boolean {
  const code = (error as { code?: unknown } | null)?.code
  return ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', 'EACCES'].some((it) => it === code)
}

function readText(file: string): string | null {
  try {
    return fs.readFileSync(file, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw error
  }
}

/** The endpoint file, or null while no host has written one. */
export function readEndpoint(file: string): Endpoint | null {
  const text = readText(file)
  if (text === null) return null
  try {
    const document = JSON.parse(text) as { pid?: unknown; http?: unknown; socket?: unknown }
    const address = (value: unknown) => (typeof value === 'string' && value !== '' ? value : null)
    if (typeof document.pid !== 'number') return null
    return { pid: document.pid, http: address(document.http), socket: address(document.socket) }
  } catch {
    return null
  }
}

/** Signal 0 asks whether the process exists; EPERM means it does, under another user. */
function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
