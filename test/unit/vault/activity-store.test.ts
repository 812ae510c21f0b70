import Database from 'better-sqlite3'
import { describe, expect, it } from 'vitest'
import type { ActivityRow, UsageRow } from '../../../electron/vault/ports-apps.ts'
import { account, seed, unlocked } from './support.ts'

const day = 86_400_000

const entry = (at: number, changes: Partial<ActivityRow> = {}): ActivityRow => ({
  at,
  kind: 'request',
  account_id: null,
  provider_id: 'practice',
  actor: 'cli',
  app_id: null,
  app_name: null,
  right: null,
  summary: `number ${at}`,
  detail: { status: 200, ok: true, none: null, text: 'x' },
  ...changes,
})

const use = (at: number, changes: Partial<ActivityRow> = {}) => entry(at, { right: 'request', ...changes })

const sum = (changes: Partial<UsageRow> = {}): UsageRow => ({
  day: 10,
  accountId: 'acc_1',
  actor: 'app',
  appId: 'app_1',
  appName: 'Mail',
  right: 'request',
  method: 'GET',
  host: 'api.example.com',
  path: '/v1/me',
  count: 1,
  failed: 0,
  lastAt: 10 * day + 5,
  ...changes,
})

/** Adds these and says which of them (by their time) a query finds. */
async function finder(...entries: ActivityRow[]) {
  const { vault } = await unlocked()
  vault.activity.addAll(entries)
  return (query: Omit<Parameters<typeof vault.activity.list>[0], 'limit'>) =>
    vault.activity.list({ limit: 100, ...query }).map(({ at }) => Date.parse(at))
}

describe('entries', () => {
  it('come back as they were added: the newest first, by account, older and newer than an id', async () => {
    const { vault } = await unlocked()
    const ids = vault.activity.addAll([1, 2, 3, 4].map((at) => entry(at, at % 2 === 0 ? { account_id: 'acc_1' } : {})))
    const list = (query: Omit<Parameters<typeof vault.activity.list>[0], 'limit'>, limit = 10) =>
      vault.activity.list({ limit, ...query }).map(({ id }) => id)
    expect(list({}, 2)).toEqual([ids[3], ids[2]])
    expect(list({ before: ids[2] })).toEqual([ids[1], ids[0]])
    expect(list({ after: ids[1] }, 1)).toEqual([ids[2]])
    expect(list({ after: ids[0], before: ids[3] })).toEqual([ids[1], ids[2]])
    expect(list({ accountId: 'acc_1', before: ids[3] })).toEqual([ids[1]])
    const [newest] = vault.activity.list({ limit: 1, accountId: 'acc_1' })
    const { at: _, ...written } = entry(4, { account_id: 'acc_1' })
    expect(newest).toEqual({ ...written, id: ids[3], at: '1970-01-01T00:00:00.004Z' })
    expect(vault.activity.oldestOf({ limit: 3 })).toBe(ids[1])
    expect(vault.activity.oldestOf({ limit: 300 })).toBe(ids[0])
    expect(vault.activity.oldestOf({ limit: 3, accountId: 'none' })).toBeNull()
    expect(vault.activity.count('acc_1')).toBe(2)
  })

  it('all of them are added, or none', async () => {
    const { vault } = await unlocked()
    const broken = entry(2, { summary: null as unknown as string })
    expect(() => vault.activity.addAll([entry(1), broken])).toThrow('NOT NULL')
    expect(vault.activity.list({ limit: 9 })).toEqual([])
  })

  it('[F14] are found by app, kind, right, host, actor’s time and outcome', async () => {
    const found = await finder(
      use(1, { app_id: 'app_1', app_name: 'Mail', detail: { host: 'a.example', status: 200 } }),
      use(2, { app_id: 'app_2', app_name: 'Backup', detail: { host: 'b.example', status: 404 } }),
      use(3, { kind: 'token', right: 'token', detail: {} }),
      use(4, { detail: { host: 'a.example', error: 'timeout' } }),
      entry(5, { kind: 'sign_in_failed', detail: {} }),
      entry(6, { kind: 'connected', detail: { error: null } }),
      entry(7, { kind: 'request', detail: { status: 399 } }),
    )
    expect(found({ appId: 'app_2' })).toEqual([2])
    expect(found({ kind: 'token' })).toEqual([3])
    expect(found({ right: 'request' })).toEqual([4, 2, 1])
    expect(found({ host: 'a.example' })).toEqual([4, 1])
    expect(found({ since: 3, until: 5 })).toEqual([5, 4, 3])
    expect(found({ outcome: 'failed' })).toEqual([5, 4, 2])
    expect(found({ outcome: 'ok' })).toEqual([7, 6, 3, 1])
    expect(found({ outcome: 'failed', host: 'a.example', right: 'request', until: 4 })).toEqual([4])
  })

  it('[F14] search stands for itself: no wildcards, no SQL, any case, in summary and name', async () => {
    const found = await finder(
      entry(1, { summary: '100% of it' }),
      entry(2, { summary: '100 of it' }),
      entry(3, { summary: 'under_score' }),
      entry(4, { summary: 'underXscore' }),
      entry(5, { summary: 'back\\slash' }),
      use(6, { summary: 'x', app_name: "O'Brien" }),
    )
    expect(found({ search: '100%' })).toEqual([1])
    expect(found({ search: 'UNDER_' })).toEqual([3])
    expect(found({ search: '\\' })).toEqual([5])
    expect(found({ search: "o'b" })).toEqual([6])
    expect(found({ search: "' OR 1=1 --" })).toEqual([])
  })

  it('the kinds of search use an index or walk the ids; none sorts', async () => {
    const { vault, file } = await unlocked()
    vault.close()
    const db = new Database(file)
    const plan = (where: string) =>
      (
        db.prepare(`EXPLAIN QUERY PLAN SELECT * FROM activity WHERE ${where} ORDER BY id DESC LIMIT 9`).all() as {
          detail: string
        }[]
      ).map(({ detail }) => detail)
    expect(plan("account_id = 'a' AND id < 5")).toEqual([expect.stringContaining('activity_account')])
    expect(plan("app_id = 'a' AND id < 5")).toEqual([expect.stringContaining('activity_app')])
    expect(plan('+at >= 5 AND id < 5')).toEqual([expect.stringContaining('INTEGER PRIMARY KEY')])
    db.close()
  })
})

