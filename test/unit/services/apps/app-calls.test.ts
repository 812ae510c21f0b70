import { describe, expect, it } from 'vitest'
import { createDispatch } from '../../../../electron/services/dispatch.ts'
import type { Caller, Handlers } from '../../../../electron/services/ports.ts'
import { contract, type Method } from '../../../../shared/contract.ts'
import { LatchkeyError } from '../../../../shared/errors.ts'
import { world } from './support.ts'

/** Everything that an app may call at all. A new method is not among them until somebody means it to be. */
const open = new Set([
  'providers.list',
  'accounts.list',
  ...[
    'get',
    'inspect',
    'refresh',
    'expire',
    'validate',
    'reset',
    'revoke',
    'enable',
    'disable',
    'remove',
    'rename',
  ].map((name) => `accounts.${name}`),
  ...['start', 'get', 'open', 'cancel', 'paste'].map((name) => `connect.${name}`),
  'requests.send',
  'requests.send_to_host',
])

/** Handlers that say which of them was reached, with what. */
function telling() {
  const reached: [string, unknown][] = []
  const handlers = new Proxy({} as Handlers, {
    get: (_, method: string) => (input: unknown) => {
      reached.push([method, input])
      throw new Error(`reached ${method}`)
    },
  })
  return { handlers, reached }
}

const forbidden = { code: 'forbidden', message: 'This is only for the person, not for apps.' }

describe('[G3] what an app can reach through the dispatch', () => {
  it('is no method that is for the person, whatever its rights', async () => {
    const { door, app } = await world()
    const { caller } = await app([{ rights: ['see', 'request', 'token', 'manage', 'connect'] }])
    const { handlers, reached } = telling()
    const dispatch = createDispatch(handlers, door)
    const closed = (Object.keys(contract) as Method[]).filter((method) => !open.has(method))
    expect(closed.length).toBeGreaterThan(50)
    for (const method of closed) await expect(dispatch(method, {}, caller), method).rejects.toMatchObject(forbidden)
    expect(reached).toEqual([])
  })

  it('is nothing at all where nobody stands at the door', async () => {
    const { app } = await world()
    const { caller } = await app([{ rights: ['see'] }])
    const { handlers, reached } = telling()
    for (const method of open) {
      await expect(createDispatch(handlers)(method, {}, caller)).rejects.toMatchObject(forbidden)
    }
    expect(reached).toEqual([])
  })

  it.each([
    ['accounts.get', 'see'],
    ...['inspect', 'refresh', 'expire', 'validate', 'reset', 'revoke', 'enable', 'disable', 'remove'].map((name) => [
      `accounts.${name}`,
      'manage',
    ]),
  ] as [Method, 'see' | 'manage'][])('%s needs the right %s, and gets the account by its id', async (method, right) => {
    const { door, app } = await world()
    const { caller } = await app([{ rights: [right] }])
    const other = await app([{ rights: right === 'see' ? ['manage', 'request'] : ['see', 'request'] }], 'Other')
    const { handlers, reached } = telling()
    const dispatch = createDispatch(handlers, door)
    const input = { account: 'practice:ADA@example.com' }
    await expect(dispatch(method, input, other.caller)).rejects.toMatchObject({ code: 'forbidden' })
    await expect(dispatch(method, { account: 'work' }, caller)).rejects.toMatchObject({ code: 'forbidden' })
    expect(reached).toEqual([])
    await expect(dispatch(method, input, caller)).rejects.toThrow(`reached ${method}`)
    expect(reached).toEqual([[method, expect.objectContaining({ account: 'acc_1' })]])
  })

  it('is its own sign-ins alone', async () => {
    const { door, app, flows } = await world()
    const mine = await app()
    const other = await app([], 'Other')
    flows.note('flow_1', mine.id)
    const { handlers, reached } = telling()
    const dispatch = createDispatch(handlers, door)
    for (const method of ['connect.get', 'connect.open', 'connect.cancel', 'connect.paste'] as const) {
      const input = { flow: 'flow_1', ...(method === 'connect.paste' ? { url: 'http://x/' } : {}) }
      await expect(dispatch(method, input, mine.caller)).rejects.toThrow(`reached ${method}`)
      const others = await dispatch(method, input, other.caller).catch((error: LatchkeyError) => error.toWire())
      const nobodys = await dispatch(method, { ...input, flow: 'flow_2' }, mine.caller).catch((error: LatchkeyError) =>
        error.toWire(),
      )
      expect(others).toEqual(nobodys)
    }
    expect(reached).toHaveLength(4)
  })

  it('names the accounts of a sign-in by ids that it may use', async () => {
    const { door, app } = await world()
    const { caller } = await app([{ rights: ['connect', 'token'] }])
    const { handlers, reached } = telling()
    const dispatch = createDispatch(handlers, door)
    const start = (input: object) => dispatch('connect.start', input, caller)
    await expect(start({ account: 'practice:ada', subject_account: 'practice:ada' })).rejects.toThrow('reached')
    expect(reached).toMatchObject([['connect.start', { account: 'acc_1', subject_account: 'acc_1' }]])
    await expect(start({ account: 'practice:ada', subject_account: 'work' })).rejects.toMatchObject({
      code: 'forbidden',
    })
    await expect(start({ provider: 'practice' })).rejects.toMatchObject({ code: 'forbidden' })
  })

  it('goes on to the next page of accounts that it may see', async () => {
    const { door, app } = await world()
    const { caller } = await app([{ rights: ['see'] }])
    const dispatch = createDispatch(telling().handlers, door)
    await expect(dispatch('accounts.list', { after: 'acc_1' }, caller)).rejects.toThrow('reached')
    await expect(dispatch('accounts.list', { after: 'acc_2' }, caller)).rejects.toMatchObject({ code: 'not_found' })
  })

  it('is nothing for somebody who says to be an app and does not say which', async () => {
    const { door } = await world()
    const nobody: Caller = { kind: 'app' }
    const dispatch = createDispatch(telling().handlers, door)
    await expect(dispatch('accounts.get', { account: 'acc_1' }, nobody)).rejects.toBeInstanceOf(LatchkeyError)
    await expect(dispatch('connect.get', { flow: 'flow_1' }, nobody)).rejects.toMatchObject({ code: 'not_found' })
  })
})

