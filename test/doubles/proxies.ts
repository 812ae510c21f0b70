import { once } from 'node:events'
import http from 'node:http'
import net, { type AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'

/** Where a proxy leads to: `host:port` as it is asked for, and the port on 127.0.0.1 that stands behind it. */
export type Network = Record<string, number>

export interface Proxy {
  url: string
  host: string
  /** What it was asked for, in order: `host:port`. */
  asked: string[]
  /** User name and password as they came, in order. */
  credentials: string[]
  close(): Promise<void>
}

interface Options {
  network: Network
  /** `user:password`; without them everybody may pass. */
  credentials?: string
}

function join(one: Duplex, other: Duplex): void {
  const end = () => {
    one.destroy()
    other.destroy()
  }
  one.on('error', end).on('close', end)
  other.on('error', end).on('close', end)
  one.pipe(other)
  other.pipe(one)
}

async function started(
  server: net.Server,
  scheme: string,
  sockets: Set<Duplex>,
  rest: Pick<Proxy, 'asked' | 'credentials'>,
) {
  server.on('connection', (socket: net.Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${scheme}://${host}`,
    host,
    ...rest,
    async close() {
      const closed = once(server, 'close')
      server.close()
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

/** An HTTP proxy that makes tunnels (RFC 9110 9.3.6), with Basic authentication where it wants credentials. */
export async function startHttpProxy({ network, credentials }: Options): Promise<Proxy> {
  const seen: Pick<Proxy, 'asked' | 'credentials'> = { asked: [], credentials: [] }
  const server = http.createServer((_, response) => response.writeHead(501).end())
  server.on('connect', (request: http.IncomingMessage, client: Duplex) => {
    const target = request.url ?? ''
    const given = /^Basic (.+)$/.exec(request.headers['proxy-authorization'] ?? '')?.[1]
    const said = given === undefined ? '' : Buffer.from(given, 'base64').toString()
    seen.asked.push(target)
    seen.credentials.push(said)
    if (credentials !== undefined && said !== credentials) {
      return client.end('HTTP/1.1 407 Proxy Authentication Required\r\nproxy-authenticate: Basic\r\n\r\n')
    }
    const port = network[target]
    if (port === undefined) return client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n')
    const upstream = net.connect(port, '127.0.0.1', () => {
      client.write('HTTP/1.1 200 Connection Established\r\n\r\n')
      join(client, upstream)
    })
    upstream.on('error', () => client.destroy())
  })
  return started(server, 'http', new Set(), seen)
}

/** A SOCKS5 proxy (RFC 1928) for CONNECT to names and IPv4 addresses, with user name and password (RFC 1929). */
export async function startSocks5Proxy({ network, credentials }: Options): Promise<Proxy> {
  const seen: Pick<Proxy, 'asked' | 'credentials'> = { asked: [], credentials: [] }
  const server = net.createServer((client) => {
    client.on('error', () => client.destroy())
    serve(client).catch(() => client.destroy())
  })

  async function serve(client: net.Socket): Promise<void> {
    const read = reader(client)
    const [, count = 0] = await read(2)
    const methods = await read(count)
    const wanted = credentials === undefined ? 0 : 2
    if (!methods.includes(wanted)) return void client.end(Buffer.from([5, 0xff]))
    client.write(Buffer.from([5, wanted]))
    if (wanted === 2) {
      const [, userLength = 0] = await read(2)
      const user = (await read(userLength)).toString()
      const [passwordLength = 0] = await read(1)
      const said = `${user}:${(await read(passwordLength)).toString()}`
      seen.credentials.push(said)
      client.write(Buffer.from([1, said === credentials ? 0 : 1]))
      if (said !== credentials) return void client.end()
    }
    const [, , , kind] = await read(4)
    const host = kind === 3 ? (await read((await read(1))[0] ?? 0)).toString() : [...(await read(4))].join('.')
    const target = `${host}:${(await read(2)).readUInt16BE()}`
    seen.asked.push(target)
    const port = network[target]
    const answer = (code: number) => Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0])
    // 2: not allowed by the rule set.
    if (port === undefined) return void client.end(answer(2))
    const upstream = net.connect(port, '127.0.0.1', () => {
      client.write(answer(0))
      join(client, upstream)
    })
    upstream.on('error', () => client.end(answer(5)))
  }
  return started(server, 'socks5', new Set(), seen)
}

/** Reads exactly so many bytes, one call after the other. */
function reader(socket: net.Socket) {
  return async (length: number): Promise<Buffer> => {
    for (;;) {
      if (length === 0) return Buffer.alloc(0)
      const part: Buffer | null = socket.read(length)
      if (part !== null) return part
      if (socket.destroyed || socket.readableEnded) throw new Error('ended')
      await once(socket, 'readable')
    }
  }
}