describe('sums of uses', () => {
  it('[G4] are added up by everything that tells them apart', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.activity.addUsage([sum(), sum({ count: 2, failed: 1, lastAt: 10 * day + 9, appName: 'Renamed' })])
    vault.activity.addAll([entry(1)], [sum({ lastAt: 10 * day }), sum({ method: 'POST' }), sum({ day: 11 })])
    const token = sum({
      right: 'token',
      method: null,
      host: null,
      path: null,
      actor: 'cli',
      appId: null,
      appName: null,
    })
    vault.activity.addUsage([token, token])
    const found = vault.activity.usage('acc_1', 0)
    expect(found).toHaveLength(4)
    expect(found).toContainEqual(sum({ count: 4, failed: 1, lastAt: 10 * day + 9, appName: 'Mail' }))
    expect(found).toContainEqual({ ...token, count: 2 })
    expect(vault.activity.usage('acc_1', 11)).toEqual([sum({ day: 11 })])
    expect(vault.activity.usage('acc_2', 0)).toEqual([])
  })

  it('go with their account; those of one that has gone are passed over', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.accounts.save(account({ id: 'acc_2', alias: 'two' }))
    vault.activity.addAll([entry(1)], [sum(), sum({ accountId: 'gone' }), sum({ accountId: 'acc_2' })])
    vault.accounts.remove('acc_2')
    expect(vault.activity.list({ limit: 9 })).toHaveLength(1)
    expect(vault.activity.usage('acc_1', 0)).toHaveLength(1)
    expect(vault.activity.usage('acc_2', 0)).toEqual([])
  })
})

describe('pruning', () => {
  it('[F14] keeps the newest uses and as many other entries: a busy program pushes nothing else out', async () => {
    const { vault } = await unlocked()
    vault.activity.addAll([entry(1), entry(2), entry(3)])
    vault.activity.addAll(Array.from({ length: 50 }, (_, n) => use(100 + n)))
    vault.activity.prune({ maxEntries: 2, before: 0, beforeDay: 0 })
    expect(vault.activity.list({ limit: 99 }).map(({ at }) => Date.parse(at))).toEqual([149, 148, 3, 2])
  })

  it('counts right after what was undone and what was dropped', async () => {
    const { vault } = await unlocked()
    const some = (from: number) => Array.from({ length: 10 }, (_, n) => use(from + n))
    const prune = (before = 0) => vault.activity.prune({ maxEntries: 15, before, beforeDay: 0 })
    const left = () => vault.activity.list({ limit: 99 }).map(({ at }) => Date.parse(at))
    vault.activity.addAll(some(0))
    prune()
    const undone = () =>
      vault.transaction(() => {
        vault.activity.addAll(some(100))
        prune()
        throw new Error('undone')
      })
    expect(undone).toThrow('undone')
    prune()
    expect(left()).toHaveLength(10)
    vault.transaction(() => vault.activity.addAll(some(200)))
    prune(5)
    expect(left()).toEqual([209, 208, 207, 206, 205, 204, 203, 202, 201, 200, 9, 8, 7, 6, 5])
    vault.activity.addAll(some(300))
    prune()
    expect(left()).toHaveLength(15)
    expect(left()[0]).toBe(309)
  })

  it('drops what is too old, whatever order it came in', async () => {
    const { vault } = await unlocked()
    seed(vault)
    vault.activity.addAll([entry(5), entry(50), use(6), use(51)], [sum({ day: 3 }), sum({ day: 4 })])
    vault.activity.prune({ maxEntries: 1000, before: 50, beforeDay: 4 })
    expect(vault.activity.list({ limit: 99 }).map(({ at }) => Date.parse(at))).toEqual([51, 50])
    expect(vault.activity.usage('acc_1', 0)).toEqual([sum({ day: 4 })])
  })
})
