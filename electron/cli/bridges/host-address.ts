import fs from 'node:fs'
import { NotRunning } from '../errors.ts'
import type { Session } from '../session.ts'
import { readEndpoint } from '../transport.ts'

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
  const endpoint = readEndpoint(session.paths.endpoint)
  if (endpoint === null) throw new NotRunning('Latchkey is not running.')
  const key = fs.readFileSync(keyFile ?? session.paths.ownerKey, 'utf8').trim()
  if (endpoint.socket) return { socketPath: endpoint.socket, host: 'localhost', key }
  const { hostname, port } = new URL(endpoint.http ?? '')
  return { host: hostname, port, key }
}
