import { once } from 'node:events'
import net from 'node:net'
import { tcpEnd } from '../../platform/caller-facts-linux.ts'

/**
 * Whether the program at the other end of a loopback connection runs as the same user as this one, by the kernel's table
 * of sockets (proc(5), /proc/net/tcp). A connection that has ended already, or that the table does not hold, is nobody's.
 */
export async function isSameUser(socket: net.Socket): Promise<boolean> {
  const uid = process.geteuid?.()
  if (uid === undefined || process.platform !== 'linux') return false
  const end = await tcpEnd(socket).catch(() => null)
  return end !== null && end.uid === String(uid)
}

/** Tried out: a sandbox may show an empty table, or other numbers, where a Linux would show the true ones. */
export async function canTellUsers(): Promise<boolean> {
  if (process.platform !== 'linux') return false
  const server = net.createServer()
  try {
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const client = net.connect((server.address() as net.AddressInfo).port, '127.0.0.1')
    client.on('error', () => {})
    const [socket] = (await once(server, 'connection')) as [net.Socket]
    socket.on('error', () => {})
    try {
      return await isSameUser(socket)
    } finally {
      client.destroy()
      socket.destroy()
    }
  } finally {
    server.close()
  }
}
