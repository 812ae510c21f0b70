import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import { repositoryApi } from '../../doubles/repository-api.ts'
import { temporaryFolder } from '../api/world.ts'
import { read, startProxy, startUpstream } from '../proxy/world.ts'

const has = (program: string) => spawnSync(program, ['--version']).status === 0

async function run(
  program: string,
  args: string[],
  input: string,
): Promise<{ out: string; err: string; code: number }> {
  const child = spawn(program, args)
  let out = ''
  let err = ''
  child.stdout.on('data', (part: Buffer) => {
    out += part.toString('latin1')
  })
  child.stderr.on('data', (part: Buffer) => {
    err += part
  })
  child.stdin.end(input)
  const [code] = (await once(child, 'close')) as [number]
  return { out, err, code }
}

describe.skipIf(!has('curl'))('[F10] curl', () => {
  async function connect() {
    const upstream = await startUpstream(async (request, response) => {
      if (request.url === '/file') {
        const from = Number(/bytes=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0)
        const headers = { 'content-range': `bytes ${from}-9/10`, 'content-length': 10 - from }
        response.writeHead(from === 0 ? 200 : 206, from === 0 ? { 'content-length': 10 } : headers)
        return void response.end('0123456789'.slice(from))
      }
      const body = await read(request)
      return void response.end(`${request.method} ${request.url} ${request.headers.authorization} ${body.length}`)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    // The key goes to curl over a pipe: every user of the machine can read a program's arguments.
    const curl = (...args: string[]) =>
      run('curl', ['-sS', '--max-time', '30', '-K', '-', ...args], `header = "Authorization: Bearer ${world.key}"\n`)
    return { upstream, world, curl }
  }

  it('gets, posts, deletes, and asks for headers alone', async () => {
    const { world, curl } = await connect()
    expect((await curl(`${world.proxy}a?b=c`)).out).toBe('GET /a?b=c Bearer first-token 0')
    expect((await curl('-d', 'a=1', `${world.proxy}form`)).out).toBe('POST /form Bearer first-token 3')
    expect((await curl('-X', 'DELETE', `${world.proxy}a`)).out).toBe('DELETE /a Bearer first-token 0')
    expect((await curl('-I', `${world.proxy}file`)).out).toMatch(/^HTTP\/1\.1 200 OK\r\n[\s\S]*content-length: 10/i)
  })

  it('sends a large file with Expect and without length, and goes on where it stopped', async () => {
    const { world, curl } = await connect()
    const file = path.join(temporaryFolder(), 'large')
    fs.writeFileSync(file, Buffer.alloc(3_000_000))
    const sent = await curl('-v', '-H', 'Expect: 100-continue', '-T', file, `${world.proxy}up`)
    expect(sent.out).toBe('PUT /up Bearer first-token 3000000')
    expect(sent.err).toContain('HTTP/1.1 100 Continue')
    const chunked = await curl('-H', 'Transfer-Encoding: chunked', '--data-binary', `@${file}`, `${world.proxy}up`)
    expect(chunked.out).toBe('POST /up Bearer first-token 3000000')
    fs.writeFileSync(file, '01234')
    expect((await curl('-C', '-', '-o', file, `${world.proxy}file`)).code).toBe(0)
    expect(fs.readFileSync(file, 'utf8')).toBe('0123456789')
  })

  it('stops a large file that is not wanted', async () => {
    const { world, curl } = await connect()
    const file = path.join(temporaryFolder(), 'large')
    fs.writeFileSync(file, Buffer.alloc(3_000_000))
    const refused = await curl('-H', 'Expect: 100-continue', '-T', file, `${world.proxy}https://evil.test/up`)
    expect(refused.out).toContain('"destination_not_allowed"')
    expect(world.uses).toMatchObject([{ error: 'destination_not_allowed', bytesSent: 0 }])
  })

  it('goes over the socket, and offers HTTP/2 in vain', async () => {
    const { world, curl } = await connect()
    const target = `http://localhost${world.path('a')}`
    expect((await curl('--unix-socket', world.paths.socket, target)).out).toBe('GET /a Bearer first-token 0')
    const offered = await curl('--http2', `${world.proxy}a`)
    expect(offered.out).toMatch(/^GET \/a Bearer first-token 0$|are not answered|no WebSockets/)
  })

  it('follows a redirect and keeps its key to Latchkey', async () => {
    const elsewhere = await startUpstream((request, response) => response.end(String(request.headers.authorization)))
    const upstream = await startUpstream((request, response) => {
      if (request.url === '/in') response.writeHead(302, { location: '/end' }).end()
      else if (request.url === '/out') response.writeHead(302, { location: elsewhere.base }).end()
      else response.end(`${request.url} ${request.headers.authorization}`)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const follow = async (target: string) =>
      (await run('curl', ['-sSL', '-K', '-', world.proxy + target], `header = "Authorization: Bearer ${world.key}"\n`))
        .out
    expect(await follow('in')).toBe('/end Bearer first-token')
    expect(await follow('out')).toBe('undefined')
  })
})

const script = `
import json, sys, urllib.request, urllib.error
base, key = sys.stdin.read().split()
def call(path, data=None, method=None):
    request = urllib.request.Request(base + path, data=data, method=method, headers={"Authorization": "Bearer " + key})
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return [answer.status, json.loads(answer.read())]
    except urllib.error.HTTPError as error:
        return [error.code, json.loads(error.read())]
print(json.dumps([
    call("user/repos?per_page=1"),
    call("repos/ada/one/issues", json.dumps({"title": "It broke"}).encode()),
    call("repos/ada/moved"),
    call("nothing"),
    call("https://evil.test/x"),
]))
`

describe.skipIf(!has('python3'))('[F10] Python’s urllib', () => {
  it('reads, writes, follows and understands errors', async () => {
    const upstream = await startUpstream(repositoryApi('first-token'))
    const world = await startProxy({ baseUrl: upstream.base })
    const { out, err } = await run('python3', ['-c', script], `${world.proxy} ${world.key}`)
    expect(err).toBe('')
    expect(JSON.parse(out)).toMatchObject([
      [200, [{ name: 'repository-1' }]],
      [201, { title: 'It broke' }],
      [200, { name: 'new-name' }],
      [404, { message: 'Not Found' }],
      [403, { error: { code: 'destination_not_allowed' } }],
    ])
  })
})

describe('[F10] Node’s fetch', () => {
  it('streams both ways, and cancels', async () => {
    const upstream = await startUpstream((request, response) => {
      response.writeHead(200, { 'content-type': 'text/plain' })
      request.pipe(response)
    })
    const world = await startProxy({ baseUrl: upstream.base })
    const parts = ['one ', 'two ', 'three']
    const body = new ReadableStream({
      pull(controller) {
        const part = parts.shift()
        if (part === undefined) controller.close()
        else controller.enqueue(new TextEncoder().encode(part))
      },
    })
    const init = { method: 'POST', body, duplex: 'half', headers: { authorization: `Bearer ${world.key}` } }
    const answer = await fetch(`${world.proxy}x`, init as RequestInit)
    expect(await answer.text()).toBe('one two three')
    const stop = new AbortController()
    const endless = new ReadableStream({ start: (controller) => controller.enqueue(new TextEncoder().encode('more')) })
    const open = await fetch(`${world.proxy}x`, { ...init, body: endless, signal: stop.signal } as RequestInit)
    stop.abort()
    await expect(open.text()).rejects.toThrow()
    expect((await world.used(2))[1]).toMatchObject({ error: 'cancelled' })
  })
})
