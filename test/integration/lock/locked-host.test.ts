import fs from 'node:fs'
import { expect, it } from 'vitest'
import { compose } from '../../../electron/compose.ts'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { memoryOnlyWarning } from '../../../electron/services/memory-only.ts'
import { call, pairApp, wholeHost } from '../api/paired.ts'
import { openStream } from '../api/stream.ts'
import type { ApiWorld } from '../api/world.ts'
import { connectPractice, type Host, passphrase, startHost } from '../whole/host.ts'

const ownerKey = (host: Host) => fs.readFileSync(host.paths.ownerKey, 'utf8').trim()

it('[F13] locked, every caller is told so, and nothing that needs a secret goes on', async () => {
  const host = await wholeHost()
  await connectPractice(host)
  const app = await pairApp(host, 'Backup', [{ account: 'practice:ada', rights: ['see', 'request', 'token'] }])
  expect((await app.call('POST', '/v1/accounts/practice:ada/token', {})).status).toBe(200)
  const { host: address } = new URL(host.latchkey.api.http)
  const world = { host: address, key: ownerKey(host) } as ApiWorld
  const streams = await Promise.all([openStream(world), openStream(world, '/v1/events', { key: app.key })])

  await host.client.lock()
  const calls: [string, string, unknown?][] = [
    ['GET', '/v1/accounts'],
    ['POST', '/v1/accounts/practice:ada/token', {}],
    ['POST', '/v1/accounts/practice:ada/request', { url: '/api/me' }],
    ['GET', '/v1/accounts/practice:ada/proxy/api/me'],
    ['POST', '/v1/connect', { provider: 'practice' }],
    ['GET', '/v1/activity'],
    ['GET', '/v1/activity/export'],
  ]
  for (const [method, target, body] of calls) {
    for (const key of [ownerKey(host), app.key]) {
      const answer = await call(host, key, method, target, body)
      expect([answer.status, answer.json.error.code], `${method} ${target}`).toEqual([423, 'locked'])
    }
  }
  expect((await call(host, null, 'POST', '/v1/pair', { name: 'New', purpose: 'For the test.' })).json.error.code).toBe(
    'locked',
  )
  expect((await call(host, null, 'GET', '/v1/health')).json).toMatchObject({ locked: true })
  expect(await host.client.status()).toMatchObject({ vault: { state: 'locked', reason: 'You locked it.' } })

  // Streams stay open, and tell when it is open again.
  await host.client.unlock(passphrase)
  for (const stream of streams) {
    await expect.poll(() => stream.events().filter((it) => it.event === 'vault').length).toBe(2)
    expect(stream.events().filter((it) => it.event === 'vault')).toMatchObject([
      { data: { state: 'locked' } },
      { data: { state: 'unlocked' } },
    ])
  }
  expect((await app.call('POST', '/v1/accounts/practice:ada/token', {})).status).toBe(200)
})

it('[F13] unlocks over the socket, over HTTP and from the page, and all of them are slowed down together', async () => {
  const host = await wholeHost()
  const ways = [
    (given: string) => host.client.unlock(given) as Promise<unknown>,
    (given: string) => host.latchkey.dispatch('vault.unlock', { passphrase: given }, { kind: 'page' }),
    async (given: string) => {
      const { status, json } = await call(host, ownerKey(host), 'POST', '/v1/unlock', { passphrase: given })
      if (status !== 200) throw Object.assign(new Error(json.error.message), json.error)
    },
  ]
  for (const unlock of ways) {
    await host.client.lock()
    await unlock(passphrase)
    expect(await host.client.status()).toMatchObject({ vault: { state: 'unlocked' } })
  }
  await host.client.lock()
  const [socket, page, http] = ways
  await expect(socket?.('not the passphrase')).rejects.toMatchObject({ code: 'invalid_request' })
  // Even the right one has to wait now, whoever comes with it.
  for (const unlock of [page, http]) await expect(unlock?.(passphrase)).rejects.toMatchObject({ code: 'rate_limited' })
  expect(await host.client.status()).toMatchObject({ vault: { state: 'locked' } })
})

it('[G7] a vault in memory needs no passphrase, says that nothing is kept, and keeps nothing', async () => {
  const host = await startHost(undefined, null, { memoryOnly: true })
  try {
    const account = await connectPractice(host)
    expect(await host.client.request(account.alias, { url: '/api/me' })).toMatchObject({ status: 200 })
    expect((await host.client.status()).vault).toEqual({
      state: 'unlocked',
      guards: [],
      reason: memoryOnlyWarning,
      remedy: null,
    })
    expect((await host.client.lock()).state).toBe('locked')
    await expect(host.client.accounts()).rejects.toMatchObject({ code: 'locked' })
    expect((await host.client.unlock()).state).toBe('unlocked')
    expect(await host.client.accounts()).toHaveLength(1)
    expect(fs.readdirSync(host.home).filter((name) => name.startsWith('vault'))).toEqual([])
    expect(fs.existsSync(':memory:')).toBe(false)
  } finally {
    await host.close()
  }
  const again = await compose({
    host: 'headless',
    version: '0',
    paths: profilePaths({ LATCHKEY_HOME: host.home }),
    browser: { open: async () => {} },
    windows: null,
    automaticGuard: null,
    memoryOnly: true,
    pageDir: null,
  })
  expect(await again.dispatch('accounts.list', {}, { kind: 'page' })).toEqual([])
  await again.close()
  fs.rmSync(host.home, { recursive: true })
})
