import { expect, it } from 'vitest'
import { rawGet, rawRequest } from '../../integration/redirects/raw-request.ts'
import { eagerListener } from './listener.ts'

/** A page of somebody else whose name resolves to this machine sends an answer of its own. */
it.each([
  'evil.example',
  'evil.example:PORT',
  'localhost:PORT',
  '127.0.0.1',
  '127.0.0.1:1',
  '127.0.0.1:PORT.evil.example',
  '[::1]:PORT',
  '127.1:PORT',
  '127.0.0.1:0PORT',
  '127.0.0.1:PORT,evil.example',
])('refuses the Host header %s', async (pattern) => {
  const listener = await eagerListener()
  try {
    const host = pattern.replace('PORT', new URL(listener.redirectUri).port)
    const answer = await rawGet(listener.redirectUri, '/callback/practice?code=a&state=b', host)
    expect([answer.status, listener.reached]).toEqual([421, []])
  } finally {
    await listener.close()
  }
})

it('refuses two Host headers, and none', async () => {
  const listener = await eagerListener()
  try {
    const { host, port } = new URL(listener.redirectUri)
    const line = 'GET /callback/practice?code=a&state=b HTTP/1.1'
    const two = await rawRequest('127.0.0.1', Number(port), [line, `Host: ${host}`, 'Host: evil.example'])
    const none = await rawRequest('127.0.0.1', Number(port), [line, 'Connection: close'])
    const old = await rawRequest('127.0.0.1', Number(port), [line.replace('1.1', '1.0')])
    for (const { status } of [two, none, old]) expect([400, 421]).toContain(status)
    expect(listener.reached).toEqual([])
  } finally {
    await listener.close()
  }
})

it('refuses 127.0.0.1 where the redirect URI says localhost', async () => {
  const listener = await eagerListener('localhost')
  try {
    const { port } = new URL(listener.redirectUri)
    const answer = await rawGet(listener.redirectUri, '/callback/practice?code=a&state=b', `127.0.0.1:${port}`)
    expect([answer.status, listener.reached]).toEqual([421, []])
  } finally {
    await listener.close()
  }
})
