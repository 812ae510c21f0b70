import { NotRunning } from '../errors.ts'
import type { Session } from '../session.ts'
import { findHost } from '../transport.ts'

/** Where the running host is, and the key for it. */
export interface HostAddress {
  /** A Unix socket or named pipe; else `port` of 127.0.0.1. */
  socketPath?: string
  host: string
  port?: string
  key: string
}

/** @param keyFile An app's key instead of the owner's. */
export function hostAddress(session: Session, keyFile: string | undefined): HostAddress {
  const { endpoint, key } = findHost(session.paths, keyFile ?? session.paths.ownerKey)
  if (endpoint.socket) return { socketPath: endpoint.socket, host: 'localhost', key }
  if (!endpoint.http) throw new NotRunning('Latchkey gives no address in its endpoint file.')
  const { hostname, port } = new URL(endpoint.http)
  return { host: hostname, port, key }
}
