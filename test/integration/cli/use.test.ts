import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { freshHome, type Seen, standIn } from './stand-in.ts'
import { latchkey } from './terminal.ts'

const signed = {
  status: 200,
  status_text: 'OK',
  headers: { 'content-type': 'text/plain', 'x-evil': 'a\u001b[2Jb' },
  body: 'hello',
  body_base64: null,
  duration_ms: 3,
  refreshed: false,
  url: 'http://127.0.0.1/api/me',
}

async function answering(answer: object = {}) {
  const seen: Seen[] = []
  const home = await standIn((it) => {
    seen.push(it)
    return { body: { ...signed, ...answer } }
  })
  return { home, sent: () => JSON.parse(seen.at(-1)?.body ?? 'null'), seen }
}

it('[A6] sends any method with headers and a body, and prints the body alone', async () => {
  const { home, sent, seen } = await answering()
  const args = ['request', 'practice:ada', 'PUT', '/api/echo', '-H', 'X-One: 1', '-H', 'x-one: 2', '-d', '{"a":1}']
  expect(await latchkey(home, args)).toEqual({ code: 0, stdout: 'hello', stderr: '' })
  expect(seen[0]).toMatchObject({ method: 'POST', path: '/v1/accounts/practice%3Aada/request' })
  expect(sent()).toEqual({
    method: 'PUT',
    url: '/api/echo',
    timeout_ms: 60_000,
    headers: { 'x-one': '1, 2', 'content-type': 'application/json' },
    body: '{"a":1}',
  })
})

it('takes the body from a file or standard input, and keeps bytes that are no text', async () => {
  const { home, sent } = await answering()
  const file = path.join(freshHome(), 'body')
  const bytes = Buffer.from([0xff, 0x00, 0xfe])
  fs.writeFileSync(file, bytes)
  await latchkey(home, ['request', 'a', 'POST', '/', '-d', `@${file}`])
  expect(sent()).toMatchObject({ body_base64: '/wD+', headers: { 'content-type': 'application/octet-stream' } })
  await latchkey(home, ['request', 'a', 'POST', '/', '-d', '@-'], { input: 'from stdin' })
  expect(sent()).toMatchObject({ body: 'from stdin', headers: { 'content-type': 'text/plain; charset=utf-8' } })
  await latchkey(home, [
    'request',
    'a',
    'POST',
    '/',
    '-d',
    'a=b',
    '-H',
    'content-type: application/x-www-form-urlencoded',
  ])
  expect(sent().headers).toEqual({ 'content-type': 'application/x-www-form-urlencoded' })
})

it('prints status and headers with -i, without what could harm a terminal', async () => {
  const { home } = await answering()
  const { stdout } = await latchkey(home, ['request', 'a', 'GET', '/', '-i'])
  expect(stdout).toBe('HTTP 200 OK\ncontent-type: text/plain\nx-evil: ab\n\nhello')
})

it('cleans a body for a terminal only; a program gets it as it came', async () => {
  const { home } = await answering({ body: 'a\u001b[2Jb' })
  expect((await latchkey(home, ['request', 'a', 'GET', '/'])).stdout).toBe('a\u001b[2Jb')
  expect((await latchkey(home, ['request', 'a', 'GET', '/'], { tty: true })).stdout).toBe('ab\n')
})

it('writes bytes to a program and keeps them from a terminal', async () => {
  const { home } = await answering({ body: null, body_base64: Buffer.from('bytes').toString('base64') })
  expect((await latchkey(home, ['request', 'a', 'GET', '/'])).stdout).toBe('bytes')
  const shown = await latchkey(home, ['request', 'a', 'GET', '/'], { tty: true })
  expect(shown.stdout).toBe('')
  expect(shown.stderr).toContain('5 bytes')
})

it('says when the provider refuses, and ends with 7 for it only with --fail', async () => {
  const { home } = await answering({ status: 404, status_text: 'Not Found', body: 'no' })
  const ran = await latchkey(home, ['request', 'a', 'GET', '/'])
  expect(ran).toEqual({ code: 0, stdout: 'no', stderr: 'latchkey: the provider answered HTTP 404 Not Found.\n' })
  expect((await latchkey(home, ['request', 'a', 'GET', '/', '--fail'])).code).toBe(7)
  const json = await latchkey(home, ['request', 'a', 'GET', '/', '--json'])
  expect(JSON.parse(json.stdout)).toMatchObject({ status: 404, body: 'no' })
})

it('[F9] asks for a token that lives long enough and prints it alone', async () => {
  const { home, sent } = await answering({ access_token: 'at-1', token_type: 'Bearer', expires_in: 900 })
  expect(await latchkey(home, ['token', 'a', '--min-validity', '600'])).toEqual({
    code: 0,
    stdout: 'at-1\n',
    stderr: '',
  })
  expect(sent()).toEqual({ min_validity: 600 })
  const json = await latchkey(home, ['--json', 'token', 'a'])
  expect(JSON.parse(json.stdout)).toMatchObject({ access_token: 'at-1', expires_in: 900 })
})
