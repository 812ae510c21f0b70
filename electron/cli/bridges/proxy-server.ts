import http from 'node:http'
import type { AddressInfo, Socket } from 'node:net'
import { pipeline } from 'node:stream/promises'
import type { HostAddress } from './host-address.ts'
import { isSameUser } from './same-user.ts'

export interface ProxyParts {
  accountId: string
  host: HostAddress
  /** Serves every user of this computer. */
  anyUser: boolean
}

/** Headers of one connection, which go no further (RFC 9110 7.6.1). */
const ofTheConnection = new Set([
  'connection',
  'keep-alive',
  'proxy-connection',
  'proxy-authenticate',
  'proxy-authorization',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
])
/** The key takes the place of what a tool sends because it has to send something. */
const notSentOn = new Set([...ofTheConnection, 'authorization', 'host', 'expect', 'content-length'])
/** Of web pages alone. Not `Sec-Fetch-Mode`, which the `fetch` of Node sends as well. */
const ofPages = new Set(['sec-fetch-site', 'sec-fetch-dest', 'sec-fetch-user'])
/** What stands before a link in the headers of an answer that hold one. */
const beforeLink: Record<string, string> = { location: '', 'content-location': '', link: '<' }

/**
 * The port of `latchkey proxy`: passes what it gets to `/v1/accounts/{account}/proxy/` and back, as it comes. It holds the
 * key, so it refuses what did not come from a program of this user: web pages, other names for this computer, and
 * connections of other users.
 */
export function createProxyServer(parts: ProxyParts): http.Server {
  const agent = new http.Agent({ keepAlive: true })
  const checked = new WeakMap<Socket, Promise<boolean>>()
  // A body may be as long and as slow as it likes; headers may not.
  const server = http.createServer({ requestTimeout: 0, headersTimeout: 30_000 }, async (request, response) => {
    const refused = await refusal(request)
    if (refused !== null) return refuse(response, refused)
    try {
      await pass(request, response)
    } catch {
      if (response.headersSent) response.destroy()
      else refuse(response, { status: 502, code: 'not_running', message: 'Latchkey does not answer.' })
    }
  })
  // Asked once for each connection, and as early as can be: the table forgets a connection that has ended.
  server.on('connection', (socket) => checked.set(socket, parts.anyUser ? Promise.resolve(true) : isSameUser(socket)))
  server.on('close', () => agent.destroy())

  async function refusal(request: http.IncomingMessage): Promise<Refusal | null> {
    const { port } = server.address() as AddressInfo
    const { host, origin, referer } = request.headers
    if (!(await checked.get(request.socket))) {
      return { status: 403, code: 'forbidden', message: 'This port serves programs of the user who opened it.' }
    }
    const names = request.rawHeaders.filter((_, index) => index % 2 === 0).map((name) => name.toLowerCase())
    // Two of them, and two servers may each believe another one.
    if (names.filter((name) => name === 'host').length !== 1 || host !== `127.0.0.1:${port}`) {
      return { status: 403, code: 'forbidden', message: `Host has to be 127.0.0.1:${port}.` }
    }
    const ofAPage = origin !== undefined || referer !== undefined || names.some((name) => ofPages.has(name))
    if (ofAPage || request.method === 'OPTIONS' || request.method === 'TRACE') {
      return { status: 403, code: 'forbidden', message: 'This port is not for web pages.' }
    }
    const path = request.url ?? ''
    if (!path.startsWith('/')) {
      return { status: 400, code: 'invalid_request', message: 'Use this as a base URL, not as an HTTP proxy.' }
    }
    if (leadsOut(path)) {
      return { status: 400, code: 'invalid_request', message: 'The path holds “.” or “..” as a part.' }
    }
    return null
  }

  async function pass(request: http.IncomingMessage, response: http.ServerResponse): Promise<void> {
    const { key, ...to } = parts.host
    const base = `/v1/accounts/${encodeURIComponent(parts.accountId)}/proxy`
    const sent = http.request({
      ...to,
      agent,
      method: request.method,
      path: `${base}${request.url}`,
      headers: [
        ...without(request.rawHeaders, notSentOn),
        ...framing(request),
        ...['Host', new URL(originOf(parts.host)).host],
        ...['Authorization', `Bearer ${key}`],
      ],
    })
    // Whoever has asked is gone: nothing more is wanted of the host.
    response.once('close', () => response.writableFinished || sent.destroy())
    const answered = new Promise<http.IncomingMessage>((resolve, reject) => {
      sent.once('response', resolve).on('error', reject)
    })
    // Not waited for: the answer may come before the body has been read to its end, and be the reason why it never is.
    pipeline(request, sent).catch(() => {})
    const answer = await answered
    const { port } = server.address() as AddressInfo
    const links = { from: `${originOf(parts.host)}${base}/`, to: `http://127.0.0.1:${port}/` }
    response.writeHead(answer.statusCode ?? 502, answer.statusMessage, ledBack(answer.rawHeaders, links))
    await pipeline(answer, response)
  }

  return server
}

interface Refusal {
  status: number
  code: string
  message: string
}

/** In the words of the API. The connection ends: its body is not wanted. */
function refuse(response: http.ServerResponse, { status, code, message }: Refusal): void {
  response.writeHead(status, {
    'content-type': 'application/json',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    connection: 'close',
  })
  response.end(JSON.stringify({ error: { code, message } }))
}

/** A path that would be another one once its dots are taken for what they mean (RFC 3986 5.2.4). */
const leadsOut = (path: string): boolean =>
  path
    .replace(/[?#].*$/s, '')
    .split(/[/\\]|%2f|%5c/i)
    .some((part) => /^(?:\.|%2e){1,2}$/i.test(part))

const originOf = ({ socketPath, host, port }: HostAddress) =>
  socketPath === undefined ? `http://${host}:${port}` : 'http://localhost'

/** Where the body ends, as it was understood here: a body that the other side takes for the next request is an attack. */
function framing({ headers, method }: http.IncomingMessage): string[] {
  if (headers['transfer-encoding'] !== undefined) return ['Transfer-Encoding', 'chunked']
  const length = headers['content-length']
  if (length !== undefined) return ['Content-Length', length]
  return method === 'GET' || method === 'HEAD' ? [] : ['Content-Length', '0']
}

/** Names and values in turn, as Node has them raw: order, spelling and repetition stay. */
function without(raw: string[], left: ReadonlySet<string>): string[] {
  const named = raw.flatMap((name, index) =>
    index % 2 === 0 && name.toLowerCase() === 'connection' ? (raw[index + 1] ?? '').toLowerCase().split(/[\s,]+/) : [],
  )
  return raw.flatMap((name, index) => {
    const lower = name.toLowerCase()
    return index % 2 === 1 || left.has(lower) || named.includes(lower) ? [] : [name, raw[index + 1] ?? '']
  })
}

/** The host leads links back to its own address for the account, which is not where the caller came in. */
function ledBack(raw: string[], links: { from: string; to: string }): string[] {
  const kept = without(raw, ofTheConnection)
  return kept.map((text, index) => {
    const before = index % 2 === 1 ? beforeLink[(kept[index - 1] ?? '').toLowerCase()] : undefined
    if (before === undefined) return text
    if (before !== '') return text.replaceAll(before + links.from, before + links.to)
    return text.startsWith(links.from) ? links.to + text.slice(links.from.length) : text
  })
}
