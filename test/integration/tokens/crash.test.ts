import { describe, expect, it } from 'vitest'
import { accountId, rejection, startBench } from './support.ts'

describe('Latchkey ends during a refresh', () => {
  it('[F8] before the provider saw it: the account works on after the restart', async () => {
    const { tokens, vault, server, restart, clock } = await startBench()
    const held = server.hold('request')
    const cut = tokens.fresh(accountId, { force: true })
    cut.catch(() => undefined)
    await held.arrived
    vault.close()
    const next = await restart()
    next.tokens.recover()
    expect(next.noted.at(-1)).toMatchObject({ kind: 'refresh_failed', detail: { code: 'interrupted' } })
    // Never answered, so the old refresh token is as good as before.
    server.next({ status: 503 })
    clock.advance(4000)
    expect(await rejection(next.tokens.fresh(accountId))).toMatchObject({ code: 'provider_unreachable' })
    clock.advance(10)
    expect((await next.tokens.fresh(accountId)).refreshed).toBe(true)
    expect(next.vault.tokens.interruptedRefreshes()).toEqual([])
    held.release()
    await cut.catch(() => undefined)
  })

  it('[F8] after the provider rotated: tried once more, and the loss is named', async () => {
    const { tokens, vault, server, restart, clock, signedIn } = await startBench()
    const held = server.hold('answer')
    const cut = tokens.fresh(accountId, { force: true })
    cut.catch(() => undefined)
    await held.arrived
    const startedAt = new Date(clock.now()).toISOString()
    vault.close()
    clock.advance(4000)

    const next = await restart()
    next.tokens.recover()
    expect(next.vault.tokens.get(accountId)?.refreshToken).toBe(signedIn.refreshToken)
    expect(next.vault.accounts.get(accountId)?.trouble).toBeNull()
    const error = await rejection(next.tokens.fresh(accountId))
    expect(error).toMatchObject({ code: 'reauth_required', message: expect.stringContaining('was lost') })
    expect((error as Error).message).toContain(startedAt.slice(0, 10))
    expect(next.vault.accounts.get(accountId)?.trouble?.reason).toContain('was lost')
    expect(next.vault.tokens.interruptedRefreshes()).toEqual([])
    held.release()
    await cut.catch(() => undefined)
  })

  it('[F8] an invalid_grant without a loss does not speak of one', async () => {
    const { tokens, server } = await startBench()
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    expect((await rejection(tokens.fresh(accountId, { force: true }))) as Error).toMatchObject({
      message: expect.not.stringContaining('lost'),
    })
  })

  it('[F8] an answer lost on the way is named too, also after a restart', async () => {
    const { tokens, vault, server, restart, clock } = await startBench()
    server.next({ reset: 'answer' })
    expect(await rejection(tokens.fresh(accountId, { force: true }))).toMatchObject({ code: 'provider_unreachable' })
    expect(vault.tokens.interruptedRefreshes()).toMatchObject([{ accountId }])
    vault.close()
    clock.advance(4000)
    const next = await restart()
    next.tokens.recover()
    const error = await rejection(next.tokens.fresh(accountId))
    expect(error).toMatchObject({ code: 'reauth_required', message: expect.stringContaining('was lost') })
  })

  it('[F8] a sign-in ends all talk of a loss', async () => {
    const { tokens, server, connect, clock } = await startBench()
    server.next({ reset: 'answer' })
    await rejection(tokens.fresh(accountId, { force: true }))
    await connect()
    clock.advance(4000)
    server.next({ status: 400, body: { error: 'invalid_grant' } })
    const error = await rejection(tokens.fresh(accountId))
    expect(error).toMatchObject({ code: 'reauth_required', message: expect.not.stringContaining('lost') })
  })
})

describe('the vault is locked during a refresh', () => {
  it('[F8] the rotated refresh token waits in memory and is stored on unlock', async () => {
    const { tokens, vault, server, unlock, signedIn, clock } = await startBench()
    const held = server.hold('answer')
    const waiting = rejection(tokens.fresh(accountId, { force: true }))
    await held.arrived
    vault.lock('Locked by hand.')
    held.release()
    expect(await waiting).toMatchObject({ code: 'locked' })
    await unlock()
    tokens.recover()
    expect(vault.tokens.get(accountId)?.refreshToken).not.toBe(signedIn.refreshToken)
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
    // The grant lives: another refresh with what was kept works.
    clock.advance(4000)
    expect((await tokens.fresh(accountId)).refreshed).toBe(true)
  })

  it('a failure of the provider leaves no marker behind', async () => {
    const { tokens, vault, server, unlock, signedIn } = await startBench()
    server.answer('/token', (_, response) => {
      vault.lock('Locked by hand.')
      response.writeHead(503).end()
    })
    expect(await rejection(tokens.fresh(accountId, { force: true }))).toMatchObject({ code: 'locked' })
    await unlock()
    tokens.recover()
    expect(vault.tokens.interruptedRefreshes()).toEqual([])
    expect(vault.tokens.get(accountId)).toEqual(signedIn)
  })
})

describe('the account changes during a refresh', () => {
  it('a new sign-in wins over the answer that was on its way', async () => {
    const { tokens, vault, server, connect } = await startBench()
    const held = server.hold('answer')
    const waiting = tokens.fresh(accountId, { force: true })
    await held.arrived
    const renewed = await connect()
    held.release()
    expect((await waiting).tokens).toEqual(renewed)
    expect(vault.tokens.get(accountId)).toEqual(renewed)
  })

  it('a new sign-in wins over an invalid_grant for the old one', async () => {
    const { tokens, vault, server, connect, signedIn } = await startBench()
    const held = server.hold('request')
    const waiting = tokens.fresh(accountId, { force: true })
    await held.arrived
    const renewed = await connect()
    // The provider ends the old grant while its refresh waits at the door.
    await fetch(`${server.issuer}/token/revocation`, {
      method: 'POST',
      body: new URLSearchParams({ token: signedIn.refreshToken ?? '', client_id: server.clientId }),
    })
    held.release()
    expect((await waiting).tokens).toEqual(renewed)
    expect(vault.accounts.get(accountId)?.trouble).toBeNull()
  })

  it('a grant whose account was removed is ended at the provider', async () => {
    const { tokens, vault, server } = await startBench({ rotation: false })
    const held = server.hold('answer')
    const waiting = rejection(tokens.fresh(accountId, { force: true }))
    await held.arrived
    const refreshToken = vault.tokens.get(accountId)?.refreshToken ?? ''
    vault.accounts.remove(accountId)
    held.release()
    expect(await waiting).toMatchObject({ code: 'not_found' })
    await expect.poll(() => isActive(server.issuer, server.clientId, refreshToken)).toBe(false)
  })
})

/** What the provider's introspection says (RFC 7662). */
async function isActive(issuer: string, clientId: string, token: string): Promise<boolean> {
  const response = await fetch(`${issuer}/token/introspection`, {
    method: 'POST',
    body: new URLSearchParams({ token, client_id: clientId }),
  })
  const answer: unknown = await response.json()
  return typeof answer === 'object' && answer !== null && 'active' in answer && answer.active === true
}
