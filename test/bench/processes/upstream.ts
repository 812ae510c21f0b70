// The API behind the proxies: answers 1 KB of JSON to whoever brings the token, and 401 to everybody else.
import http from 'node:http'
import type { AddressInfo } from 'node:net'

const { token } = JSON.parse(process.argv[2] ?? '{}') as { token: string }
const expected = `Bearer ${token}`
const empty = JSON.stringify({ id: 1, name: 'Ada Lovelace', text: '' })
const body = Buffer.from(JSON.stringify({ id: 1, name: 'Ada Lovelace', text: 'x'.repeat(1024 - empty.length) }))
const headers = { 'content-type': 'application/json', 'content-length': String(body.length) }

const server = http.createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
  if (request.headers.authorization === expected) response.writeHead(200, headers).end(body)
  else response.writeHead(401, { 'content-length': '0' }).end()
})
server.listen(0, '127.0.0.1', () => process.send?.({ port: (server.address() as AddressInfo).port }))

// Nobody is left to measure for.
process.on('disconnect', () => process.exit())
