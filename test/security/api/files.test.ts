import { once } from 'node:events'
import fs from 'node:fs'
import net from 'node:net'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { readOwnerKey } from '../../../electron/api/owner-key.ts'
import { pathsIn, startWorld, temporaryFolder } from '../../integration/api/world.ts'

const mode = (file: string) => fs.statSync(file).mode & 0o777
const logger = () => {
  const lines: string[] = []
  const log = (message: string) => void lines.push(message)
  return { lines, debug: log, info: log, warn: log, error: log }
}

describe.skipIf(process.platform === 'win32')('files of the local API', () => {
  it('are for the owner alone, in a folder for the owner alone', async () => {
    const dir = temporaryFolder()
    fs.chmodSync(dir, 0o755)
    const world = await startWorld({ dir })
    expect(mode(dir)).toBe(0o700)
    for (const file of Object.values(world.paths))
      expect([path.basename(file), mode(file)]).toEqual([path.basename(file), 0o600])
  })

  it('the owner key is 256 random bits, kept over restarts', async () => {
    const file = path.join(temporaryFolder(), 'owner.key')
    const key = readOwnerKey(file, logger())
    expect(Buffer.from(key, 'base64url')).toHaveLength(32)
    expect(readOwnerKey(file, logger())).toBe(key)
    expect(readOwnerKey(path.join(temporaryFolder(), 'owner.key'), logger())).not.toBe(key)
    expect(fs.readdirSync(path.dirname(file))).toEqual(['owner.key'])
  })

  it.each([0o644, 0o640, 0o604, 0o620])('an owner key with mode %o is replaced, and the log says so', (bits) => {
    const file = path.join(temporaryFolder(), 'owner.key')
    const key = readOwnerKey(file, logger())
    fs.chmodSync(file, bits)
    const log = logger()
    const fresh = readOwnerKey(file, log)
    expect(fresh).not.toBe(key)
    expect(mode(file)).toBe(0o600)
    expect(log.lines.join()).toContain('Other users could read the owner key')
    expect(log.lines.join()).not.toContain(key)
  })

  it('an empty or damaged owner key is replaced', () => {
    const file = path.join(temporaryFolder(), 'owner.key')
    for (const text of ['', 'short', 'x'.repeat(44)]) {
      fs.writeFileSync(file, text, { mode: 0o600 })
      expect(readOwnerKey(file, logger())).toMatch(/^[A-Za-z0-9_-]{43}$/)
    }
  })

  it('a link or folder in place of the owner key is left alone', () => {
    const dir = temporaryFolder()
    const target = path.join(dir, 'target')
    fs.writeFileSync(target, 'untouched', { mode: 0o600 })
    fs.symlinkSync(target, path.join(dir, 'link'))
    fs.mkdirSync(path.join(dir, 'folder'))
    for (const name of ['link', 'folder']) {
      expect(() => readOwnerKey(path.join(dir, name), logger())).toThrow(/is not a file/)
    }
    expect(fs.readFileSync(target, 'utf8')).toBe('untouched')
  })

  it('the endpoint file says where the API is and is gone afterwards, with the socket', async () => {
    const world = await startWorld()
    expect(JSON.parse(fs.readFileSync(world.paths.endpoint, 'utf8'))).toEqual({
      version: 1,
      pid: process.pid,
      http: world.api.http,
      socket: world.paths.socket,
    })
    await world.api.close()
    expect(fs.readdirSync(world.dir)).toEqual(['owner.key'])
  })

  it('the endpoint file of a later process is left alone', async () => {
    const world = await startWorld()
    fs.writeFileSync(world.paths.endpoint, '{"version":1,"pid":1}')
    await world.api.close()
    expect(fs.existsSync(world.paths.endpoint)).toBe(true)
  })
})

describe('addresses that are taken', () => {
  it('another port is chosen', async () => {
    const other = net.createServer().listen(0, '127.0.0.1')
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    const { port } = other.address() as net.AddressInfo
    const world = await startWorld({ port })
    expect(world.host).not.toBe(`127.0.0.1:${port}`)
    expect((await world.call('GET', '/v1/health')).status).toBe(200)
  })

  it('a socket that nobody answers at is replaced', async () => {
    const dir = temporaryFolder()
    const { socket } = pathsIn(dir)
    // Node takes the file away when it closes, so a link keeps it, as a crash does.
    const other = net.createServer().listen(`${socket}.kept`)
    await once(other, 'listening')
    fs.linkSync(`${socket}.kept`, socket)
    other.close()
    await once(other, 'close')
    const world = await startWorld({ dir })
    expect((await world.call('GET', '/v1/health', { socket: true })).status).toBe(200)
  })

  it('a socket that somebody answers at is left alone, and nothing stays behind', async () => {
    const dir = temporaryFolder()
    const { socket, endpoint } = pathsIn(dir)
    const other = net.createServer((it) => it.destroy()).listen(socket)
    await once(other, 'listening')
    onTestFinished(() => void other.close())
    await expect(startWorld({ dir })).rejects.toThrow(/Is Latchkey running already/)
    expect(fs.existsSync(socket)).toBe(true)
    expect(fs.existsSync(endpoint)).toBe(false)
  })

  it('a file in place of the socket is left alone', async () => {
    const dir = temporaryFolder()
    const { socket } = pathsIn(dir)
    fs.writeFileSync(socket, 'mine')
    await expect(startWorld({ dir })).rejects.toThrow(/is not a socket/)
    expect(fs.readFileSync(socket, 'utf8')).toBe('mine')
  })
})
