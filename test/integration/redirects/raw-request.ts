import { connect } from 'node:net'

export interface RawAnswer {
  status: number
  headers: string
  body: string
}

/** Sends exactly these bytes and reads to the end: what no HTTP client lets a caller write. */
export function rawRequest(address: string, port: number, head: string[]): Promise<RawAnswer> {
  return new Promise((resolve, reject) => {
    const socket = connect({ host: address, port })
    let text = ''
    socket.setEncoding('utf8')
    socket.on('connect', () => socket.write(`${head.join('\r\n')}\r\n\r\n`))
    socket.on('data', (chunk) => {
      text += chunk
    })
    socket.on('error', reject)
    socket.on('end', () => {
      const [headers = '', body = ''] = text.split('\r\n\r\n', 2)
      resolve({ status: Number(headers.split(' ')[1]), headers: headers.toLowerCase(), body })
    })
  })
}

/** A GET of `target` with the Host header of a redirect URI. */
export function rawGet(redirectUri: string, target: string, host = new URL(redirectUri).host): Promise<RawAnswer> {
  const port = Number(new URL(redirectUri).port)
  return rawRequest('127.0.0.1', port, [`GET ${target} HTTP/1.1`, `Host: ${host}`])
}
