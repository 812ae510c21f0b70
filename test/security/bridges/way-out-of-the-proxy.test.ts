import http from 'node:http'
import { expect, it } from 'vitest'
import { proxyBefore } from './proxy.ts'

it('[F12] the port of latchkey proxy leads to one account’s proxy and nowhere else in the API', async () => {
  const { port, seen } = await proxyBefore()
  const get = (path: string, headers: Record<string, string> = {}) =>
    new Promise<{ status: number; body: string }>((resolve, reject) => {
      http
        .get({ host: '127.0.0.1', port, path, headers: { host: `127.0.0.1:${port}`, ...headers } }, (answer) => {
          let body = ''
          answer.setEncoding('utf8').on('data', (text) => {
            body += text
          })
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, body }))
        })
        .on('error', reject)
    })
  const before = seen.length
  for (const path of [
    '/../token',
    '/../../../status',
    '/%2e%2e/token',
    '/.%2E/token',
    '/a/../../token',
    '/..%2ftoken',
    '/..%5ctoken',
    '/..\\token',
    '/./../token',
    '/..?x=1',
  ]) {
    expect((await get(path)).status, path).toBe(400)
  }
  expect(seen).toHaveLength(before)
  // Dots that mean nothing, and a query, go through as they are.
  for (const path of ['/compare/main...next', '/.well-known/x', '/a?b=../c']) await get(path)
  expect(seen.slice(before).map((it) => it.path)).toEqual([
    '/v1/accounts/acc_1/proxy/compare/main...next',
    '/v1/accounts/acc_1/proxy/.well-known/x',
    '/v1/accounts/acc_1/proxy/a?b=../c',
  ])
})

it('[F12] what a caller sends as its own key is not sent on, and the key of Latchkey comes back nowhere', async () => {
  const { port, seen, key, said } = await proxyBefore()
  const answer = await fetch(`http://127.0.0.1:${port}/me`, {
    headers: { authorization: 'Bearer dummy', 'x-api-key': 'dummy' },
  })
  const text = JSON.stringify([...answer.headers]) + (await answer.text())
  expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
  expect(text).not.toContain(key)
  expect(said()).not.toContain(key)
  // Not even by naming the header as one of the connection (RFC 9110 7.6.1).
  await new Promise<void>((resolve, reject) => {
    const headers = { host: `127.0.0.1:${port}`, connection: 'authorization, close', authorization: 'Bearer dummy' }
    http
      .get({ host: '127.0.0.1', port, path: '/me', headers }, (it) => it.resume().on('end', resolve))
      .on('error', reject)
  })
  expect(seen.at(-1)?.headers.authorization).toBe(`Bearer ${key}`)
})
