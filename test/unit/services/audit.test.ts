import { afterEach, describe, expect, it, vi } from 'vitest'
import { createVaultService } from '../../../electron/services/vault.ts'
import { cheap, cheapGuard } from '../vault/support.ts'
import { app, audited } from './audit-support.ts'

afterEach(() => void vi.useRealTimers())

const lines = (pieces: Iterable<string>) => [...pieces].join('').split('\n').filter(Boolean)

describe('[F14] a use', () => {
  it('is an entry of the activity with who, what, where and how it went', async () => {
    const { audit, use, token, list } = await audited()
    use({
      caller: app('app_1', 'Mail'),
      method: 'POST',
      status: 404,
      bytesSent: 5,
      bytesReceived: 7,
      url: new URL('https://API.github.com/repos/a/b?x=1#part'),
    })
    use({ error: 'timeout', status: undefined, refreshed: true })
    token()
    audit.flush()
    expect(list()).toMatchObject([
      { kind: 'token', right: 'token', actor: 'cli', app_id: null, detail: { duration_ms: 1, refreshed: true } },
      { kind: 'request', detail: { error: 'timeout', refreshed: true } },
      {
        kind: 'request',
        right: 'request',
        account_id: 'acc_1',
        provider_id: 'github',
        actor: 'app',
        app_id: 'app_1',
        app_name: 'Mail',
        summary: 'POST api.github.com/repos/a/b: 200 OK',
        detail: {
          method: 'POST',
          host: 'api.github.com',
          path: '/repos/a/b',
          status: 404,
          bytes_sent: 5,
          bytes_received: 7,
          duration_ms: 12,
          refreshed: false,
        },
      },
    ])
    expect(list()[0]?.detail).not.toHaveProperty('status')
    expect(list()[1]?.detail).not.toHaveProperty('status')
  })

  it('is written with the others of a moment, and announced once', async () => {
    vi.useFakeTimers()
    const { use, list, heard } = await audited()
    for (let n = 0; n < 20; n++) use()
    expect(list()).toHaveLength(0)
    vi.advanceTimersByTime(49)
    expect(list()).toHaveLength(0)
    vi.advanceTimersByTime(1)
    expect(list()).toHaveLength(20)
    expect(heard).toEqual([list()[0]?.id])
    vi.advanceTimersByTime(1000)
    expect(heard).toHaveLength(1)
  })

  it('does not wait when there are 500', async () => {
    vi.useFakeTimers()
    const { use, list } = await audited()
    for (let n = 0; n < 501; n++) use()
    expect(list(1000)).toHaveLength(500)
    vi.advanceTimersByTime(50)
    expect(list(1000)).toHaveLength(501)
  })

  it('of a right that is noted elsewhere adds nothing', async () => {
    const { audit, use, list } = await audited()
    for (const right of ['see', 'manage', 'connect'] as const) use({ right })
    audit.flush()
    expect(list()).toEqual([])
  })
})

describe('[F14] nothing is lost', () => {
  it('when the vault is locked: what came before is written first', async () => {
    const { vault, audit, activity, events, use, list, heard } = await audited()
    const service = createVaultService({
      vault,
      automaticGuard: null,
      events,
      activity,
      // A request that ends while the vault is being locked.
      onLock: async () => use(),
      beforeLock: () => audit.flush(),
      onUnlock: () => undefined,
      scryptCost: cheap,
    })
    use()
    await service.lock('test')
    use()
    await service.unlock('correct horse')
    audit.flush()
    expect(list().map(({ kind }) => kind)).toEqual(['vault', 'vault', 'request', 'request'])
    expect(heard.length).toBeGreaterThan(0)
  })

  it('when Latchkey ends', async () => {
    const { audit, use, list, complaints } = await audited()
    use()
    audit.close()
    expect(list()).toHaveLength(1)
    expect(complaints).toEqual([])
  })

  it('when it cannot be written: the next time has it, and the request does not fail', async () => {
    const { vault, audit, use, list, complaints } = await audited()
    const { addAll } = vault.activity
    Object.assign(vault.activity, {
      addAll: () => {
        throw new Error('disk full')
      },
    })
    use()
    audit.flush()
    expect(complaints).toEqual(['The activity could not be written.'])
    Object.assign(vault.activity, { addAll })
    use()
    audit.flush()
    expect(list()).toHaveLength(2)
    expect(vault.activity.usage('acc_1', 0)).toMatchObject([{ count: 2 }])
  })

  it('when the account has just been removed: the entries stay, the sums went with it', async () => {
    const { vault, audit, use, list, complaints } = await audited()
    use()
    vault.accounts.remove('acc_1')
    audit.flush()
    expect(list()).toHaveLength(1)
    expect(complaints).toEqual([])
  })
})

