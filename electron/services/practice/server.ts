import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'
import type { default as Provider } from 'oidc-provider'
import type { Logger } from '../../platform/ports.ts'
import { echo, handleApi } from './api.ts'
import { homePage, pageHeaders } from './pages.ts'
import { handleSignIn } from './sign-in.ts'

/** Everything that the practice provider answers: its pages, its API, and oidc-provider's endpoints. */
export function practiceListener(provider: Provider, logger: Logger): RequestListener {
  const { host, origin } = new URL(provider.issuer)
  const endpoints = provider.callback()

  async function answer(request: IncomingMessage, response: ServerResponse) {
    // Another name that resolves to this machine (DNS rebinding) is not this provider.
    if (request.headers.host !== host) {
      response.writeHead(421, { 'content-type': 'text/plain; charset=utf-8' }).end('Wrong host.\n')
      return
    }
    const target = request.url ?? ''
    if (!target.startsWith('/') || !URL.canParse(target, origin)) {
      response.writeHead(400).end()
      return
    }
    const url = new URL(origin + target)
    // Without a token: for trying out what a request template comes to.
    if (url.pathname.startsWith('/echo/')) return echo(url, request, response)
    if (url.pathname.startsWith('/api/')) return handleApi(provider, url, request, response)
    if (url.pathname.startsWith('/sign-in/')) return handleSignIn(provider, request, response)
    if (url.pathname === '/' && request.method === 'GET') {
      response.writeHead(200, pageHeaders()).end(homePage(provider.issuer))
      return
    }
    await endpoints(request, response)
  }

  return (request, response) => {
    answer(request, response).catch((error: unknown) => {
      logger.error('The practice provider failed.', { error: error instanceof Error ? error.name : 'unknown' })
      if (response.headersSent) return response.destroy()
      response.writeHead(500, { 'content-type': 'application/json', 'cache-control': 'no-store' })
      response.end(JSON.stringify({ error: 'server_error' }))
    })
  }
}
