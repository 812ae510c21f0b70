import type { Socket } from 'node:net'
import type { CallerFacts } from '../../shared/contract-apps.ts'
import { linuxFacts } from './caller-facts-linux.ts'
import { macosFacts } from './caller-facts-macos.ts'

/** Milliseconds that a look-up may take. */
const patience = 1_500
/** Look-ups at the same time. Each one reads the system's tables, and whoever can connect can cause one. */
const atOnce = 8

/** One end of a connection to this process. */
export interface Peer {
  transport: CallerFacts['transport']
  socket: Socket
}

/** A look-up under way: where it stops, and whether the connection is still the one that was asked about. */
export interface LookUp extends Peer {
  signal: AbortSignal
}

/**
 * What the operating system says of the process at the other end of a connection to this machine. Nothing of it comes
 * from what was sent. null where it cannot be had: on Windows, when the process has gone, when the system did not answer
 * in time, or when too many are being looked up already. Never throws.
 *
 * It is as good as the system's tables: a process can pass its connection on, and can write over its own arguments, which
 * is where `script` comes from. `executable` is the kernel's word on Linux.
 */
export function createCallerFacts(platform: NodeJS.Platform = process.platform) {
  let running = 0
  return async (peer: Peer): Promise<CallerFacts | null> => {
    const look = platform === 'linux' ? linuxFacts : platform === 'darwin' ? macosFacts : null
    if (look === null || running >= atOnce || peer.socket.destroyed) return null
    running += 1
    const limit = new AbortController()
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<null>((resolve) => {
      timer = setTimeout(() => resolve(null), patience)
    })
    try {
      const facts = await Promise.race([look({ ...peer, signal: limit.signal }), late])
      // The port of a connection that has ended may be somebody else's by now.
      return peer.socket.destroyed ? null : facts
    } catch {
      return null
    } finally {
      clearTimeout(timer)
      limit.abort()
      running -= 1
    }
  }
}

export type LookUpFacts = ReturnType<typeof createCallerFacts>