describe('[F14] limits', () => {
  it('are 90 days and 20,000 entries until the person chooses others, and hold at once', async () => {
    const { vault, clock, audit, use } = await audited()
    expect(audit.limits()).toEqual({ max_days: 90, max_entries: 20_000 })
    for (let n = 0; n < 1100; n++) use()
    expect(audit.limit({ max_days: 2, max_entries: 1000 })).toEqual({ max_days: 2, max_entries: 1000 })
    expect(audit.limits()).toEqual({ max_days: 2, max_entries: 1000 })
    expect(vault.activity.list({ limit: 5000 })).toHaveLength(1000)
    expect(vault.activity.usage('acc_1', 0)).toMatchObject([{ count: 1100 }])
    clock.advance(3 * 86_400_000)
    use()
    audit.limit({ max_days: 2, max_entries: 1000 })
    expect(vault.activity.list({ limit: 5000 })).toHaveLength(1)
  })

  it('are kept to while a program is busy, and it pushes nothing else out', async () => {
    const { vault, activity, audit, use } = await audited()
    audit.limit({ max_days: 90, max_entries: 1000 })
    activity.add({ kind: 'connected', account_id: 'acc_1', provider_id: null, actor: 'cli', summary: 'x', detail: {} })
    for (let n = 0; n < 5000; n++) use()
    audit.flush()
    const all = vault.activity.list({ limit: 9000 })
    expect(all.length).toBeGreaterThan(1000)
    expect(all.length).toBeLessThanOrEqual(2001)
    expect(all.at(-1)?.kind).toBe('connected')
  })

  it('hold for what is too old when the vault is unlocked; sums are kept for 90 days', async () => {
    const { vault, clock, events, audit, use, list } = await audited()
    use()
    audit.flush()
    clock.advance(89 * 86_400_000)
    events.emit({ type: 'vault', state: 'unlocked' })
    expect(list()).toHaveLength(1)
    expect(vault.activity.usage('acc_1', 0)).toHaveLength(1)
    clock.advance(2 * 86_400_000)
    events.emit({ type: 'vault', state: 'unlocked' })
    expect(list()).toHaveLength(0)
    expect(vault.activity.usage('acc_1', 0)).toHaveLength(0)
  })
})

describe('[F14] the export', () => {
  it('is JSON lines, the oldest first, in pieces, and holds what was used a moment ago', async () => {
    const { audit, use, list } = await audited()
    for (let n = 0; n < 450; n++) use({ status: 200 + n })
    const pieces = [...audit.export({})]
    expect(pieces).toHaveLength(3)
    const entries = lines(pieces).map((line) => JSON.parse(line) as unknown)
    expect(entries).toEqual(list(1000).reverse())
  })

  it('is narrowed as the list is, and to the newest when there is a limit', async () => {
    const { clock, audit, use, token } = await audited()
    const start = clock.now()
    for (const status of [200, 404, 201, 500]) use({ status, caller: app(`app_${status}`, 'x') })
    clock.advance(1000)
    token()
    const statuses = (filter: Parameters<typeof audit.export>[0]) =>
      lines(audit.export(filter)).map((line) => (JSON.parse(line) as { detail: { status?: number } }).detail.status)
    expect(statuses({ outcome: 'failed' })).toEqual([404, 500])
    expect(statuses({ right: 'request', limit: 2 })).toEqual([201, 500])
    expect(statuses({ app: 'app_404' })).toEqual([404])
    expect(statuses({ host: 'API.github.com', limit: 1 })).toEqual([500])
    expect(statuses({ since: new Date(start + 1).toISOString() })).toEqual([undefined])
    expect(statuses({ until: new Date(start).toISOString() })).toHaveLength(4)
    expect(statuses({ search: 'nowhere' })).toEqual([])
  })

  it('is not led on by what happens meanwhile', async () => {
    const { audit, use } = await audited()
    for (let n = 0; n < 300; n++) use()
    const found: string[] = []
    for (const piece of audit.export({})) {
      for (let n = 0; n < 300; n++) use()
      audit.flush()
      found.push(...lines([piece]))
    }
    expect(found).toHaveLength(300)
  })

  it('says that the vault is locked before it begins', async () => {
    const { vault, audit, use } = await audited()
    use()
    vault.lock('test')
    expect(() => audit.export({})).toThrow(expect.objectContaining({ code: 'locked' }))
    await vault.unlock(cheapGuard())
    expect(lines(audit.export({}))).toHaveLength(1)
  })
})
