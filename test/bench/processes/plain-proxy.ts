// The barest reverse proxy on undici: adds a header, checks nothing, writes nothing down.
import http from 'node:http'
import type { AddressInfo } from 'node:net'
import { Pool } from 'undici'

const { upstream, token, way } = JSON.parse(process.argv[2] ?? '{}') as {
  upstream: number
  token: string
  /** Which of undici's calls; both are as its documentation shows them. */
  way: 'request' | 'stream'
}
const pool = new Pool(`http://127.0.0.1:${upstream}`)
const authorization = `Bearer ${token}`

const server = http.createServer({ keepAliveTimeout: 60_000 }, async (request, response) => {
  const { host: _, connection: __, ...headers } = request.headers
  const outgoing = {
    path: request.url ?? '/',
    method: request.method as 'GET',
    headers: { ...headers, authorization },
    body: request.method === 'GET' ? null : request,
  }
  try {
    if (way === 'stream') {
      await pool.stream(outgoing, ({ statusCode, headers }) => response.writeHead(statusCode, headers))
    } else {
      const answer = await pool.request(outgoing)
      response.writeHead(answer.statusCode, answer.headers)
      answer.body.pipe(response)
    }
  } catch {
    response.destroy()
  }
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

// Nobody is left to measure for.
process.on('disconnect', () => process.exit())
