// The barest JSON server on node:http: reads a body, parses it, answers one object. No key, no checks, no store.
import http from 'node:http'
import type { AddressInfo } from 'node:net'

const { socket, token } = JSON.parse(process.argv[2] ?? '{}') as { socket: string; token: string }

const listener: http.RequestListener = (request, response) => {
  let text = ''
  request.setEncoding('utf8')
  request.on('data', (part: string) => {
    text += part
  })
  request.on('end', () => {
    const { min_validity: least = 0 } = JSON.parse(text) as { min_validity?: number }
    const seconds = Math.max(3600, least)
    const answer = JSON.stringify({
      access_token: token,
      token_type: 'Bearer',
      expires_at: new Date(Date.now() + seconds * 1000).toISOString(),
      expires_in: seconds,
      scopes: ['read', 'write'],
    })
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': Buffer.byteLength(answer) })
    response.end(answer)
  })
}

const options = { keepAliveTimeout: 60_000 }
const overHttp = http.createServer(options, listener)
const overSocket = http.createServer(options, listener)
overHttp.listen(0, '127.0.0.1', () => {
  overSocket.listen(socket, () => process.send?.({ port: (overHttp.address() as AddressInfo).port, socket }))
})

// Nobody is left to measure for.
process.on('disconnect', () => process.exit())
