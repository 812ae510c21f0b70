import { readFile } from 'node:fs/promises'
import { protocol, type Session } from 'electron'
import { contentSecurityPolicy, contentTypeOf, listPageFiles } from '../platform/page-build.ts'
import { appHost, appScheme } from './app-url.ts'

/** Makes `app:` a scheme with an origin of its own. Has to run before the app is ready. */
export function registerAppScheme(): void {
  protocol.registerSchemesAsPrivileged([
    { scheme: appScheme, privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true } },
  ])
}

/**
 * Serves the built page at `app://latchkey/`. The files are listed once, at the start; a request chooses from that list,
 * so that no path, however it is written, reaches another file.
 */
export async function serveApp(session: Session, pageDir: string): Promise<void> {
  const files = await listPageFiles(pageDir)
  session.protocol.handle(appScheme, async (request) => {
    const url = new URL(request.url)
    if (url.host !== appHost) return refuse(404)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const file = files.get(url.pathname === '/' ? '/index.html' : url.pathname)
    if (file === undefined) return refuse(404)
    return new Response(request.method === 'HEAD' ? null : await readFile(file), {
      headers: headers(contentTypeOf(file)),
    })
  })
}

function refuse(status: number): Response {
  return new Response(null, { status, headers: headers('text/plain; charset=utf-8') })
}

function headers(contentType: string): Record<string, string> {
  return {
    'content-type': contentType,
    'content-security-policy': contentSecurityPolicy,
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-opener-policy': 'same-origin',
  }
}
