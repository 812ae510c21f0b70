import type { IncomingMessage, ServerResponse } from 'node:http'
import { LatchkeyError } from '../../shared/errors.ts'
import { bindLoopback } from './bind.ts'
import { createDeferred } from './deferred.ts'
import { type Form, readForm } from './form.ts'
import { headersOf, type Page, pages, renderPage } from './pages.ts'
import type { LoopbackRedirects, RedirectListener, RedirectRequest } from './ports.ts'

/** Loopback redirects (RFC 8252 7.3): a listener for one sign-in, open before the person is sent anywhere. */
export function loopbackRedirects(): LoopbackRedirects {
  return { listen }
}

const tooLarge = { status: 413, page: pages.tooLarge }
const wrongType = { status: 415, page: pages.wrongType }

/**
 * Binds and listens at `/callback/<providerId>`. Throws `LatchkeyError` (`internal`) when a port that the provider
 * demands is taken, or none can be had; the message names the port, the action the way out.
 */
async function listen(request: RedirectRequest): Promise<RedirectListener> {
  const mode = request.mode ?? 'query'
  const path = `/callback/${encodeURIComponent(request.providerId)}`
  const answered = createDeferred<URL>()
  const sending = new Set<ServerResponse>()
  let accepted = false
  let host = ''

  /** Judges one request. Only an accepted answer changes anything. */
  async function judge(incoming: IncomingMessage): Promise<{ status: number; page: Page }> {
    // Another name that resolves to this machine (DNS rebinding) is not the redirect URI.
    const hosts = incoming.rawHeaders.filter((name, index) => index % 2 === 0 && name.toLowerCase() === 'host')
    if (hosts.length !== 1 || incoming.headers.host !== host) return { status: 421, page: pages.wrongHost }
    // The raw target is compared: resolving it first would let `/x/../callback/id` or an absolute form through.
    const target = incoming.url ?? ''
    if (target.split('?', 1)[0] !== path) return { status: 404, page: pages.notFound }
    if (incoming.method === 'POST' && mode !== 'query') return judgeForm(incoming)
    if (incoming.method !== 'GET') return { status: 405, page: pages.wrongMethod }
    if (accepted) return { status: 410, page: pages.used }
    const url = new URL(`http://${host}${target}`)
    // An answer in the fragment arrives as nothing at all: the page that is sent back hands it over.
    if (mode === 'fragment' && !request.accept(url)) return { status: 200, page: pages.relay }
    return take(url)
  }

  /** A form: the provider's own, posted by the browser, or that of the page that hands a fragment over. */
  async function judgeForm(incoming: IncomingMessage): Promise<{ status: number; page: Page }> {
    // Only our own page may say what stood in the fragment. The provider's form comes from wherever the provider is.
    if (mode === 'fragment' && incoming.headers.origin !== `http://${host}`) {
      return { status: 403, page: pages.wrongOrigin }
    }
    const form: Form = await readForm(incoming)
    if (form.refused !== null) return form.refused === 413 ? tooLarge : wrongType
    if (accepted) return { status: 410, page: pages.used }
    const url = new URL(`http://${host}${path}`)
    if (mode === 'fragment') url.hash = form.fields.get('fragment') ?? ''
    else url.search = form.fields.toString()
    return take(url)
  }

  function take(url: URL): { status: number; page: Page } {
    if (!request.accept(url)) return { status: 400, page: pages.notUnderWay }
    accepted = true
    answered.resolve(url)
    const parameters = new URLSearchParams(url.hash === '' ? url.search : url.hash.slice(1))
    return { status: 200, page: parameters.has('error') ? pages.declined : pages.done }
  }

  const { port, servers } = await bindLoopback(request.host, request.port, async (incoming, response) => {
    sending.add(response)
    response.once('close', () => sending.delete(response))
    const { status, page } = await judge(incoming)
    const allow = status === 405 ? { allow: mode === 'query' ? 'GET' : 'GET, POST' } : {}
    response.writeHead(status, { ...headersOf(page), ...allow, connection: 'close' }).end(renderPage(page))
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
