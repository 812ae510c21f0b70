import { describe, expect, it } from 'vitest'
import { connectPractice } from '../whole/host.ts'
import { call, pairApp, wholeHost } from './paired.ts'

const account = 'practice:ada'
const code = /[A-Z2-9]{4}-[A-Z2-9]{4}/g

describe('[F11] a program, from pairing to the end of it', () => {
  it('is paired, used, narrowed, refused, revoked, and refused differently', async () => {
    const host = await wholeHost()
    await connectPractice(host)
    const asked = await call(host, null, 'POST', '/v1/pair', {
      name: 'Backup',
      purpose: 'Copies the profile.',
      wants: [{ account, rights: ['request'] }],
    })
    expect(asked.status).toBe(201)
    const look = () => call(host, asked.json.secret, 'GET', `/v1/pair/${asked.json.id}`)
    expect((await look()).json).toMatchObject({ state: 'waiting', code: asked.json.code })

    const ask = await host.client.ask(asked.json.code)
    expect(ask).toMatchObject({ kind: 'pair', name: 'Backup', state: 'waiting' })
    if (process.platform === 'linux') expect(ask.caller?.pid).toBe(process.pid)
    await host.client.approve(asked.json.code, { permissions: [{ account, rights: ['request'] }] })
    const { key, app_id: id } = (await look()).json
    expect(key).toMatch(/^lkapp_[\w-]{43}$/)
    expect((await look()).json.key).toBeUndefined()

    const me = () => call(host, key, 'POST', `/v1/accounts/${account}/request`, { url: '/api/me' })
    expect(JSON.parse((await me()).json.body).name).toBe('Ada Lovelace')
    expect((await call(host, key, 'GET', '/v1/app')).json).toMatchObject({ id, name: 'Backup' })
    const token = await call(host, key, 'POST', `/v1/accounts/${account}/token`, {})
    expect([token.status, token.json.error.code]).toEqual([403, 'forbidden'])

    const [permission] = (await host.client.app(id)).permissions
    await host.client.changePermission(permission?.id ?? '', { account, rights: ['request'], path_prefix: '/other' })
    const narrowed = await me()
    expect([narrowed.status, narrowed.json.error.code]).toEqual([403, 'forbidden'])
    expect(narrowed.json.error.action.text).not.toBe('')
    const waits = () => host.client.asks().then((all) => all.filter((it) => it.state === 'waiting'))
    // The token and the request: both are about this account, and asked for as one.
    await expect.poll(async () => (await waits()).map((it) => it.app_id)).toEqual([id])
    await me()
    expect(await waits()).toHaveLength(1)

    await host.client.revokeApp(id)
    const revoked = await me()
    expect([revoked.status, revoked.json.error.code]).toEqual([401, 'unauthenticated'])
    expect(revoked.json.error.message).not.toBe((await call(host, `${key}x`, 'GET', '/v1/app')).json.error.message)
  })

  it('cannot tell an account that it may not use from one that is not there', async () => {
    const host = await wholeHost()
    await connectPractice(host)
    const program = await pairApp(host, 'Nosy', [])
    const told = async (name: string) => {
      const answers = [
        await program.call('GET', `/v1/accounts/${name}`),
        await program.call('POST', `/v1/accounts/${name}/token`, {}),
        await program.call('POST', `/v1/accounts/${name}/request`, { url: '/api/me' }),
        await program.call('GET', `/v1/accounts/${name}/proxy/api/me`),
        await program.call('POST', `/v1/accounts/${name}/refresh`),
      ]
      return answers.map((it) => [it.status, it.text.replaceAll(name, 'NAME').replaceAll(code, 'CODE')])
    }
    const here = await told(account)
    expect(here).toEqual(await told('practice:grace'))
    expect(here.map(([status]) => status)).toEqual([403, 403, 403, 403, 403])
    expect((await program.call('GET', '/v1/accounts')).json).toEqual([])
  })
})
