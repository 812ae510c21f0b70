import type { IncomingMessage, ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import { bindLoopback } from './bind.ts'
import { createDeferred } from './deferred.ts'
import { type Page, pageHeaders, pages, renderPage } from './pages.ts'
import type { LoopbackRedirects, RedirectListener, RedirectRequest } from './ports.ts'

/** Loopback redirects (RFC 8252 7.3): a listener for one sign-in, open before the person is sent anywhere. */
export function loopbackRedirects(): LoopbackRedirects {
  return { listen }
}

/**
 * Binds and listens at `/callback/<providerId>`. Throws `LatchkeyError` (`internal`) when a port that the provider
 * demands is taken, or none can be had; the message names the port, the action the way out.
 */
async function listen(request: RedirectRequest): Promise<RedirectListener> {
  const path = `/callback/${encodeURIComponent(request.providerId)}`
  const answered = createDeferred<URL>()
  const sending = new Set<ServerResponse>()
  let accepted = false
  let host = ''

  /** Judges one request. Only an accepted answer changes anything. */
  function judge(incoming: IncomingMessage): { status: number; page: Page } {
    // Another name that resolves to this machine (DNS rebinding) is not the redirect URI.
    const hosts = incoming.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    if (hosts.length !== 1 || incoming.headers.host !== host) return { status: 421, page: pages.wrongHost }
    // The raw target is compared: resolving it first would let `/x/../callback/id` or an absolute form through.
    const target = incoming.url ?? ''
    if (target.split('?', 1)[0] !== path) return { status: 404, page: pages.notFound }
    if (incoming.method !== 'GET') return { status: 405, page: pages.wrongMethod }
    if (accepted) return { status: 410, page: pages.used }
    const url = new URL(`http://${host}${target}`)
    if (!request.accept(url)) return { status: 400, page: pages.notUnderWay }
    accepted = true
    answered.resolve(url)
    return { status: 200, page: url.searchParams.has('error') ? pages.declined : pages.done }
  }

  const { port, servers } = await bindLoopback(request.host, request.port, (incoming, response) => {
    sending.add(response)
    response.once('close', () => sending.delete(response))
    const { status, page } = judge(incoming)
    const allow = status === 405 ? { allow: 'GET' } : {}
    response.writeHead(status, { ...pageHeaders, ...allow, connection: 'close' }).end(renderPage(page))
  })
  host = `${request.host}:${port}`

  async function shut(): Promise<void> {
    const closed = servers.map((server) => new Promise((resolve) => server.close(resolve)))
    // A page that is being sent still arrives; a spare connection that a browser opened does not hold the port.
    await Promise.all([...sending].map((response) => new Promise((resolve) => response.once('close', resolve))))
    for (const server of servers) server.closeAllConnections()
    await Promise.all(closed)
  }

  let closing: Promise<void> | null = null
  return {
    redirectUri: `http://${host}${path}`,
    answer: (signal) => untilAborted(answered.promise, signal),
    close() {
      answered.reject(new LatchkeyError('internal', 'The address for the answer of this sign-in was closed.'))
      closing ??= shut()
      return closing
    },
  }
}

function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  return new Promise((resolve, reject) => {
    const stop = () => reject(signal.reason)
    if (signal.aborted) stop()
    signal.addEventListener('abort', stop, { once: true })
    promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', stop))
  })
}
