import { describe, expect, it } from 'vitest'
import { firstPage, isBeginning, loadAccounts } from '../../../renderer/app/load-accounts.ts'
import {
  activityFilter,
  hiddenCount,
  isNarrowed,
  noFilter,
} from '../../../renderer/features/activity/activity-filter.ts'
import { detailText, hasFailed, outcomeOf } from '../../../renderer/features/activity/activity-look.ts'
import { activityFilterSchema } from '../../../shared/contract-apps.ts'
import type { Account, Activity } from '../../../shared/models.ts'
import { makeAccount, manyAccounts } from './fake-data.ts'

/** The host's paging: accounts in its order, from the one after `after` on. */
function host(all: Account[]) {
  const asked: { limit?: number; after?: string }[] = []
  return {
    asked,
    list: async (page: { limit?: number; after?: string }) => {
      asked.push(page)
      const from = page.after === undefined ? 0 : all.findIndex((it) => it.id === page.after) + 1
      return all.slice(from, from + (page.limit ?? all.length))
    },
  }
}

describe('loading accounts', () => {
  it('shows the first hundred before the rest is asked for, and gets all of them', async () => {
    const all = manyAccounts(2350).map(makeAccount)
    const { list, asked } = host(all)
    let shown: { count: number; calls: number } | null = null
    const loaded = await loadAccounts(list, (first) => {
      shown = { count: first.length, calls: asked.length }
      expect(isBeginning(first)).toBe(true)
    })
    expect(shown).toEqual({ count: firstPage, calls: 1 })
    expect(loaded.map(({ id }) => id)).toEqual(all.map(({ id }) => id))
    expect(isBeginning(loaded)).toBe(false)
    expect(asked).toHaveLength(4)
  })

  it('asks once for a few', async () => {
    const { list, asked } = host(manyAccounts(7).map(makeAccount))
    const loaded = await loadAccounts(list, () => expect.unreachable('the first page is all there is'))
    expect([loaded.length, asked]).toEqual([7, [{ limit: firstPage }]])
  })

  it('has an account once that moved between two pages', async () => {
    const all = manyAccounts(150).map(makeAccount)
    const { list } = host(all)
    const moved = async (page: { limit?: number; after?: string }) => {
      const accounts = await list(page)
      const [first] = all
      return page.after === undefined || !first ? accounts : [...accounts, { ...first, alias: 'newer' }]
    }
    const loaded = await loadAccounts(moved, () => undefined)
    expect(loaded).toHaveLength(150)
    expect(loaded.find(({ id }) => id === 'm0')?.alias).toBe('newer')
  })
})

describe('the filters of the activity', () => {
  const now = Date.parse('2026-11-21T12:00:30Z')
  const nowhere = { account: null, app: null }

  it('[F14] ask for everything when nothing is set', () => {
    expect(activityFilter(noFilter, nowhere, now)).toEqual({})
    expect([isNarrowed(noFilter), hiddenCount(noFilter)]).toEqual([false, 0])
  })

  it('[F14] are what the contract takes', () => {
    const draft = {
      ...noFilter,
      search: ' calendar ',
      kind: 'request' as const,
      right: 'request' as const,
      outcome: 'failed' as const,
      host: ' WWW.GoogleAPIs.com ',
      span: 'day' as const,
    }
    const filter = activityFilter(draft, { account: 'a1', app: 'app_1' }, now)
    expect(activityFilterSchema.parse(filter)).toEqual({
      account: 'a1',
      app: 'app_1',
      kind: 'request',
      right: 'request',
      outcome: 'failed',
      host: 'www.googleapis.com',
      search: 'calendar',
      since: '2026-11-20T12:00:00.000Z',
    })
    expect([isNarrowed(draft), hiddenCount(draft)]).toEqual([true, 4])
  })

  it('stay the same for a minute, so that drawing the page again asks for nothing', () => {
    const draft = { ...noFilter, span: 'hour' as const }
    expect(activityFilter(draft, nowhere, now + 20_000)).toEqual(activityFilter(draft, nowhere, now))
  })

  it('take whole local days, and leave out a day that is not written yet', () => {
    const between = { ...noFilter, span: 'between' as const, from: '2026-11-01', to: '' }
    expect(activityFilter(between, nowhere, now)).toEqual({ since: new Date(2026, 10, 1).toISOString() })
    const { until } = activityFilter({ ...between, to: '2026-11-02' }, nowhere, now)
    expect(until).toBe(new Date(2026, 10, 2, 23, 59, 59, 999).toISOString())
  })
})

describe('an entry about a use', () => {
  const entry = (change: Partial<Activity>): Activity => ({
    id: 1,
    at: '2026-11-21T12:00:00Z',
    kind: 'request',
    account_id: 'a',
    provider_id: 'p',
    actor: 'app',
    app_id: 'x',
    app_name: 'Mail sync',
    right: 'request',
    summary: '',
    detail: {},
    ...change,
  })
  it('[F14] says status, bytes, duration, and what was done on the way', () => {
    const detail = { status: 200, bytes_sent: 24, bytes_received: 2048, duration_ms: 182, refreshed: true }
    expect(outcomeOf(entry({ detail }))).toEqual(['200', '2.0 KB', '182 ms', 'token refreshed first'])
    expect(outcomeOf(entry({ detail: { error: 'timeout', duration_ms: 1500 } }))).toEqual(['no answer', '1.50 s'])
    expect(outcomeOf(entry({ right: null, detail }))).toEqual([])
  })
  it('[F14] looks like a failure when it was one', () => {
    expect(hasFailed(entry({ detail: { status: 399 } }))).toBe(false)
    expect(hasFailed(entry({ detail: { status: 400 } }))).toBe(true)
    expect(hasFailed(entry({ detail: { error: 'timeout' } }))).toBe(true)
    expect(hasFailed(entry({ kind: 'refresh_failed' }))).toBe(true)
  })
  it('is read by people', () => {
    expect([detailText('bytes_sent', 2048), detailText('duration_ms', 12), detailText('refreshed', false)]).toEqual([
      '2.0 KB',
      '12 ms',
      'no',
    ])
    expect(detailText('host', 'a.example')).toBe('a.example')
  })
})
