import { describe, expect, it } from 'vitest'
import { LatchkeyError } from '../../../shared/errors.ts'
import { world } from './world.ts'

const minute = 60_000

describe('how a sign-in ends', () => {
  it('is cancelled at any time, and frees its port', async () => {
    const { start, connect, vault, activity } = await world()
    const flow = await start()
    const done = await connect.cancel(flow.id)
    expect(done).toMatchObject({ state: 'cancelled', failure: { code: 'cancelled' }, authorization_url: null })
    expect(done.ended_at).not.toBeNull()
    await expect(fetch(flow.redirect_uri ?? '')).rejects.toThrow()
    expect(await connect.cancel(flow.id)).toEqual(done)
    expect(vault.accounts.list()).toEqual([])
    expect(activity.list({ limit: 1 })[0]).toMatchObject({ kind: 'sign_in_failed', actor: 'page' })
  })

  it('keeps nothing of a grant that came after it was cancelled', async () => {
    const { start, connect, answerOf, server, vault } = await world()
    const flow = await start()
    const answer = await answerOf(flow)
    const held = server.hold()
    await fetch(answer)
    await held.arrived
    expect(connect.get(flow.id).state).toBe('exchanging')
    const cancelled = connect.cancel(flow.id)
    held.release()
    expect((await cancelled).state).toBe('cancelled')
    expect(vault.accounts.list()).toEqual([])
  })

  it('is cancelled while the provider is still being asked where to go', async () => {
    const { connect, server, start, seen } = await world()
    let asked: () => void = () => {}
    const reached = new Promise<void>((resolve) => {
      asked = resolve
    })
    server.answer('/.well-known/openid-configuration', () => asked())
    const starting = start()
    await reached
    const event = seen.find((it) => it.type === 'flow')
    if (event?.type !== 'flow') throw new Error('No flow was announced.')
    expect((await connect.cancel(event.flow_id)).failure?.code).toBe('cancelled')
    expect((await starting).state).toBe('cancelled')
  })

  it('times out after five minutes without an answer', async () => {
    const { start, settled, vault } = await world({ limits: { signIn: 30, decision: 30 } })
    const done = await settled((await start()).id)
    expect(done).toMatchObject({ state: 'failed', failure: { code: 'timed_out' } })
    expect(vault.accounts.list()).toEqual([])
  })

  it('has five minutes by the wall clock, also on a machine that slept meanwhile', async () => {
    const { start, connect, answerOf, clock, server } = await world()
    const flow = await start()
    expect(Date.parse(flow.expires_at) - Date.parse(flow.started_at)).toBe(5 * minute)
    const answer = await answerOf(flow)
    clock.advance(5 * minute)
    expect((await fetch(answer)).status).toBe(400)
    expect(connect.get(flow.id).failure?.code).toBe('timed_out')
    expect(server.tokenRequests).toEqual([])
    await expect(connect.paste(flow.id, answer.href)).rejects.toMatchObject({ code: 'invalid_request' })
  })

  it('says that the person declined', async () => {
    const { start, signIn, vault } = await world()
    const done = await signIn(await start(), { consents: false })
    expect(done).toMatchObject({ state: 'failed', failure: { code: 'access_denied' } })
    expect(vault.accounts.list()).toEqual([])
  })

  it('says that the provider is down before anybody is sent there', async () => {
    const { start, server, opened } = await world()
    await server.close()
    const flow = await start()
    expect(flow).toMatchObject({ state: 'failed', failure: { code: 'provider_unreachable' }, authorization_url: null })
    expect(flow.failure?.remedy).toBeTruthy()
    expect(opened).toEqual([])
  })

  it('says that the provider went down in between', async () => {
    const { start, answerOf, server, settled } = await world()
    const flow = await start()
    const answer = await answerOf(flow)
    await server.close()
    await fetch(answer)
    expect((await settled(flow.id)).failure?.code).toBe('provider_unreachable')
  })

  it('says that the registration is wrong', async () => {
    const { start, signIn, server } = await world({ server: { clientAuthentication: 'client_secret_basic' } })
    server.next({ status: 401, body: { error: 'invalid_client' } })
    expect((await signIn(await start())).failure?.code).toBe('invalid_client')
  })

  it('ignores an answer with a wrong state, says so, and takes the right one', async () => {
    const { start, connect, signIn, server } = await world()
    const flow = await start()
    for (const query of ['code=forged&state=forged', 'code=forged', 'error=access_denied&state=']) {
      expect((await fetch(`${flow.redirect_uri}?${query}`)).status).toBe(400)
    }
    const waiting = connect.get(flow.id)
    expect(waiting.state).toBe('waiting_for_person')
    expect(waiting.steps.filter(({ ok, source }) => !ok && source === 'RFC 6749 10.12').length).toBe(3)
    expect(server.tokenRequests).toEqual([])
    expect((await signIn(flow)).state).toBe('completed')
  })

  it('counts an answer once', async () => {
    const { start, answerOf, server, settled, vault } = await world()
    const flow = await start()
    const answer = await answerOf(flow)
    const held = server.hold()
    expect((await fetch(answer)).status).toBe(200)
    await held.arrived
    expect((await fetch(answer)).status).toBe(410)
    held.release()
    expect((await settled(flow.id)).state).toBe('completed')
    expect(server.tokenRequests).toEqual(['authorization_code'])
    expect(vault.accounts.list().length).toBe(1)
  })

  it('refuses an answer with a parameter twice, and names that', async () => {
    const { start, answerOf, settled, server } = await world()
    const flow = await start()
    const answer = await answerOf(flow)
    await fetch(`${answer.href}&code=another`)
    expect((await settled(flow.id)).failure?.code).toBe('duplicate_parameter')
    expect(server.tokenRequests).toEqual([])
  })

  it('refuses an answer of another issuer, and names that', async () => {
    const { start, answerOf, settled, server } = await world()
    const flow = await start()
    const answer = await answerOf(flow)
    answer.searchParams.set('iss', 'https://other.example')
    await fetch(answer)
    expect((await settled(flow.id)).failure?.code).toBe('issuer_mismatch')
    expect(server.tokenRequests).toEqual([])
  })

  it.each([
    ['no address', () => 'not an address'],
    ['another path', (answer: URL) => answer.href.replace('/callback/test', '/callback/other')],
    ['another host', (answer: URL) => answer.href.replace('127.0.0.1', 'localhost')],
    ['no answer in it', (answer: URL) => answer.href.split('?')[0] ?? ''],
    ['another state', (answer: URL) => answer.href.replace(/state=[^&]+/, 'state=forged')],
  ])('goes on waiting after a pasted text with %s', async (_name, tamper) => {
    const { start, connect, answerOf } = await world()
    const flow = await start({ provider: 'test', via: 'paste' })
    const answer = await answerOf(flow)
    const error = await connect.paste(flow.id, tamper(answer)).catch((thrown) => thrown)
    expect(error).toBeInstanceOf(LatchkeyError)
    expect(error).toMatchObject({ code: 'invalid_request', details: { field: 'url' } })
    expect(error.message).not.toContain(answer.searchParams.get('code'))
    expect(connect.get(flow.id).state).toBe('waiting_for_person')
    expect((await connect.paste(flow.id, answer.href)).state).toBe('completed')
  })

  it('fails as locked when the vault is locked before the account is written', async () => {
    const { start, answerOf, server, settled, vault } = await world()
    const flow = await start()
    const held = server.hold('answer')
    await fetch(await answerOf(flow))
    await held.arrived
    vault.lock('for the test')
    held.release()
    expect(await settled(flow.id)).toMatchObject({ state: 'failed', failure: { code: 'locked' } })
  })

  it('ends every sign-in under way when Latchkey is locked or closed', async () => {
    const { start, connect } = await world()
    const flows = [await start(), await start()]
    await connect.cancelAll()
    for (const { id, redirect_uri } of flows) {
      expect(connect.get(id)).toMatchObject({ state: 'failed', failure: { code: 'locked' } })
      await expect(fetch(redirect_uri ?? '')).rejects.toThrow()
    }
  })

  it('does not begin while the vault is locked', async () => {
    const { start, vault } = await world()
    vault.lock('for the test')
    await expect(start()).rejects.toMatchObject({ code: 'locked' })
  })

  it('names a fixed port that another sign-in holds', async () => {
    const { createServer } = await import('node:net')
    const holder = createServer()
    await new Promise<void>((listening) => holder.listen(0, '127.0.0.1', listening))
    const { port } = holder.address() as { port: number }
    const { start, connect } = await world({ definition: { redirect: { host: '127.0.0.1', port } } })
    await expect(start()).rejects.toThrow(`Port ${port}`)
    await new Promise((closed) => holder.close(closed))
    const flow = await start()
    await expect(start()).rejects.toThrow(`Port ${port}`)
    await connect.cancel(flow.id)
    expect((await start()).state).toBe('waiting_for_person')
  })
})
