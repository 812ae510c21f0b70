import { once } from 'node:events'
import net, { type AddressInfo } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createCallerFacts } from '../../../electron/platform/caller-facts.ts'

/** Our end of a connection whose other end is in this process, too. */
async function connection(): Promise<net.Socket> {
  const server = net.createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  // Keeps its end when ours is gone, so that the system still knows it.
  const client = net.connect({ port, host: '127.0.0.1', allowHalfOpen: true })
  const [socket] = (await once(server, 'connection')) as [net.Socket]
  onTestFinished(() => {
    client.destroy()
    socket.destroy()
    server.close()
  })
  return socket
}

describe.skipIf(process.platform !== 'linux')('[F11] looking at who calls', () => {
  it('says nothing of a connection that ended meanwhile: its port may be somebody else’s', async () => {
    const socket = await connection()
    const facts = createCallerFacts()({ transport: 'http', socket })
    socket.destroy()
    expect(await facts).toBeNull()
  })

  it('is done for eight at a time: whoever can connect could ask for more', async () => {
    const socket = await connection()
    const lookUp = createCallerFacts()
    const found = await Promise.all(Array.from({ length: 10 }, () => lookUp({ transport: 'http', socket })))
    expect(found.map((it) => it?.pid ?? null)).toEqual([...Array(8).fill(process.pid), null, null])
    expect((await lookUp({ transport: 'http', socket }))?.pid).toBe(process.pid)
  })

  it('is not done where the system has no way', async () => {
    const socket = await connection()
    expect(await createCallerFacts('win32')({ transport: 'http', socket })).toBeNull()
  })
})
