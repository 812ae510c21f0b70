import { setImmediate } from 'node:timers/promises'
import { describe, expect, it, onTestFinished, vi } from 'vitest'
import { grantWorld } from './world.ts'

describe('the device authorization grant', () => {
  it('[F3] shows a code, polls, and has an account once the person has entered it elsewhere', async () => {
    const { start, settled, enterCode, viewOf, tokens, server, opened } = await grantWorld()
    const started = await start({ provider: 'test', grant: 'device_code' })
    expect(started).toMatchObject({
      state: 'waiting_for_person',
      device: { user_code: expect.stringMatching(/^\w{4}-\w{4}$/), verification_uri: `${server.issuer}/device` },
      redirect_uri: null,
    })
    expect(started.device?.verification_uri_complete).toContain(started.device?.user_code)
    expect(opened).toEqual([])
    await enterCode(started, { user: 'grace' })
    const flow = await settled(started.id)
    expect(flow).toMatchObject({ state: 'completed', device: null, authorization_url: null })
    expect(viewOf(flow)).toMatchObject({
      alias: 'test:grace',
      grant: 'device_code',
      identity: { subject: 'grace' },
      token: { has_refresh_token: true },
    })
    expect((await tokens.fresh(flow.account_id ?? '', { force: true })).refreshed).toBe(true)
  })

  it('[F3] polls no oftener than the provider allows, and slower after slow_down', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    onTestFinished(() => void vi.useRealTimers())
    const { start, connect, server } = await grantWorld()
    const started = await start({ provider: 'test', grant: 'device_code' })
    const polls = () => server.tokenRequests.length
    /** The pauses are the library's own; time goes by here, and whatever it starts is waited for. */
    const pass = async (seconds: number, expected: number) => {
      for (let second = 0; second < seconds; second++) await vi.advanceTimersByTimeAsync(1000)
      for (let turn = 0; turn < 200 && polls() < expected; turn++) await quietTurn()
      for (let turn = 0; turn < 20; turn++) await quietTurn()
      expect(polls()).toBe(expected)
    }
    server.next({ status: 400, body: { error: 'slow_down' } }, { reset: 'request' })
    await pass(1, 1)
    await pass(5, 1)
    await pass(1, 2)
    // The connection was cut: five seconds more (RFC 8628 3.5).
    await pass(10, 2)
    await pass(1, 3)
    await pass(11, 4)
    expect(connect.get(started.id)).toMatchObject({ state: 'waiting_for_person' })
    const said = connect.get(started.id).steps.map(({ text }) => text)
    expect(said).toContain('Test provider wants to be asked less often: asking again later')
    expect(said).toContain('Test provider could not be reached: asking again later')
  })

  it('[F3] ends when the person declines', async () => {
    const { start, settled, enterCode, vault } = await grantWorld()
    const started = await start({ provider: 'test', grant: 'device_code' })
    await enterCode(started, { user: 'ada', consents: false })
    expect(await settled(started.id)).toMatchObject({
      state: 'failed',
      failure: { code: 'access_denied', message: 'Access was declined at Test provider.' },
    })
    expect(vault.accounts.list()).toEqual([])
  })

  it.each(['access_denied', 'authorization_declined'])('[F3] ends at %s', async (error) => {
    const { connectBy, server } = await grantWorld()
    server.next({ status: 400, body: { error } })
    expect(await connectBy('device_code')).toMatchObject({ state: 'failed', failure: { code: 'access_denied' } })
  })

  it('[F3] ends when the code expires, whoever notices first', async () => {
    const { start, settled, server } = await grantWorld({ server: { deviceCodeLifetime: 1 } })
    for (const answer of [null, { status: 400, body: { error: 'expired_token' } }]) {
      const { id } = await start({ provider: 'test', grant: 'device_code' })
      server.always(answer)
      expect(await settled(id)).toMatchObject({
        state: 'failed',
        failure: { code: 'timed_out', message: expect.stringContaining('code expired') },
      })
    }
  })

  it('[F3] gives the person as much time as the provider does, not as a sign-in in a browser has', async () => {
    const { start, settled, enterCode } = await grantWorld({ limits: { signIn: 200, decision: 200 } })
    const started = await start({ provider: 'test', grant: 'device_code' })
    expect(Date.parse(started.expires_at) - Date.now()).toBeGreaterThan(590_000)
    await enterCode(started, { user: 'ada' })
    expect(await settled(started.id)).toMatchObject({ state: 'completed' })
  })

  it('[F3] can be cancelled at once, and polls no more', async () => {
    const { start, connect, server, clock } = await grantWorld()
    const started = await start({ provider: 'test', grant: 'device_code' })
    expect(await connect.cancel(started.id)).toMatchObject({ state: 'cancelled', device: null })
    const polls = server.tokenRequests.length
    const second = await start({ provider: 'test', grant: 'device_code' })
    clock.advance(700_000)
    expect(connect.get(second.id)).toMatchObject({ state: 'failed', failure: { code: 'timed_out' } })
    expect(server.tokenRequests).toHaveLength(polls)
  })

  it('a pasted address is refused in words: a device flow takes none', async () => {
    const { start, connect } = await grantWorld()
    const { id } = await start({ provider: 'test', grant: 'device_code' })
    await expect(connect.paste(id, 'http://127.0.0.1/callback/test?code=1')).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'flow' },
    })
  })

  it.each([
    ['javascript:alert(1)', 'is not https'],
    ['http://provider.example/device', 'is not https'],
  ])('never sends a person to %s', async (verification_uri, words) => {
    const { connectBy, server } = await grantWorld()
    server.answer('/device/auth', (_request, response) => {
      response.setHeader('content-type', 'application/json')
      response.end(JSON.stringify({ device_code: 'x', user_code: 'A', verification_uri, expires_in: 60 }))
    })
    expect(await connectBy('device_code')).toMatchObject({
      state: 'failed',
      failure: { code: 'invalid_answer', message: expect.stringContaining(words) },
    })
  })

  it('[F3] reads the address under the name that Google gives it', async () => {
    const { start, server } = await grantWorld()
    server.answer('/device/auth', (_request, response) => {
      response.setHeader('content-type', 'application/json')
      const verification_url = 'https://provider.example/device'
      response.end(JSON.stringify({ device_code: 'x', user_code: 'AB-CD', verification_url, expires_in: 60 }))
    })
    expect(await start({ provider: 'test', grant: 'device_code' })).toMatchObject({
      device: {
        user_code: 'AB-CD',
        verification_uri: 'https://provider.example/device',
        verification_uri_complete: null,
      },
      authorization_url: 'https://provider.example/device',
    })
  })
})

/** Lets sockets do their work, without any timer. */
async function quietTurn(): Promise<void> {
  await setImmediate()
  await new Promise<void>((resolve) => {
    const channel = new MessageChannel()
    channel.port1.onmessage = () => {
      channel.port1.close()
      resolve()
    }
    channel.port2.postMessage(null)
  })
}
