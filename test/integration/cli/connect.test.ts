import { expect, it } from 'vitest'
import type { Flow } from '../../../shared/models.ts'
import { type Seen, standIn } from './stand-in.ts'
import { latchkey } from './terminal.ts'

const authorization = 'https://provider.example/authorize?client_id=x'
const base: Flow = {
  id: 'flow_1',
  provider_id: 'practice',
  provider_name: 'Practice',
  registration_id: 'reg_1',
  account_id: null,
  via: 'paste',
  state: 'waiting_for_person',
  authorization_url: authorization,
  redirect_uri: 'http://127.0.0.1:1/cb',
  device: null,
  failure: null,
  decision: null,
  steps: [],
  started_at: '2026-01-01T00:00:00Z',
  expires_at: '2026-01-01T00:05:00Z',
  ended_at: null,
}
const account = {
  id: 'acc_1',
  alias: 'practice:ada',
  identity: { subject: 'ada', issuer: null, name: 'Ada Lovelace', username: 'ada', email: 'ada@example.org' },
}

/** A host whose one flow goes where `next` sends it. */
async function hostWithFlow(first: Partial<Flow>, next: (seen: Seen, flow: Flow) => Partial<Flow> | 'refuse') {
  let flow: Flow = { ...base, ...first }
  const seen: Seen[] = []
  const home = await standIn((it) => {
    seen.push(it)
    if (it.path.startsWith('/v1/accounts')) return { body: account }
    const change = next(it, flow)
    if (change === 'refuse') {
      return {
        status: 400,
        body: { error: { code: 'invalid_request', message: 'That is not this sign-in.', field: 'url' } },
      }
    }
    flow = { ...flow, ...change }
    return { body: flow }
  })
  const called = (end: string) => seen.filter((it) => it.path.endsWith(end))
  return { home, called }
}
const done: Partial<Flow> = { state: 'completed', account_id: 'acc_1', authorization_url: null }

it('shows the address, takes the pasted answer from standard input, and prints the account', async () => {
  const { home, called } = await hostWithFlow({}, (it) => (it.path.endsWith('/answer') ? done : {}))
  const input = 'http://127.0.0.1:1/cb?code=c&state=s\n'
  const ran = await latchkey(home, ['connect', 'practice', '--via', 'paste', '--scopes', 'openid,email'], { input })
  expect(ran).toMatchObject({ code: 0, stdout: 'Connected practice:ada (Ada Lovelace <ada@example.org>).\n' })
  expect(ran.stderr).toContain(authorization)
  expect(JSON.parse(called('/connect')[0]?.body ?? '')).toEqual({
    provider: 'practice',
    via: 'paste',
    scopes: ['openid', 'email'],
  })
  expect(JSON.parse(called('/answer')[0]?.body ?? '')).toEqual({ url: input.trim() })
})

it('asks again at the terminal after a wrong address', async () => {
  const { home, called } = await hostWithFlow({}, (it) => {
    if (!it.path.endsWith('/answer')) return {}
    return it.body.includes('wrong') ? 'refuse' : done
  })
  const ran = await latchkey(home, ['connect', 'practice', '--json'], {
    tty: true,
    whenSaid: [
      [/Then paste/, 'http://wrong.example\r'],
      [/That is not this sign-in\.\n/, 'http://127.0.0.1:1/cb?code=c&state=s\r'],
    ],
  })
  expect(ran.code).toBe(0)
  expect(JSON.parse(ran.stdout)).toMatchObject({ id: 'acc_1' })
  expect(called('/answer')).toHaveLength(2)
})

it('starts without waiting', async () => {
  const { home, called } = await hostWithFlow({}, () => ({}))
  const ran = await latchkey(home, ['connect', 'practice', '--no-wait', '--json'])
  expect(ran.code).toBe(0)
  expect(JSON.parse(ran.stdout)).toMatchObject({ id: 'flow_1', authorization_url: authorization })
  expect(called('/flow_1')).toHaveLength(0)
})

it.each([
  ['access_denied', 4],
  ['timed_out', 3],
  ['window_closed', 3],
  ['state_mismatch', 3],
  ['provider_unreachable', 7],
  ['invalid_client', 7],
  ['locked', 5],
] as const)('a sign-in that failed by %s ends with %i, in the words of the flow', async (code, exit) => {
  const failure = { code, message: 'Why it failed.', remedy: 'What to do.' }
  const { home } = await hostWithFlow({ via: 'browser' }, (it) =>
    it.method === 'GET' ? { state: 'failed', failure } : {},
  )
  const ran = await latchkey(home, ['connect', 'practice'])
  expect(ran).toMatchObject({ code: exit, stdout: '' })
  expect(ran.stderr).toContain('latchkey: Why it failed.\nWhat to do.\n')
})

it.each([
  ['y', 'add_account', 0],
  ['n', 'discard', 3],
] as const)('asks when somebody else has signed in, and %s means %s', async (key, choice, exit) => {
  const decision = { expected: 'Ada', found: 'Grace' }
  const { home, called } = await hostWithFlow({ state: 'needs_decision', decision }, (it) => {
    if (!it.path.endsWith('/decide')) return {}
    return it.body.includes('add_account') ? done : { state: 'cancelled' }
  })
  const ran = await latchkey(home, ['connect', '--account', 'practice:ada'], {
    tty: true,
    whenSaid: [[/Add Grace/, `${key}\r`]],
  })
  expect(ran.code).toBe(exit)
  expect(ran.stderr).toContain('This account belongs to Ada, but Grace signed in.')
  expect(JSON.parse(called('/decide')[0]?.body ?? '')).toEqual({ choice })
})

it('discards the sign-in of somebody else where nobody can be asked', async () => {
  const decision = { expected: 'Ada', found: 'Grace' }
  const { home, called } = await hostWithFlow({ state: 'needs_decision', decision }, (it) =>
    it.path.endsWith('/decide') ? { state: 'cancelled' } : {},
  )
  expect((await latchkey(home, ['connect', '--account', 'practice:ada'])).code).toBe(3)
  expect(JSON.parse(called('/decide')[0]?.body ?? '')).toEqual({ choice: 'discard' })
})

it.each(['a signal', 'the key Ctrl+C'])('cancels the flow at the host and ends with 130 on %s', async (how) => {
  const interrupt = new AbortController()
  const { home, called } = await hostWithFlow({}, (it) => {
    if (how === 'a signal' && it.method === 'GET') interrupt.abort()
    return it.path.endsWith('/cancel') ? { state: 'cancelled' } : {}
  })
  const ran = await latchkey(home, ['connect', 'practice'], {
    tty: true,
    signal: interrupt.signal,
    whenSaid: how === 'a signal' ? [] : [[/Then paste/, '\u0003']],
  })
  expect(ran).toMatchObject({ code: 130, stdout: '' })
  expect(called('/cancel')).toHaveLength(1)
})
