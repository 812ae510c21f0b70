import { describe, expect, it } from 'vitest'
import { accountId, rejection, startBench } from './support.ts'

const expired = 4000

describe('a refresh that fails for now', () => {
  it.each([
    ['503', { status: 503 }],
    ['429', { status: 429 }],
    ['a page of a captive portal', { status: 200, headers: { 'content-type': 'text/html' }, body: '<p>Welcome' }],
    ['a closed connection', { reset: 'request' as const }],
  ])('[F8] with %s keeps the grant and works again later', async (_, injection) => {
    const { tokens, vault, clock, server, signedIn, emitted, noted } = await startBench()
    clock.advance(expired)
    server.next(injection)
    const error = await rejection(tokens.fresh(accountId))
    expect(error).toMatchObject({ code: 'provider_unreachable', details: { account: accountId } })
    expect(vault.tokens.get(accountId)?.refreshToken).toBe(signedIn.refreshToken)
    expect(vault.accounts.get(accountId)?.trouble).toMatchObject({ kind: 'unreachable', failures: 1 })
    expect(emitted.at(-1)).toMatchObject({ state: 'unreachable' })
    expect(noted.at(-1)?.kind).toBe('refresh_failed')

    clock.advance(7)
    expect((await tokens.fresh(accountId)).refreshed).toBe(true)
    expect(vault.accounts.get(accountId)?.trouble).toBeNull()
    expect(emitted.at(-1)).toMatchObject({ state: 'active' })
  })

  it('[F8] is not tried again before its time, unless somebody insists', async () => {
    const { tokens, clock, server } = await startBench()
    clock.advance(expired)
    server.next({ status: 503, headers: { 'retry-after': '120' } })
    await rejection(tokens.fresh(accountId))
    for (let i = 0; i < 50; i++) {
      const error = await rejection(tokens.fresh(accountId))
      expect(error).toMatchObject({ code: 'provider_unreachable', details: { retry_after: 120 } })
    }
    expect(server.refreshes()).toBe(1)
    clock.advance(110)
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ details: { retry_after: 10 } })
    expect((await tokens.fresh(accountId, { force: true })).refreshed).toBe(true)
    expect(server.refreshes()).toBe(2)
  })

  it('[F8] waits longer each time it fails, and starts small again after a success', async () => {
    const { tokens, clock, server, vault } = await startBench()
    clock.advance(expired)
    server.always({ status: 500 })
    const waits: number[] = []
    for (let i = 0; i < 12; i++) {
      await rejection(tokens.fresh(accountId))
      const wait = (vault.accounts.get(accountId)?.trouble?.retryAt ?? 0) - clock.now()
      waits.push(wait)
      clock.advance(wait / 1000 + 0.01)
    }
    expect(server.refreshes()).toBe(12)
    expect(waits[0]).toBeLessThan(6100)
    expect(waits[4]).toBeGreaterThan(60_000)
    expect(Math.max(...waits)).toBeLessThanOrEqual(900_000)
    const since = vault.accounts.get(accountId)?.trouble?.since
    expect(since).toBeLessThan(clock.now() - 900_000)
    server.always(null)
    await tokens.fresh(accountId)
    server.always({ status: 500 })
    clock.advance(expired)
    await rejection(tokens.fresh(accountId))
    expect(vault.accounts.get(accountId)?.trouble?.failures).toBe(1)
  })

  it('[E18] does not matter while the access token is still good', async () => {
    const { tokens, clock, server, signedIn } = await startBench()
    clock.advance(3500)
    server.next({ status: 503 })
    expect(await tokens.fresh(accountId)).toEqual({ tokens: signedIn, refreshed: false })
    // In the back-off the provider is left alone.
    expect(await tokens.fresh(accountId)).toEqual({ tokens: signedIn, refreshed: false })
    expect(server.refreshes()).toBe(1)
    // But nothing less than what was asked for is handed out.
    const longer = tokens.fresh(accountId, { minValidity: 600 })
    expect(await rejection(longer)).toMatchObject({ code: 'provider_unreachable' })
  })

  it('fails for all who wait for it, with one request', async () => {
    const { tokens, clock, server } = await startBench()
    clock.advance(expired)
    server.always({ status: 503 })
    const errors = await Promise.all(Array.from({ length: 200 }, () => rejection(tokens.fresh(accountId))))
    expect(errors.every((error) => (error as { code?: string }).code === 'provider_unreachable')).toBe(true)
    expect(server.refreshes()).toBe(1)
  })

  it('ends by itself when the provider is silent', async () => {
    const { tokens, clock, server, vault } = await startBench({ timeoutMs: 300 })
    clock.advance(expired)
    const held = server.hold()
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'provider_unreachable' })
    expect(vault.accounts.get(accountId)?.trouble?.reason).toContain('too long')
    held.release()
  })
})

describe('a refresh that the provider refuses', () => {
  it('[F8] because of the registration keeps the grant and says where to look', async () => {
    const { tokens, clock, server, vault, signedIn } = await startBench()
    clock.advance(expired)
    server.next({ status: 401, body: { error: 'invalid_client' } })
    const error = await rejection(tokens.fresh(accountId))
    expect(error).toMatchObject({ code: 'provider_error', message: expect.stringContaining('invalid_client') })
    expect(vault.tokens.get(accountId)?.refreshToken).toBe(signedIn.refreshToken)
    expect(vault.accounts.get(accountId)?.trouble?.kind).toBe('unreachable')
    expect((await tokens.fresh(accountId, { force: true })).refreshed).toBe(true)
  })

  it('[F8] with invalid_grant needs the person, and the provider is not asked again', async () => {
    const { tokens, clock, server, vault, emitted, noted, connect } = await startBench()
    clock.advance(expired)
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({
      code: 'reauth_required',
      message: expect.stringContaining('invalid_grant'),
      details: { account: accountId, action: { url: `latchkey://reconnect/${accountId}` } },
    })
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'reauth_required' })
    expect(server.refreshes()).toBe(1)
    expect(emitted.at(-1)).toMatchObject({ state: 'reauth_required' })
    expect(noted.at(-1)).toMatchObject({ kind: 'refresh_failed', detail: { code: 'invalid_grant' } })
    expect(vault.tokens.get(accountId)).not.toBeNull()
    expect(vault.tokens.interruptedRefreshes()).toEqual([])

    await connect()
    expect((await tokens.fresh(accountId)).tokens.accessToken).toBe(vault.tokens.get(accountId)?.accessToken)
  })

  it('[E18] leaves a token that is still good to those who need no more than that', async () => {
    const { tokens, clock, server, signedIn } = await startBench()
    clock.advance(3500)
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    expect(await tokens.fresh(accountId)).toEqual({ tokens: signedIn, refreshed: false })
    expect((await tokens.fresh(accountId)).tokens).toEqual(signedIn)
    expect(server.refreshes()).toBe(1)
    clock.advance(200)
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'reauth_required' })
    expect(server.refreshes()).toBe(1)
  })

  it('does not hand out again what the API has refused', async () => {
    const { tokens, server, signedIn } = await startBench()
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    const refused = tokens.fresh(accountId, { rejected: signedIn.accessToken })
    expect(await rejection(refused)).toMatchObject({ code: 'reauth_required' })
    expect(await rejection(tokens.fresh(accountId))).toMatchObject({ code: 'reauth_required' })
  })
})
