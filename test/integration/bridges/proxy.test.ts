import type { ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import http from 'node:http'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../../../electron/cli/demo/until.ts'
import { connectPractice } from '../whole/host.ts'
import { freshHost, hasProgram, latchkey, run, startLatchkey } from './support.ts'

const never = new AbortController().signal
const mebibyte = 1024 * 1024

/** Ada's account behind a port of its own. */
async function world(options: string[] = []) {
  const host = await freshHost()
  const { id, alias } = await connectPractice(host)
  const child = startLatchkey(host.home, ['proxy', alias, ...options])
  onTestFinished(() => end(child))
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  await until('it has said where it is', 10_000, never, () => (out.endsWith('\n') ? true : null))
  return { host, id, alias, child, out, base: out.trim() }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill('SIGINT')
  await ended
}

describe('proxy', () => {
  it('[F12] signs what comes in at its port, and prints its base URL and nothing else', async () => {
    const { out, base, host, alias } = await world()
    expect(out).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/\n$/)
    const me = await fetch(`${base}api/me`)
    expect([me.status, await me.json()]).toMatchObject([200, { name: 'Ada Lovelace' }])
    const sent = await fetch(`${base}api/echo?x=1`, {
      method: 'PUT',
      headers: { 'content-type': 'text/plain', 'x-one': '1', authorization: 'Bearer whatever' },
      body: 'hello',
    })
    expect(await sent.json()).toMatchObject({ method: 'PUT', body: 'hello', headers: { 'x-one': '1' } })
    expect((await fetch(`${base}api/nothing`)).status).toBe(404)
    await host.client.expire(alias)
    expect((await fetch(`${base}api/me`)).status).toBe(200)
  })

  it.each(['GET', 'DELETE', 'POST'])('[F12] a body arrives with %s however it is framed', async (method) => {
    const { base } = await world()
    const send = (headers: http.OutgoingHttpHeaders, ...pieces: string[]) =>
      new Promise<string>((resolve, reject) => {
        const request = http.request(`${base}api/echo`, { method, headers }, async (answer) => {
          let text = ''
          for await (const piece of answer.setEncoding('utf8')) text += piece
          resolve(JSON.parse(text).body)
        })
        request.on('error', reject)
        for (const piece of pieces) request.write(piece)
        request.end()
      })
    expect(await send({ 'transfer-encoding': 'chunked' }, 'in ', 'pieces')).toBe('in pieces')
    expect(await send({ 'content-length': 5 }, 'whole')).toBe('whole')
    expect(await send({ 'content-length': 5, connection: 'content-length, keep-alive' }, 'whole')).toBe('whole')
    expect(await send({})).toBe('')
  })

  it('[F12] says the same as a document with --json, on the port that was asked for', async () => {
    const free = http.createServer().listen(0, '127.0.0.1')
    await once(free, 'listening')
    const { port } = free.address() as { port: number }
    const taken = await freshHost()
    const { alias: other } = await connectPractice(taken)
    const refused = await latchkey(taken.home, ['proxy', other, '--port', String(port)])
    expect(refused).toMatchObject({ code: 2, stdout: '' })
    expect(refused.stderr).toContain('taken')
    await new Promise((done) => free.close(done))
    const { out, id, alias } = await world(['--port', String(port), '--json'])
    expect(JSON.parse(out)).toEqual({ base_url: `http://127.0.0.1:${port}/`, account: id, alias, any_user: false })
  })

  it.skipIf(!hasProgram('curl'))('[F12] serves curl, and a client whose sockets are of the other family', async () => {
    const { base } = await world()
    expect((await run('curl', ['-sS', `${base}api/me`])).stdout).toContain('Ada Lovelace')
    const { port } = new URL(base)
    const request = http.get({
      host: '::ffff:127.0.0.1',
      port,
      path: '/api/me',
      headers: { host: `127.0.0.1:${port}` },
    })
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    answer.resume()
    expect(answer.statusCode).toBe(200)
  })

  it('[F12] streams: an answer begins before it has ended, and nobody holds what a slow reader does not take', async () => {
    const { base, child } = await world()
    const request = http.get(`${base}api/big?mb=200`)
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    expect(answer.statusCode).toBe(200)
    answer.pause()
    const rest = residentMemory(child)
    let last = 0
    await until('its memory stays as it is', 10_000, never, () => {
      const before = last
      last = residentMemory(child)
      return last === before ? true : null
    })
    expect(last - rest).toBeLessThan(60 * mebibyte)
    let length = 0
    for await (const piece of answer) length += piece.length
    expect(length).toBe(200 * mebibyte)
  })

  it('[F12] an answer may come before the body has been sent, and a caller may leave in the middle', async () => {
    const { base } = await world()
    const left = http.get(`${base}api/big?mb=50`)
    const [answer] = (await once(left, 'response')) as [http.IncomingMessage]
    await once(answer, 'data')
    left.destroy()
    const upload = http.request(`${base}api/nothing`, { method: 'POST', headers: { 'content-length': 50 * mebibyte } })
    upload.on('error', () => {})
    upload.write(Buffer.alloc(mebibyte))
    const [refused] = (await once(upload, 'response')) as [http.IncomingMessage]
    expect(refused.statusCode).toBe(404)
    upload.destroy()
    expect((await fetch(`${base}api/me`)).status).toBe(200)
  })

  it('[F12] says in the API’s words what is wrong, while it is wrong', async () => {
    const { base, host, alias } = await world()
    await host.client.disable(alias)
    const disabled = await fetch(`${base}api/me`)
    expect([disabled.status, await disabled.json()]).toMatchObject([409, { error: { code: 'account_disabled' } }])
    await host.client.enable(alias)
    const elsewhere = await fetch(`${base}https://evil.example/`)
    expect([elsewhere.status, await elsewhere.json()]).toMatchObject([
      403,
      { error: { code: 'destination_not_allowed' } },
    ])
    await host.client.lock()
    const locked = await fetch(`${base}api/me`)
    expect([locked.status, await locked.json()]).toMatchObject([423, { error: { code: 'locked' } }])
    await host.latchkey.close()
    const gone = await fetch(`${base}api/me`)
    expect([gone.status, await gone.json()]).toMatchObject([502, { error: { code: 'not_running' } }])
  })

  it('[F12] ends with Ctrl+C, whoever is still reading; and does not start for an account that is not there', async () => {
    const { base, child, host } = await world()
    const request = http.get(`${base}api/big?mb=200`)
    request.on('error', () => {})
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    answer.on('error', () => {})
    const ended = once(child, 'exit')
    child.kill('SIGINT')
    expect(await ended).toEqual([0, null])
    await expect(fetch(`${base}api/me`)).rejects.toThrow()
    expect(await latchkey(host.home, ['proxy', 'nobody'])).toMatchObject({ code: 2, stdout: '' })
  })
})

function residentMemory(child: ChildProcess): number {
  if (process.platform !== 'linux') return 0
  const [, kibibytes] = /^VmRSS:\s+(\d+) kB$/m.exec(fs.readFileSync(`/proc/${child.pid}/status`, 'utf8')) ?? []
  return Number(kibibytes) * 1024
}
