import { describe, expect, it } from 'vitest'
import { accountId, rejection, startBench } from './support.ts'

describe('a token that is asked for', () => {
  it('is handed out as it is while it is good', async () => {
    const { tokens, signedIn, server } = await startBench()
    expect(await tokens.fresh(accountId)).toEqual({ tokens: signedIn, refreshed: false })
    expect(server.refreshes()).toBe(0)
  })

  it('[A8] is refreshed first when it has expired', async () => {
    const { tokens, vault, clock, signedIn, server, emitted, noted } = await startBench()
    clock.advance(3601)
    const fresh = await tokens.fresh(accountId)
    expect(fresh.refreshed).toBe(true)
    expect(fresh.tokens.accessToken).not.toBe(signedIn.accessToken)
    expect(fresh.tokens).toEqual(vault.tokens.get(accountId))
    expect(server.refreshes()).toBe(1)
    expect(vault.accounts.get(accountId)?.lastRefreshAt).toBeGreaterThanOrEqual(fresh.tokens.obtainedAt)
    expect(emitted).toContainEqual({ type: 'account', account_id: accountId, state: 'active' })
    expect(noted.map((entry) => entry.kind)).toEqual(['refreshed'])
    expect((await tokens.fresh(accountId)).refreshed).toBe(false)
  })

  it('[A8] is refreshed a tenth of its life before its end', async () => {
    const { tokens, clock } = await startBench({ accessTokenLifetime: 3600 })
    clock.advance(3600 - 365)
    expect((await tokens.fresh(accountId)).refreshed).toBe(false)
    clock.advance(10)
    expect((await tokens.fresh(accountId)).refreshed).toBe(true)
  })

  it('[F7] is refreshed once however many ask for it', async () => {
    const { tokens, clock, server, signedIn, vault } = await startBench()
    clock.advance(4000)
    const answers = await Promise.all(Array.from({ length: 1000 }, () => tokens.fresh(accountId)))
    expect(server.refreshes()).toBe(1)
    const handedOut = new Set(answers.map((answer) => answer.tokens.accessToken))
    expect([...handedOut]).toEqual([vault.tokens.get(accountId)?.accessToken])
    expect(handedOut).not.toContain(signedIn.accessToken)
  })

  it('[F7] is refreshed once when all of them found it refused', async () => {
    const { tokens, server, signedIn } = await startBench()
    const ask = () => tokens.fresh(accountId, { rejected: signedIn.accessToken })
    const early = await Promise.all(Array.from({ length: 100 }, ask))
    const late = await Promise.all(Array.from({ length: 100 }, ask))
    expect(server.refreshes()).toBe(1)
    const [first] = early
    for (const { tokens: given } of [...early, ...late]) expect(given.accessToken).toBe(first?.tokens.accessToken)
  })

  it('[F9] lives at least as long as min_validity', async () => {
    const { tokens, clock, server } = await startBench({ accessTokenLifetime: 3600 })
    clock.advance(1800)
    expect((await tokens.fresh(accountId, { minValidity: 1700 })).refreshed).toBe(false)
    const { tokens: given, refreshed } = await tokens.fresh(accountId, { minValidity: 3000 })
    expect(refreshed).toBe(true)
    expect((given.expiresAt ?? 0) - clock.now()).toBeGreaterThanOrEqual(3_000_000)
    expect(server.refreshes()).toBe(1)
  })

  it('[F9] is refused, without a request each time, when no token lives that long', async () => {
    const { tokens, clock, server } = await startBench({ accessTokenLifetime: 3600 })
    const tooMuch = { code: 'invalid_request', details: { field: 'min_validity' } }
    expect(await rejection(tokens.fresh(accountId, { minValidity: 7200 }))).toMatchObject(tooMuch)
    expect(server.refreshes()).toBe(0)
    clock.advance(1000)
    expect(await rejection(tokens.fresh(accountId, { minValidity: 7200 }))).toMatchObject(tooMuch)
    expect(await rejection(tokens.fresh(accountId, { minValidity: 7200 }))).toMatchObject(tooMuch)
    expect(server.refreshes()).toBe(1)
    // The provider may have been set to issue longer ones meanwhile.
    server.setAccessTokenLifetime(10_000)
    clock.advance(1000)
    expect((await tokens.fresh(accountId, { minValidity: 7200 })).refreshed).toBe(true)
  })

  it('of unknown expiry is used until it is refused', async () => {
    const { tokens, clock, vault, signedIn, server } = await startBench()
    vault.tokens.put(accountId, { ...signedIn, expiresAt: null, expirySource: 'unknown' })
    clock.advance(365 * 86_400)
    expect((await tokens.fresh(accountId, { minValidity: 3600 })).refreshed).toBe(false)
    expect((await tokens.fresh(accountId, { rejected: signedIn.accessToken })).refreshed).toBe(true)
    expect(server.refreshes()).toBe(1)
  })

  it('keeps its refresh token when the provider sends no new one', async () => {
    const { tokens, vault, server, signedIn } = await startBench({ rotation: false })
    server.always({ edit: ({ refresh_token: _, ...answer }) => answer })
    await tokens.fresh(accountId, { force: true })
    await tokens.fresh(accountId, { force: true })
    expect(vault.tokens.get(accountId)?.refreshToken).toBe(signedIn.refreshToken)
    expect(server.refreshes()).toBe(2)
  })

  it('[F8] is committed with its rotated refresh token before anyone sees it', async () => {
    const { tokens, clock, restart, server } = await startBench()
    for (let round = 1; round <= 3; round++) {
      clock.advance(4000)
      const { tokens: given } = await tokens.fresh(accountId)
      // What another process finds in the file at this very moment.
      const other = await restart()
      expect(other.vault.tokens.get(accountId)).toEqual(given)
      other.vault.close()
    }
    // Reuse detection has found nothing: the grant lives.
    expect(server.refreshes()).toBe(3)
  })

  it('[E18] is refused with the way out when there is neither a valid token nor a refresh token', async () => {
    const { tokens, clock, vault, server } = await startBench({ refreshTokens: false })
    expect((await tokens.fresh(accountId)).refreshed).toBe(false)
    // Near its end it is better than nothing.
    clock.advance(3590)
    expect((await tokens.fresh(accountId)).refreshed).toBe(false)
    clock.advance(20)
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({
      code: 'reauth_required',
      details: {
        account: accountId,
        action: {
          text: 'Sign in again.',
          url: `latchkey://reconnect/${accountId}`,
          command: 'latchkey connect --account test:ada',
        },
      },
    })
    expect(server.refreshes()).toBe(0)
    expect(vault.accounts.get(accountId)?.trouble).toBeNull()
  })

  it('counts as over once the API has refused it and nothing can replace it', async () => {
    const { tokens, signedIn, vault, emitted } = await startBench({ refreshTokens: false })
    const refused = tokens.fresh(accountId, { rejected: signedIn.accessToken })
    expect(await rejection(refused)).toMatchObject({ code: 'reauth_required' })
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'reauth_required' })
    expect(vault.accounts.get(accountId)?.trouble).toMatchObject({ kind: 'reauth_required' })
    expect(emitted.at(-1)).toMatchObject({ state: 'reauth_required' })
  })

  it('is not there in a locked vault or for an account that does not exist', async () => {
    const { tokens, vault } = await startBench()
    expect(await rejection(tokens.fresh('acc_nobody'))).toMatchObject({ code: 'not_found' })
    vault.lock('Locked by hand.')
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'locked' })
  })
})