describe('[F13] the events that an app is told', () => {
  it('are of the accounts that it may see, of its own sign-ins and questions, and of itself', async () => {
    const { sees, app, flows, gate, apps, vault } = await world()
    const { caller, id } = await app([{ rights: ['see'] }])
    const other = await app([], 'Other')
    flows.note('flow_1', id)
    try {
      gate.account('work', caller, 'token')
    } catch {}
    const ask = apps.asks()[0]?.id ?? ''
    const told = (event: Parameters<typeof sees>[0]) => [sees(event, caller), sees(event, other.caller)]
    expect(told({ type: 'account', account_id: 'acc_1', state: 'active' })).toEqual([true, false])
    expect(told({ type: 'account', account_id: 'acc_2', state: 'active' })).toEqual([false, false])
    expect(told({ type: 'flow', flow_id: 'flow_1', state: 'completed' })).toEqual([true, false])
    expect(told({ type: 'flow', flow_id: 'flow_2', state: 'completed' })).toEqual([false, false])
    expect(told({ type: 'app', app_id: id, state: 'revoked' })).toEqual([true, false])
    expect(told({ type: 'ask', ask_id: ask, state: 'approved' })).toEqual([true, false])
    expect(told({ type: 'activity', activity_id: 1 })).toEqual([false, false])
    expect(told({ type: 'registration', registration_id: 'reg_1' })).toEqual([false, false])
    expect(told({ type: 'webhook', endpoint_id: 'hook_1', delivery_id: null })).toEqual([false, false])
    expect(told({ type: 'vault', state: 'locked' })).toEqual([true, true])
    expect(sees({ type: 'activity', activity_id: 1 }, { kind: 'cli' })).toBe(true)
    // Its end is told before the permission that went with it is forgotten.
    vault.accounts.remove('acc_1')
    expect(told({ type: 'account', account_id: 'acc_1', state: 'removed' })).toEqual([true, false])
    vault.lock('for the test')
    expect(told({ type: 'account', account_id: 'acc_1', state: 'active' })).toEqual([false, false])
  })
})
