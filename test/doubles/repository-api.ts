import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http'

/** An API in the manner of a code host: pages told by `Link` (RFC 8288), a redirect, JSON errors. Wants this token. */
export function repositoryApi(token: string): RequestListener {
  return async (request, response) => {
    const url = new URL(request.url ?? '/', `http://${request.headers.host}`)
    const { authorization, 'user-agent': agent } = request.headers
    if (authorization !== `Bearer ${token}`) return json(response, 401, { message: 'Bad credentials' })
    if (agent === undefined) return json(response, 403, { message: 'User agent wanted' })
    if (url.pathname === '/user/repos') return repositories(url, response)
    if (url.pathname === '/repos/ada/moved') {
      return void response.writeHead(301, { location: `${url.origin}/repositories/7` }).end()
    }
    if (url.pathname === '/repositories/7') return json(response, 200, { id: 7, name: 'new-name' })
    if (url.pathname === '/repos/ada/one/issues' && request.method === 'POST') {
      const { title } = JSON.parse(await text(request)) as { title: string }
      return json(response, 201, { number: 1, title })
    }
    if (url.pathname === '/repos/ada/one/tarball/main') {
      return void response.writeHead(200, { 'content-type': 'application/gzip' }).end(Buffer.from([31, 139, 8, 0]))
    }
    return json(response, 404, { message: 'Not Found' })
  }
}

/** Seven of them. */
function repositories(url: URL, response: ServerResponse): void {
  const size = Number(url.searchParams.get('per_page') ?? 30)
  const page = Number(url.searchParams.get('page') ?? 1)
  const last = Math.ceil(7 / size)
  const link = (number: number, rel: string) => {
    url.searchParams.set('page', String(number))
    return `<${url.href}>; rel="${rel}"`
  }
  if (page < last) response.setHeader('link', `${link(page + 1, 'next')}, ${link(last, 'last')}`)
  const first = (page - 1) * size + 1
  const ids = Array.from({ length: Math.min(size, 8 - first) }, (_, index) => first + index)
  json(
    response,
    200,
    ids.map((id) => ({ id, name: `repository-${id}` })),
  )
}

export function json(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json; charset=utf-8' }).end(JSON.stringify(body))
}

export async function text(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = []
  for await (const part of request) parts.push(part as Buffer)
  return Buffer.concat(parts).toString('latin1')
}
