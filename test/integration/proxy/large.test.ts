import { fork } from 'node:child_process'
import { once } from 'node:events'
import http from 'node:http'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { temporaryFolder } from '../api/world.ts'
import { startUpstream } from './world.ts'

const gigabyte = 1024 ** 3
const allowance = 80 * 1024 ** 2
const chunk = Buffer.alloc(256 * 1024, 'x')

/** Writes this many bytes no faster than they are taken. */
async function pour(to: NodeJS.WritableStream, bytes: number): Promise<void> {
  for (let left = bytes; left > 0; left -= chunk.length) {
    if (!to.write(left < chunk.length ? chunk.subarray(0, left) : chunk)) await once(to, 'drain')
  }
  to.end()
}

async function drain(from: NodeJS.ReadableStream): Promise<number> {
  let bytes = 0
  from.on('data', (part: Buffer) => {
    bytes += part.length
  })
  await once(from, 'end')
  return bytes
}

it('[F10] a gigabyte goes up and one comes down in the memory of a few chunks', { timeout: 120_000 }, async () => {
  const upstream = await startUpstream(async (request, response) => {
    if (request.method === 'PUT') response.end(String(await drain(request)))
    else {
      response.writeHead(200, { 'content-length': Number(request.url?.slice(1)) })
      await pour(response, Number(request.url?.slice(1)))
    }
  })
  const child = fork(path.join(import.meta.dirname, 'children/proxy-host.ts'), [temporaryFolder(), upstream.base], {
    execArgv: ['--expose-gc', '--disable-warning=ExperimentalWarning'],
  })
  onTestFinished(() => void child.kill())
  const [{ http: base, key }] = (await once(child, 'message')) as [{ http: string; key: string }]
  const memory = async () => {
    child.send('memory')
    const [it] = (await once(child, 'message')) as [{ now: number; most: number }]
    return it
  }
  const send = (method: string, target: string, headers: Record<string, number> = {}) =>
    http.request(`${base}/v1/accounts/acc_1/proxy/${target}`, {
      agent: false,
      method,
      headers: { authorization: `Bearer ${key}`, ...headers },
    })
  const down = async (bytes: number) => {
    const request = send('GET', String(bytes))
    request.end()
    const [answer] = (await once(request, 'response')) as [http.IncomingMessage]
    return drain(answer)
  }
  const up = async (bytes: number, headers: Record<string, number> = {}) => {
    const request = send('PUT', 'up', headers)
    const answered = once(request, 'response') as Promise<[http.IncomingMessage]>
    await pour(request, bytes)
    const [answer] = await answered
    let text = ''
    for await (const part of answer) text += part
    return Number(text)
  }

  // Until buffers are collected as fast as they come, a process grows whatever it does with them.
  await down(gigabyte / 10)
  await up(gigabyte / 10)
  const start = (await memory()).now
  expect(await down(gigabyte)).toBe(gigabyte)
  const afterDown = await memory()
  expect(await up(gigabyte, { 'content-length': gigabyte })).toBe(gigabyte)
  const afterUp = await memory()
  const grown = [afterDown.most - start, afterUp.most - start].map((bytes) => Math.round(bytes / 1024 ** 2))
  expect(Math.max(...grown), `grown by ${grown} MB above ${Math.round(start / 1024 ** 2)} MB`).toBeLessThan(
    allowance / 1024 ** 2,
  )
})
