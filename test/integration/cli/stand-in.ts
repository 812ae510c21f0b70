import fs from 'node:fs'
import http from 'node:http'
import os from 'node:os'
import path from 'node:path'
import { onTestFinished } from 'vitest'
import { profilePaths } from '../../../electron/platform/paths.ts'

export interface Seen {
  method: string
  path: string
  headers: http.IncomingHttpHeaders
  body: string
}
type Answer = { status?: number; body: unknown }

/** A profile in a fresh folder, gone when the test has finished. */
export function freshHome(): string {
  const home = fs.mkdtempSync(path.join(os.tmpdir(), 'lk-cli-'))
  onTestFinished(() => fs.rmSync(home, { recursive: true, force: true }))
  return home
}

/** Listens on a real socket (or port) and answers as told: for what a healthy host never answers. */
export async function listen(where: string | { port: number }, answer: (seen: Seen) => Answer): Promise<http.Server> {
  const server = http.createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request.setEncoding('utf8')) body += chunk
    const seen = { method: request.method ?? '', path: request.url ?? '', headers: request.headers, body }
    const { status = 200, body: document } = answer(seen)
    response.writeHead(status, { 'content-type': 'application/json' })
    response.end(typeof document === 'string' ? document : JSON.stringify(document))
  })
  await new Promise<void>((done) => {
    if (typeof where === 'string') server.listen(where, done)
    else server.listen(where.port, '127.0.0.1', done)
  })
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((done) => server.close(done))
  })
  return server
}

/** The files that a host leaves in its profile, and a server at its socket. */
export async function standIn(answer: (seen: Seen) => Answer, endpoint: Record<string, unknown> = {}): Promise<string> {
  const home = freshHome()
  const paths = profilePaths({ LATCHKEY_HOME: home })
  fs.writeFileSync(paths.ownerKey, 'owner-key-of-a-test\n', { mode: 0o600 })
  const document = { version: 1, pid: process.pid, http: null, socket: paths.socket, ...endpoint }
  fs.writeFileSync(paths.endpoint, JSON.stringify(document), { mode: 0o600 })
  await listen(paths.socket, answer)
  return home
}