describe('what a tester does', () => {
  it('expire makes the next use refresh', async () => {
    const { tokens, vault, noted, emitted } = await startBench()
    tokens.expire(accountId)
    expect(vault.tokens.facts(accountId)?.expirySource).toBe('tester')
    expect(emitted.at(-1)).toMatchObject({ state: 'expired' })
    expect((await tokens.fresh(accountId)).refreshed).toBe(true)
    expect(noted.map((entry) => entry.kind)).toEqual(['expired', 'refreshed'])
  })

  it('[E13] reset forgets the tokens and nothing else', async () => {
    const { tokens, vault, noted, emitted } = await startBench()
    await tokens.reset(accountId)
    expect(vault.tokens.get(accountId)).toBeNull()
    expect(vault.accounts.get(accountId)?.alias).toBe('test:ada')
    expect(noted.at(-1)?.kind).toBe('reset')
    expect(emitted.at(-1)).toMatchObject({ state: 'reauth_required' })
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'reauth_required' })
    expect(() => tokens.expire(accountId)).toThrow(/sign in again/)
  })

  it('reset waits for the refresh under way', async () => {
    const { tokens, vault, server } = await startBench()
    const held = server.hold()
    const refreshing = tokens.fresh(accountId, { force: true })
    await held.arrived
    const resetting = tokens.reset(accountId)
    held.release()
    expect((await refreshing).refreshed).toBe(true)
    await resetting
    expect(vault.tokens.get(accountId)).toBeNull()
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
  })
})
