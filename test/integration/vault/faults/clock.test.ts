import { describe, expect, it } from 'vitest'
import { accountId, rejection, startBench } from '../../tokens/support.ts'

const year = 365 * 24 * 3600

describe.each([
  ['ahead', year],
  ['behind', -year],
])('[F8] a clock that is a year %s', (_name, jump) => {
  it('loses no grant: the vault opens, the token is renewed, and so it is when the clock is right again', async () => {
    const { clock, restart, vault } = await startBench()
    vault.close()
    clock.advance(jump)
    const wrong = await restart()
    expect(wrong.vault.status().state).toBe('unlocked')
    expect((await wrong.tokens.fresh(accountId, { force: true })).refreshed).toBe(true)
    wrong.vault.close()
    clock.advance(-jump)
    const right = await restart()
    expect((await right.tokens.fresh(accountId, { force: true })).refreshed).toBe(true)
    expect(right.vault.accounts.get(accountId)?.trouble).toBeNull()
  })

  it('does not make anybody wait for a year after a failure', async () => {
    const { clock, tokens, server } = await startBench()
    clock.advance(jump)
    server.next({ status: 503 })
    expect(await rejection(tokens.fresh(accountId, { force: true }))).toMatchObject({ code: 'provider_unreachable' })
    clock.advance(-jump + 4000)
    expect((await tokens.fresh(accountId)).refreshed).toBe(true)
  })

  it('keeps the backups that were made before and after', async () => {
    const { clock, vault } = await startBench()
    const before = vault.backups.make()
    clock.advance(jump)
    for (let n = 0; n < 12; n++) vault.backups.make()
    const wrong = vault.backups.make()
    clock.advance(-jump)
    const after = vault.backups.make()
    const names = vault.backups.list().map(({ name }) => name)
    expect(names).toContain(after.name)
    expect(names).toHaveLength(10)
    // The one made last with the wrong clock is not the one that goes when it looks the newest.
    if (jump > 0) expect(names).toContain(wrong.name)
    else expect(names).toContain(before.name)
  })
})
