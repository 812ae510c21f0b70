import { createReadStream } from 'node:fs'
import { readdir, stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { baseHeaders } from './refusal.ts'

/** Nothing but what ships with the page: no inline script or style, no other host, no frame, no form. */
const contentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "form-action 'none'",
  "base-uri 'none'",
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

export interface PageFiles {
  has(urlPath: string): boolean
  /** Answers with the file. Only for a path that `has` knows. */
  send(urlPath: string, method: string, response: ServerResponse): Promise<void>
}

/** What stands where there is no page to serve. */
export const noPageFiles: PageFiles = { has: () => false, send: async () => {} }

/**
 * The built page. Its files are listed once, at the start, and a request chooses from that list, so that no path, however
 * it is written, reaches another file.
 */
export async function loadPageFiles(dir: string): Promise<PageFiles> {
  const files = await listFiles(dir)
  const index = files.get('/index.html')
  if (index !== undefined) files.set('/', index)
  return {
    has: (urlPath) => files.has(urlPath),
    async send(urlPath, method, response) {
      const file = files.get(urlPath)
      if (file === undefined) throw new Error('There is no such file of the page.')
      response.writeHead(200, {
        // `no-store` also for hashed names: whoever had this port before us must not have filled the browser's cache.
        ...baseHeaders,
        'content-security-policy': contentSecurityPolicy,
        'cross-origin-opener-policy': 'same-origin',
        'content-type': contentTypes[path.extname(file)] ?? 'application/octet-stream',
        'content-length': (await stat(file)).size,
      })
      if (method === 'HEAD') response.end()
      else await pipeline(createReadStream(file), response)
    },
  }
}

/** URL path → file, for every file below `folder`. Links are left out: they may lead elsewhere. */
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
