import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import type { ServerResponse } from 'node:http'
import { pipeline } from 'node:stream/promises'
import { contentSecurityPolicy, contentTypeOf, listPageFiles } from '../platform/page-build.ts'
import { baseHeaders } from './refusal.ts'

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
  const files = await listPageFiles(dir)
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
        'content-type': contentTypeOf(file),
        'content-length': (await stat(file)).size,
      })
      if (method === 'HEAD') response.end()
      else await pipeline(createReadStream(file), response)
    },
  }
}
