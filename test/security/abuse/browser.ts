import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import { once } from 'node:events'
import http, { type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { type Browser, chromium } from '@playwright/test'
import { onTestFinished } from 'vitest'
import { browserFile, sandboxArgs, whyNoBrowser } from '../../e2e/support/requirements.ts'

/** Why no browser can be driven here, or null. With CI=true that is a failure. */
export const noBrowser = whyNoBrowser()
if (process.env.CI === 'true' && noBrowser !== null) throw new Error(`CI=true, and this test cannot run: ${noBrowser}.`)

export async function launch(args: string[] = []): Promise<Browser> {
  const browser = await chromium.launch({ executablePath: browserFile() ?? undefined, args: [...sandboxArgs, ...args] })
  onTestFinished(() => browser.close())
  return browser
}

/** A page of the attacker's, at an address of its own. */
export async function evilPage(): Promise<string> {
  const server = http.createServer((_, response) =>
    response.writeHead(200, { 'content-type': 'text/html' }).end('<!doctype html><title>Evil</title><body></body>'),
  )
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    server.close()
    await once(server, 'close')
  })
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/`
}

/** What arrived at a port of this process, and how it was answered: shows that an attack was made at all. */
export function arrivals(port: number): { method: string; url: string; answer: ServerResponse }[] {
  const seen: { method: string; url: string; answer: ServerResponse }[] = []
  const listener = (message: unknown) => {
    const { request, response } = message as { request: IncomingMessage; response: ServerResponse }
    if (request.socket.localPort !== port) return
    seen.push({ method: request.method ?? '', url: request.url ?? '', answer: response })
  }
  subscribe('http.server.request.start', listener)
  onTestFinished(() => void unsubscribe('http.server.request.start', listener))
  return seen
}
