import { readdir, readFile } from 'node:fs/promises'
import path from 'node:path'
import { protocol, type Session } from 'electron'
import { appHost, appScheme } from './app-url.ts'

/** Nothing but what ships with the app: no inline script or style, no other host, no frame, no form. */
export const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ')

const contentTypes: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
}

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
  const files = await listFiles(pageDir)
  session.protocol.handle(appScheme, async (request) => {
    const url = new URL(request.url)
    if (url.host !== appHost) return refuse(404)
    if (request.method !== 'GET' && request.method !== 'HEAD') return refuse(405)
    const file = files.get(url.pathname === '/' ? '/index.html' : url.pathname)
    if (file === undefined) return refuse(404)
    return new Response(request.method === 'HEAD' ? null : await readFile(file), {
      headers: headers(contentTypes[path.extname(file)] ?? 'application/octet-stream'),
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

/** URL path → file, for every file below `folder`. */
async function listFiles(folder: string): Promise<Map<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  return new Map(
    entries
      .filter((entry) => entry.isFile())
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name)
        const parts = path.relative(folder, file).split(path.sep)
        return [`/${parts.map(encodeURIComponent).join('/')}`, file]
      }),
  )
}
