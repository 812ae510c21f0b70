import { describe, expect, it } from 'vitest'
import { SignInClosed, type SignInWindows } from '../../../electron/redirects/ports.ts'
import { accountSchema, flowSchema } from '../../../shared/models.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { world } from './world.ts'

/** A window in which the person signs in as `user`. It reports the answer without requesting it, as the real one does. */
function windowOf(user: string): SignInWindows & { titles: string[] } {
  const titles: string[] = []
  return {
    titles,
    open({ authorizationUrl, redirectUri, title }) {
      titles.push(title)
      return signInAsPerson(authorizationUrl, redirectUri, { user })
    },
  }
}

describe('the three ways to sign in', () => {
  it('[A4] [F1] connects through the system browser and the loopback redirect', async () => {
    const { start, signIn, opened, accounts, vault, seen } = await world()
    const flow = flowSchema.parse(await start())
    expect(flow).toMatchObject({ state: 'waiting_for_person', via: 'browser', provider_id: 'test', account_id: null })
    expect(flow.redirect_uri).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/callback\/test$/)
    expect(opened).toEqual([flow.authorization_url])
    const url = new URL(flow.authorization_url ?? '')
    expect(url.searchParams.get('code_challenge_method')).toBe('S256')
    expect(url.searchParams.get('state')?.length).toBeGreaterThanOrEqual(22)

    const done = flowSchema.parse(await signIn(flow, { user: 'ada' }))
    expect(done).toMatchObject({ state: 'completed', authorization_url: null, failure: null })
    const account = accountSchema.parse(accounts.view(accounts.resolve('test:ada')))
    expect(account).toMatchObject({ id: done.account_id, alias: 'test:ada', identity: { email: 'ada@example.com' } })
    expect(account.token).toMatchObject({ has_refresh_token: true, has_id_token: true })
    expect(vault.tokens.get(account.id)?.accessToken).toBeTruthy()
    expect(seen).toContainEqual({ type: 'flow', flow_id: flow.id, state: 'completed' })
    expect(seen).toContainEqual({ type: 'account', account_id: account.id, state: account.status.state })
  })

  it('[F13] connects by a pasted address, with nothing opened', async () => {
    const { start, answerOf, connect, opened } = await world()
    const flow = await start({ provider: 'test', via: 'paste' })
    expect([flow.state, opened]).toEqual(['waiting_for_person', []])
    const answer = await answerOf(flow, { user: 'ada' })
    const done = await connect.paste(flow.id, ` ${answer.href}\n`)
    expect(done).toMatchObject({ state: 'completed', via: 'paste' })
  })

  it('takes an answer that arrives by itself while an address was to be pasted', async () => {
    const { start, signIn } = await world()
    const flow = await start({ provider: 'test', via: 'paste' })
    expect((await signIn(flow)).state).toBe('completed')
  })

  it('takes a pasted address while the browser was to bring it', async () => {
    const { start, answerOf, connect } = await world()
    const flow = await start()
    expect((await connect.paste(flow.id, (await answerOf(flow)).href)).state).toBe('completed')
  })

  it('connects through a window of its own', async () => {
    const windows = windowOf('grace')
    const { start, settled, opened, accounts } = await world({
      windows,
      definition: { sign_in: { via: 'window' } },
    })
    const flow = await start()
    const done = await settled(flow.id)
    expect(done).toMatchObject({ state: 'completed', via: 'window' })
    expect(accounts.resolve('test:grace').id).toBe(done.account_id)
    expect([windows.titles, opened]).toEqual([['Sign in to Test provider'], []])
  })

  it('uses the browser where there is no window, and says so', async () => {
    const { start, opened } = await world({ definition: { sign_in: { via: 'window' } } })
    const flow = await start()
    expect([flow.via, opened.length]).toEqual(['browser', 1])
    expect(flow.steps[0]?.text).toContain('no window')
  })

  it('ends at once as cancelled when the window is closed', async () => {
    const windows: SignInWindows = { open: () => Promise.reject(new SignInClosed()) }
    const { start, settled } = await world({ windows, definition: { sign_in: { via: 'window' } } })
    const done = await settled((await start()).id)
    expect(done).toMatchObject({ state: 'cancelled', failure: { code: 'window_closed' } })
    await expect(fetch(done.redirect_uri ?? '')).rejects.toThrow()
  })

  it.each([
    ['another address', (url: URL) => new URL(url.href.replace('/callback/test', '/callback/other')), 'invalid_answer'],
    ['another state', (url: URL) => withState(url, 'forged'), 'state_mismatch'],
  ])('uses nothing that a window brings from %s', async (_name, tamper, code) => {
    const windows: SignInWindows = {
      open: async ({ authorizationUrl, redirectUri }) => tamper(await signInAsPerson(authorizationUrl, redirectUri)),
    }
    const { start, settled, server, vault } = await world({ windows, definition: { sign_in: { via: 'window' } } })
    const done = await settled((await start()).id)
    expect(done).toMatchObject({ state: 'failed', failure: { code } })
    expect([server.tokenRequests, vault.accounts.list()]).toEqual([[], []])
  })

  it('closes the window when the answer came another way', async () => {
    let closed = false
    const windows: SignInWindows = {
      open: ({ signal }) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            closed = true
            reject(signal.reason)
          })
        }),
    }
    const { start, answerOf, connect } = await world({ windows, definition: { sign_in: { via: 'window' } } })
    const flow = await start()
    expect((await connect.paste(flow.id, (await answerOf(flow)).href)).state).toBe('completed')
    expect(closed).toBe(true)
  })

  it('goes on waiting when the browser does not open, and says what to do', async () => {
    const { start, flowWhen, signIn } = await world({ openBrowser: () => Promise.reject(new Error('no browser')) })
    const flow = await start()
    const told = await flowWhen(flow.id, ({ steps }) => steps.some(({ ok }) => !ok))
    expect(told.state).toBe('waiting_for_person')
    expect(told.steps.at(-1)?.text).toContain('open the link by hand')
    expect((await signIn(flow)).state).toBe('completed')
  })

  it('opens the browser again when asked', async () => {
    const { start, connect, opened, signIn } = await world()
    const flow = await start()
    expect((await connect.open(flow.id)).state).toBe('waiting_for_person')
    expect(opened).toEqual([flow.authorization_url, flow.authorization_url])
    await signIn(flow)
    await expect(connect.open(flow.id)).rejects.toMatchObject({ code: 'invalid_request', details: { field: 'flow' } })
  })

  it('[G6] tells every step with the RFC it follows, and no secret', async () => {
    const { start, answerOf, vault, connect } = await world()
    const flow = await start({ provider: 'test', via: 'paste' })
    const answer = await answerOf(flow)
    const done = await connect.paste(flow.id, answer.href)
    const trace = JSON.stringify(done.steps)
    for (const source of ['RFC 8252', 'RFC 7636', 'RFC 6749 4.1.2', 'RFC 6749 4.1.4', 'OpenID Connect Core']) {
      expect(trace).toContain(source)
    }
    const tokens = vault.tokens.get(done.account_id ?? '')
    const secrets = [
      answer.searchParams.get('code'),
      answer.searchParams.get('state'),
      tokens?.accessToken,
      tokens?.refreshToken,
      tokens?.idToken,
    ]
    for (const secret of secrets) {
      expect(secret).toBeTruthy()
      expect(JSON.stringify(done)).not.toContain(secret)
    }
  })
})

function withState(url: URL, state: string): URL {
  const changed = new URL(url)
  changed.searchParams.set('state', state)
  return changed
}
