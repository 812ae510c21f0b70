import fs from 'node:fs'
import { createServer, request } from 'node:http'
import type { AddressInfo } from 'node:net'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, it, vi } from 'vitest'
import { passphraseGuard } from '../../../electron/vault/passphrase-guard.ts'
import { openVault } from '../../../electron/vault/vault.ts'
import { memoryVault } from './stores.ts'
import { type PracticeWorld, startPractice } from './world.ts'

const endings: (() => unknown)[] = []
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})

async function start(...input: Parameters<typeof startPractice>): Promise<PracticeWorld> {
  const world = await startPractice(...input)
  endings.push(() => world.practice.stop())
  return world
}

const silent = { debug() {}, info() {}, warn() {}, error() {} }

it('is off until it is needed, and off again after', async () => {
  const { practice, issuer } = await start(memoryVault())
  expect(practice.get()).toEqual({
    running: true,
    issuer,
    api_base_url: issuer,
    access_token_lifetime: 300,
  })
  await practice.stop()
  expect(practice.get()).toMatchObject({ running: false, issuer: null, api_base_url: null })
  await expect(fetch(issuer)).rejects.toThrow()
  await practice.stop()
})

it('starts once, however many ask', async () => {
  const { practice, issuer } = await start(memoryVault())
  await practice.stop()
  const answers = await Promise.all(Array.from({ length: 5 }, () => practice.ensureRunning()))
  expect(new Set(answers.map((answer) => answer.issuer))).toEqual(new Set([issuer]))
})

it('goes on after a restart, from the vault’s own file: same issuer, keys, grants and reuse detection', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-practice-'))
  endings.push(() => fs.rmSync(folder, { recursive: true }))
  const file = path.join(folder, 'vault.db')
  const guard = passphraseGuard('a passphrase for one test')
  const open = () => openVault({ file, clock: { now: Date.now }, logger: silent })

  const before = open()
  await before.create(guard)
  const first = await startPractice(before)
  await first.practice.configure({ access_token_lifetime: 120 })
  const tokens = await first.connect()
  const rotated = await first.refresh(tokens.refresh_token)
  const keys = await (await fetch(`${first.issuer}/jwks`)).json()
  await first.practice.stop()
  before.close()

  for (const name of fs.readdirSync(folder)) {
    const bytes = fs.readFileSync(path.join(folder, name))
    for (const secret of [rotated.access_token, rotated.refresh_token ?? '', tokens.refresh_token ?? '']) {
      expect(bytes.includes(secret), name).toBe(false)
    }
  }

  const after = open()
  endings.push(() => after.close())
  await after.unlock(guard)
  const second = await start(after)
  expect(second.issuer).toBe(first.issuer)
  expect(await (await fetch(`${second.issuer}/jwks`)).json()).toEqual(keys)
  expect((await second.call('/api/me', rotated.access_token)).status).toBe(200)
  const fresh = await second.refresh(rotated.refresh_token)
  expect(fresh.expires_in).toBe(120)
  await expect(second.refresh(tokens.refresh_token)).rejects.toMatchObject({ error: 'invalid_grant' })
  expect((await second.call('/api/me', fresh.access_token)).status).toBe(401)
})

it('answers an error, and prints nothing, when the vault is locked underneath it', async () => {
  const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-practice-'))
  endings.push(() => fs.rmSync(folder, { recursive: true }))
  const vault = openVault({ file: path.join(folder, 'vault.db'), clock: { now: Date.now }, logger: silent })
  endings.push(() => vault.close())
  await vault.create(passphraseGuard('a passphrase for one test'))
  const { call, connect, refresh, practice } = await start(vault)
  const tokens = await connect()
  vault.lock('for this test')
  expect((await call('/api/me', tokens.access_token)).status).toBe(500)
  await expect(refresh(tokens.refresh_token)).rejects.toThrow()
  await practice.stop()
  await expect(practice.ensureRunning()).rejects.toMatchObject({ code: 'locked' })
})

