import { randomInt } from 'node:crypto'
import type { Server } from 'node:http'
import { setTimeout as wait } from 'node:timers/promises'

/**
 * Ports to choose from: above the well-known services, below every system's range for outgoing connections (RFC 6335 6
 * and Linux's 32768), so that a port that is remembered is hardly ever in use at the next start.
 */
const lowest = 20_000
const highest = 32_000

/** Listens on 127.0.0.1 at `port`, trying again for a moment: a process that is ending may still hold it. */
export async function bindPort(server: Server, port: number): Promise<boolean> {
  for (let attempt = 0; attempt < 8; attempt++) {
    if (attempt > 0) await wait(200)
    if (await listen(server, port)) return true
  }
  return false
}

/** Listens on 127.0.0.1 at some free port of the range, and says which. */
export async function bindAnyPort(server: Server): Promise<number> {
  for (let attempt = 0; attempt < 50; attempt++) {
    const port = randomInt(lowest, highest)
    if (await listen(server, port)) return port
  }
  throw new Error('No free port on 127.0.0.1.')
}

/** false: somebody else has it, or the system keeps it for itself (Windows' excluded ranges). */
function listen(server: Server, port: number): Promise<boolean> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) => {
      server.off('listening', listening)
      if (error.code === 'EADDRINUSE' || error.code === 'EACCES') resolve(false)
      else reject(error)
    }
    const listening = () => {
      server.off('error', failed)
      resolve(true)
    }
    server.once('error', failed)
    server.once('listening', listening)
    server.listen({ host: '127.0.0.1', port, exclusive: true })
  })
}
