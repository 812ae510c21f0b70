import { subscribe, unsubscribe } from 'node:diagnostics_channel'
import fs from 'node:fs'
import { afterEach, expect, it } from 'vitest'
import { connectPractice, type Host, startHost } from './host.ts'

let host: Host | null = null
afterEach(async () => {
  await host?.close()
  if (host) fs.rmSync(host.home, { recursive: true })
  host = null
})

/** Counts the requests that leave this process for the practice provider's token endpoint. */
function countTokenRequests() {
  let count = 0
  const listener = (message: unknown) => {
    if ((message as { request: { path: string } }).request.path === '/token') count++
  }
  subscribe('undici:request:create', listener)
  return {
    stop() {
      unsubscribe('undici:request:create', listener)
      return count
    },
  }
}

it('connects, signs, refreshes what has expired and keeps the account over a restart', async () => {
  host = await startHost()
  const account = await connectPractice(host)
  expect(account).toMatchObject({ alias: 'practice:ada', status: { state: 'active' } })
  expect(await host.client.request('practice:ada', { url: '/api/me' })).toMatchObject({ status: 200, refreshed: false })

  await host.client.expire('practice:ada')
  expect((await host.client.account('practice:ada')).status.state).toBe('expired')
  const home = host.home
  await host.close()

  host = await startHost(home)
  expect((await host.client.accounts()).map((it) => it.alias)).toEqual(['practice:ada'])
  const answer = await host.client.request('practice:ada', { url: '/api/me' })
  expect(answer).toMatchObject({ status: 200, refreshed: true })
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ name: 'Ada Lovelace' })
})

it('[A8] [F7] answers 1,000 simultaneous requests on an expired token with one refresh at the provider', async () => {
  host = await startHost()
  const { client } = host
  await connectPractice(host)
  await client.expire('practice:ada')
  const counter = countTokenRequests()

  const answers = await Promise.all(
    Array.from({ length: 1000 }, () => client.request('practice:ada', { url: '/api/me' })),
  )

  expect(counter.stop()).toBe(1)
  expect(answers.filter((it) => it.status === 200 && JSON.parse(it.body ?? '').id === 'ada')).toHaveLength(1000)
  const refreshes = (await client.activity({ limit: 500 })).filter((it) => it.kind === 'refreshed')
  expect(refreshes.length).toBeLessThanOrEqual(1)
})
