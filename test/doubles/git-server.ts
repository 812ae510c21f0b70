import { spawn } from 'node:child_process'
import http from 'node:http'
import https from 'node:https'
import type { AddressInfo } from 'node:net'
import type { Pair } from './certificates.ts'

/** How one request was signed in, and what came of it. */
export interface GitSignIn {
  scheme: string | null
  username: string | null
  token: string | null
  accepted: boolean
}

export interface GitServer {
  /** `https://127.0.0.1:PORT`, without a slash at its end. */
  url: string
  host: string
  signIns: GitSignIn[]
  close(): Promise<void>
}

/**
 * A git server over HTTP(S): git's own http-backend (git-http-backend(1)) behind a door that wants an access token, as
 * the password of any user name or as a bearer token.
 */
export async function startGitServer(options: {
  /** The folder with the bare repositories. */
  root: string
  /** Absent: plain http. */
  tls?: Pair
  accepts: (token: string) => Promise<boolean>
  challenge?: string
}): Promise<GitServer> {
  const signIns: GitSignIn[] = []
  const listener: http.RequestListener = async (request, response) => {
    const signIn = read(request.headers.authorization)
    const accepted = signIn.token !== null && (await options.accepts(signIn.token))
    signIns.push({ ...signIn, accepted })
    if (!accepted) {
      request.resume()
      response.writeHead(401, { 'www-authenticate': options.challenge ?? 'Basic realm="forge"' })
      return response.end()
    }
    serve(options.root, request, response)
  }
  const server = options.tls
    ? https.createServer({ cert: options.tls.certificate, key: options.tls.privateKey }, listener)
    : http.createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  return {
    url: `${options.tls ? 'https' : 'http'}://${host}`,
    host,
    signIns,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

function read(header: string | undefined): Omit<GitSignIn, 'accepted'> {
  const [scheme = '', value = ''] = (header ?? '').split(' ')
  if (scheme === '') return { scheme: null, username: null, token: null }
  if (scheme.toLowerCase() === 'bearer') return { scheme, username: null, token: value }
  const [username = '', token = ''] = Buffer.from(value, 'base64').toString('utf8').split(':')
  return { scheme, username, token }
}

/** RFC 3875, as far as http-backend needs it. */
function serve(root: string, request: http.IncomingMessage, response: http.ServerResponse): void {
  const url = new URL(request.url ?? '/', 'http://localhost')
  const optional = (name: string, value: string | undefined) => (value === undefined ? {} : { [name]: value })
  const backend = spawn('git', ['http-backend'], {
    env: {
      PATH: process.env.PATH,
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      REMOTE_USER: 'forge',
      REQUEST_METHOD: request.method,
      PATH_INFO: decodeURIComponent(url.pathname),
      QUERY_STRING: url.search.slice(1),
      ...optional('CONTENT_TYPE', request.headers['content-type']),
      ...optional('CONTENT_LENGTH', request.headers['content-length']),
      ...optional('HTTP_CONTENT_ENCODING', request.headers['content-encoding']),
      ...optional('GIT_PROTOCOL', request.headers['git-protocol'] as string | undefined),
    },
    stdio: ['pipe', 'pipe', 'ignore'],
  })
  request.pipe(backend.stdin)
  backend.stdin.on('error', () => {})
  let head: Buffer | null = Buffer.alloc(0)
  backend.stdout.on('data', (piece: Buffer) => {
    if (head === null) return response.write(piece)
    head = Buffer.concat([head, piece])
    const end = head.indexOf('\r\n\r\n')
    if (end < 0) return
    const lines = head.subarray(0, end).toString('latin1').split('\r\n')
    const headers = lines.map((line) => line.split(/: */, 2) as [string, string])
    const status = headers.find(([name]) => name.toLowerCase() === 'status')?.[1]
    response.writeHead(
      Number.parseInt(status ?? '200', 10),
      Object.fromEntries(headers.filter(([name]) => name.toLowerCase() !== 'status')),
    )
    response.write(head.subarray(end + 4))
    head = null
  })
  backend.stdout.on('end', () => response.end())
}
