import { createServer, type RequestListener, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { LatchkeyError } from '../../shared/errors.ts'
import type { RedirectRequest } from './ports.ts'

/** How often another port of the moment is tried when `::1` has the first one taken. */
const attempts = 10

export interface Bound {
  port: number
  servers: Server[]
}

/**
 * Opens HTTP servers on loopback address literals, never on a name or on all interfaces (RFC 8252 8.3). For a redirect
 * URI with `localhost` a browser may go to `::1` first, so the same port is held there too: otherwise another program
 * could wait on it for the code. A machine without IPv6 needs only `127.0.0.1`.
 */
export async function bindLoopback(
  host: RedirectRequest['host'],
  port: number | null,
  answer: RequestListener,
): Promise<Bound> {
  for (let attempt = 1; ; attempt++) {
    const first = await open('127.0.0.1', port ?? 0, answer).catch((error) => refuse(error, port))
    const chosen = (first.address() as AddressInfo).port
    if (host === '127.0.0.1') return { port: chosen, servers: [first] }
    try {
      return { port: chosen, servers: [first, await open('::1', chosen, answer)] }
    } catch (error) {
      if (hasNoIpv6(error)) return { port: chosen, servers: [first] }
      await new Promise((closed) => first.close(closed))
      if (port !== null || attempt === attempts) return refuse(error, chosen)
    }
  }
}

function open(address: string, port: number, answer: RequestListener): Promise<Server> {
  const server = createServer({ headersTimeout: 10_000, requestTimeout: 10_000 }, answer)
  server.maxConnections = 32
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ host: address, port, exclusive: true }, () => {
      server.off('error', reject)
      resolve(server)
    })
  })
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : 'unknown'
}

function hasNoIpv6(error: unknown): boolean {
  return ['EADDRNOTAVAIL', 'EAFNOSUPPORT', 'EINVAL'].includes(codeOf(error))
}

function refuse(error: unknown, port: number | null): never {
  const code = codeOf(error)
  if (port !== null && (code === 'EADDRINUSE' || code === 'EACCES')) {
    throw new LatchkeyError(
      'internal',
      `Port ${port} on this machine is taken, and the answer of this sign-in has to arrive there.`,
      {
        action: {
          text: `Cancel another sign-in that uses port ${port}, or close the program that holds it. Then try again.`,
        },
      },
      error,
    )
  }
  throw new LatchkeyError(
    'internal',
    `No port on this machine could be opened for the answer of the sign-in (${code}).`,
    { action: { text: 'Check that nothing on this machine forbids programs to listen on 127.0.0.1, then try again.' } },
    error,
  )
}
