import fs from 'node:fs'
import { Client as Connection, errors } from 'undici'
import packageJson from '../../package.json' with { type: 'json' }
import { type Client, type ClientTransport, createClient } from '../../shared/client.ts'
import { LatchkeyError } from '../../shared/errors.ts'
import type { ProfilePaths } from '../platform/paths.ts'
import { Interrupted, NotRunning } from './errors.ts'

/** The activity log says `cli` for whoever calls itself this. */
const userAgent = `latchkey-cli/${packageJson.version}`

/** What a running host writes into the profile (DESIGN section 8). */
interface Endpoint {
  pid: number
  http: string | null
  socket: string | null
}

/** A client of the host that runs for this profile. Throws `NotRunning` when there is none. */
export function connectToHost(paths: ProfilePaths, signal: AbortSignal): { client: Client; close(): Promise<void> } {
  const endpoint = readEndpoint(paths.endpoint)
  const key = readText(paths.ownerKey)
  if (endpoint === null || key === null) throw new NotRunning('Latchkey is not running.')
  // A host that crashed leaves its endpoint file behind. Whoever listens at that address now must not get the owner key.
  if (!isAlive(endpoint.pid)) throw new NotRunning('Latchkey is not running (it ended without cleaning up).')
  const { transport, close } = openTransport(endpoint, signal)
  return { client: createClient({ transport, key: key.trim(), userAgent }), close }
}

/**
 * Requests to the local API over undici, one at a time. The socket lies in a folder that only the owner may enter, so it
 * is preferred to the loopback port, which any user of the machine could have taken in the meantime.
 */
export function openTransport(
  endpoint: Endpoint,
  signal: AbortSignal,
): { transport: ClientTransport; close(): Promise<void> } {
  const socketPath = endpoint.socket ?? undefined
  const origin = socketPath ? 'http://localhost' : endpoint.http
  if (!origin) throw new NotRunning('Latchkey gives no address in its endpoint file.')
  const connection = new Connection(origin, {
    ...(socketPath ? { socketPath } : {}),
    connect: { timeout: 5_000 },
    // Every call has a limit of its own.
    headersTimeout: 0,
    bodyTimeout: 0,
  })
  const transport: ClientTransport = async ({ method, path, headers, body, timeout }) => {
    const limit = AbortSignal.timeout(timeout)
    try {
      const answer = await connection.request({
        method: method as 'GET',
        path,
        headers,
        body: body ?? null,
        signal: AbortSignal.any([signal, limit]),
      })
      return { status: answer.statusCode, text: await answer.body.text() }
    } catch (error) {
      if (signal.aborted) throw new Interrupted()
      if (limit.aborted) throw new LatchkeyError('timeout', 'Latchkey did not answer in time.')
      if (nobodyThere(error)) throw new NotRunning('Latchkey is not running (nobody answers at its address).')
      throw error
    }
  }
  return { transport, close: () => connection.destroy() }
}

function nobodyThere(error: unknown): boolean {
  if (error instanceof errors.ConnectTimeoutError || error instanceof errors.SocketError) return true
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
