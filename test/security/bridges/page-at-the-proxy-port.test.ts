import http from 'node:http'
import { expect, it } from 'vitest'
import { proxyBefore } from './proxy.ts'

type Headers = Record<string, string | string[]>

it('[F12] a web page reaches nothing through the port of latchkey proxy', async () => {
  const { port, seen } = await proxyBefore()
  const own = `127.0.0.1:${port}`
  const send = (headers: Headers, method = 'GET', path = '/me') =>
    new Promise<number>((resolve, reject) => {
      http
        .request({ host: '127.0.0.1', port, method, path, headers: { host: own, ...headers } }, (answer) => {
          answer.resume()
          expect(answer.headers).not.toHaveProperty('access-control-allow-origin')
          resolve(answer.statusCode ?? 0)
        })
        .on('error', reject)
        .end()
    })
  const before = seen.length
  const ofPages: Headers[] = [
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { origin: `http://${own}` },
    { referer: 'https://evil.example/' },
    { 'sec-fetch-site': 'none' },
    { 'sec-fetch-mode': 'no-cors', 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-user': '?1' },
    { 'Sec-Fetch-Dest': 'image' },
  ]
  for (const headers of ofPages) {
    expect(await send(headers), JSON.stringify(headers)).toBe(403)
  }
  expect(await send({}, 'OPTIONS')).toBe(403)
  expect(await send({ origin: 'https://evil.example', 'access-control-request-method': 'PUT' }, 'OPTIONS')).toBe(403)
  // A name that leads here (DNS rebinding), and other spellings of this computer.
  for (const host of ['evil.example', `evil.example:${port}`, `localhost:${port}`, `[::1]:${port}`, '127.0.0.1']) {
    expect(await send({ host }), host).toBe(403)
  }
  expect(await send({}, 'GET', 'http://evil.example/')).toBe(400)
  expect(seen).toHaveLength(before)
  expect(await send({})).toBe(200)
  expect(seen).toHaveLength(before + 1)
})