async function takePort(port: number) {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const free = () => new Promise((resolve) => server.close(resolve))
  endings.push(free)
  return { port: (server.address() as AddressInfo).port, free }
}

it('keeps its address for its accounts’ sake, and says who is in the way', async () => {
  const vault = memoryVault([{ providerId: 'practice' }])
  const { port, free } = await takePort(0)
  vault.settings.set('practice.port', port)
  const attempt = startPractice(vault)
  await expect(attempt).rejects.toMatchObject({
    code: 'provider_unreachable',
    message: expect.stringContaining(String(port)),
  })
  await free()
  expect((await start(vault)).issuer).toBe(`http://127.0.0.1:${port}`)
})

it('waits a moment for a port that is just being given back', async () => {
  const vault = memoryVault([{ providerId: 'practice' }])
  const { port, free } = await takePort(0)
  vault.settings.set('practice.port', port)
  const { get } = vault.settings
  vault.settings.get = (key) => {
    // Only once the first attempt has found the port taken.
    if (key === 'practice.port') setImmediate(() => void free())
    return get(key)
  }
  expect((await start(vault)).issuer).toBe(`http://127.0.0.1:${port}`)
})

it('moves to another port while no account depends on it', async () => {
  const vault = memoryVault([{ providerId: 'google' }])
  const { port } = await takePort(0)
  vault.settings.set('practice.port', port)
  const { issuer } = await start(vault)
  expect(issuer).not.toContain(`:${port}`)
  expect(vault.settings.get('practice.port')).toBe(Number(new URL(issuer).port))
})

it('is on 127.0.0.1 alone, and answers to no other name', async () => {
  const { issuer } = await start(memoryVault())
  const status = await new Promise((resolve, reject) => {
    request(`${issuer}/.well-known/openid-configuration`, { headers: { host: 'practice.example' } }, (response) => {
      response.resume()
      resolve(response.statusCode)
    })
      .on('error', reject)
      .end()
  })
  expect(status).toBe(421)
  const others = Object.values(os.networkInterfaces()).flatMap((list) => list ?? [])
  for (const { address, family, internal } of others) {
    if (internal || family !== 'IPv4') continue
    await expect(fetch(issuer.replace('127.0.0.1', address))).rejects.toThrow()
  }
})

it.each(['/userinfo', '/jwks', '/.well-known/openid-configuration', '/token', '/api/me'])(
  'gives scripts of web pages no access to %s',
  async (place) => {
    const { issuer } = await start(memoryVault())
    const headers = { origin: 'https://elsewhere.example' }
    for (const method of ['GET', 'POST', 'OPTIONS']) {
      const response = await fetch(issuer + place, { method, headers })
      expect(response.headers.get('access-control-allow-origin')).toBeNull()
    }
  },
)

it('prints nothing, in all it does, and logs no secret', async () => {
  const printed: unknown[] = []
  const spies = (['log', 'info', 'warn', 'error', 'debug'] as const).map((method) =>
    vi.spyOn(console, method).mockImplementation((...words) => void printed.push(words)),
  )
  endings.push(() => spies.map((spy) => spy.mockRestore()))
  const world = await start(memoryVault())
  const tokens = await world.connect()
  const rotated = await world.refresh(tokens.refresh_token)
  await expect(world.refresh(tokens.refresh_token)).rejects.toThrow()
  await world.call('/api/me', rotated.access_token)
  await fetch(`${world.issuer}/token`, {
    method: 'POST',
    headers: { origin: 'https://elsewhere.example' },
    body: new URLSearchParams({ grant_type: 'refresh_token', refresh_token: 'x', client_id: 'latchkey-practice' }),
  })
  await fetch(`${world.issuer}/`)
  await fetch(`${world.issuer}/nothing`)
  expect(printed).toEqual([])
  const log = JSON.stringify(world.logged)
  for (const secret of [tokens.access_token, tokens.refresh_token, tokens.id_token, rotated.access_token]) {
    expect(log).not.toContain(secret)
  }
})
