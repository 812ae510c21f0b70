import { expect, it } from 'vitest'
import { signInAt } from '../../doubles/practice-person.ts'
import { connectPractice, passphrase } from '../whole/host.ts'
import { practiceApi, world } from './world.ts'

it('[F11] [G3] a program asks, is let in, and does what it may and nothing else', async () => {
  const { host, owner, program, paired } = await world()
  await connectPractice(host, 'grace')
  await expect(program().accounts()).rejects.toMatchObject({ code: 'unauthenticated' })
  const { client, id } = await paired('Backup', [
    { rights: ['see', 'request'], methods: ['GET'], path_prefix: '/api/me' },
  ])

  expect((await client.accounts()).map(({ alias }) => alias)).toEqual(['practice:ada'])
  expect(await client.request('practice:ada', { url: '/api/me' })).toMatchObject({ status: 200 })
  const forbidden = { code: 'forbidden' }
  await expect(client.request('practice:ada', { method: 'POST', url: '/api/me' })).rejects.toMatchObject(forbidden)
  await expect(client.request('practice:ada', { url: '/api/notes' })).rejects.toMatchObject(forbidden)
  await expect(client.request('practice:grace', { url: '/api/me' })).rejects.toMatchObject(forbidden)
  await expect(client.account('practice:grace')).rejects.toMatchObject(forbidden)
  await expect(client.token('practice:ada')).rejects.toMatchObject(forbidden)
  await expect(client.refresh('practice:ada')).rejects.toMatchObject(forbidden)
  await expect(client.apps()).rejects.toMatchObject(forbidden)
  await expect(client.activity()).rejects.toMatchObject(forbidden)

  expect(await owner.activity({ right: 'request', limit: 1 })).toMatchObject([
    { actor: 'app', app_id: id, app_name: 'Backup', detail: { path: '/api/me', status: 200 } },
  ])
  await owner.revokeApp('Backup')
  await expect(client.accounts()).rejects.toMatchObject({ code: 'unauthenticated' })
})

it('[E17] a first use beyond what was granted asks the person, and works once they agree', async () => {
  const { owner, paired, account } = await world()
  const { client } = await paired('Mail', [{ rights: ['see'] }])
  const refused = await client.token('practice:ada').catch((error) => error)
  const code = refused.details.action.command.split(' ').at(-1)
  await client.token('practice:ada').catch(() => {})
  const ask = await owner.ask(code)
  expect(ask).toMatchObject({ kind: 'permission', name: 'Mail', times: 2, state: 'waiting' })
  expect(ask.wants).toMatchObject([{ account_id: account.id, rights: ['token'] }])
  // The operating system says who called: this very process.
  if (process.platform === 'linux') expect(ask.caller?.pid).toBe(process.pid)
  await owner.approve(code, { permissions: [{ account: account.alias, rights: ['token'] }] })
  expect(await client.token('practice:ada')).toMatchObject({ access_token: expect.any(String) })
  expect(await owner.activity({ right: 'token', limit: 1 })).toMatchObject([{ actor: 'app', app_name: 'Mail' }])
})

it('[E17] a program with the right connects an account itself, and may use it as was granted', async () => {
  const { owner, paired } = await world()
  const { client } = await paired('Editor', [
    { account: null, rights: ['connect', 'see', 'request'], methods: ['GET'] },
  ])
  const other = await paired('Other', [{ account: null, rights: ['connect'] }])
  const flow = await client.connect({ provider: 'practice', via: 'paste' })
  await expect(other.client.flow(flow.id)).rejects.toMatchObject({ code: 'not_found' })
  await expect(other.client.cancel(flow.id)).rejects.toMatchObject({ code: 'not_found' })
  const answer = await signInAt(flow.authorization_url ?? '', { user: 'grace', approve: true })
  expect(await client.answer(flow.id, answer.href)).toMatchObject({ state: 'completed' })

  expect((await client.accounts()).map(({ alias }) => alias)).toEqual(['practice:grace'])
  expect(await client.request('practice:grace', { url: '/api/me' })).toMatchObject({ status: 200 })
  const post = client.request('practice:grace', { method: 'POST', url: '/api/me' })
  await expect(post).rejects.toMatchObject({ code: 'forbidden' })
  expect(await owner.activity({ kind: 'connected', limit: 1 })).toMatchObject([{ actor: 'app', app_name: 'Editor' }])
})

it('[E17] connecting an account that is there already gives the program nothing of it', async () => {
  const { paired } = await world()
  const { client } = await paired('Editor', [{ account: null, rights: ['connect', 'see', 'token'] }])
  const flow = await client.connect({ provider: 'practice', via: 'paste' })
  const answer = await signInAt(flow.authorization_url ?? '', { user: 'ada', approve: true })
  expect(await client.answer(flow.id, answer.href)).toMatchObject({ state: 'completed' })
  expect(await client.accounts()).toEqual([])
  await expect(client.token('practice:ada')).rejects.toMatchObject({ code: 'forbidden' })
})

it('[E19] [C12] a request to a host that is bound uses its account, for a program as far as it may', async () => {
  const { owner, paired } = await world()
  const base = await practiceApi(owner)
  const { client } = await paired('Script', [{ rights: ['request'], methods: ['GET'] }])
  const url = `${base}/api/me`
  await expect(owner.requestToHost({ url })).rejects.toMatchObject({ code: 'not_found' })
  await expect(client.requestToHost({ url })).rejects.toMatchObject({ code: 'forbidden' })
  await owner.bind(new URL(base).host, 'practice:ada')
  expect(await owner.requestToHost({ url })).toMatchObject({ status: 200 })
  const answer = await client.requestToHost({ url })
  expect(JSON.parse(answer.body ?? '')).toMatchObject({ id: 'ada' })
  await expect(client.requestToHost({ url, method: 'DELETE' })).rejects.toMatchObject({ code: 'forbidden' })
})

it('[E18] a program without anybody near gets its token, and a clear error when only the person can help', async () => {
  const { owner, paired } = await world()
  const { client } = await paired('Cron', [{ rights: ['token'] }])
  await owner.expire('practice:ada')
  const first = await client.token('practice:ada', { min_validity: 60 })
  const again = await client.token('practice:ada', { rejected: first.access_token })
  expect(again.access_token).not.toBe(first.access_token)
  // It has been replaced already: nobody is asked for another.
  expect((await client.token('practice:ada', { rejected: first.access_token })).access_token).toBe(again.access_token)
  await owner.reset('practice:ada')
  await expect(client.token('practice:ada')).rejects.toMatchObject({ code: 'reauth_required' })
})

it('[F11] while the vault is locked no program gets in, and afterwards all is as it was', async () => {
  const { host, owner, paired } = await world()
  const { client } = await paired('Backup', [{ rights: ['see'] }])
  await host.latchkey.dispatch('vault.lock', {}, { kind: 'page' })
  await expect(client.accounts()).rejects.toMatchObject({ code: 'locked' })
  await host.latchkey.dispatch('vault.unlock', { passphrase }, { kind: 'page' })
  expect((await client.accounts()).map(({ alias }) => alias)).toEqual(['practice:ada'])
  expect((await owner.app('backup')).last_used_at).not.toBeNull()
})
