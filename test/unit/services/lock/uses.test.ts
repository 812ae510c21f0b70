import { expect, it, vi } from 'vitest'
import { createEventBus } from '../../../../electron/platform/events.ts'
import { watchUses } from '../../../../electron/services/lock/uses.ts'
import type { Caller } from '../../../../electron/services/ports.ts'
import type { AuditService, Use } from '../../../../electron/services/ports-apps.ts'
import { LatchkeyError } from '../../../../shared/errors.ts'
import type { LatchkeyEvent } from '../../../../shared/models.ts'
import { settableClock } from '../../vault/fixtures.ts'

function setUp() {
  const clock = settableClock()
  const events = createEventBus<LatchkeyEvent>()
  const autoLock = { touched: vi.fn(), beforeUse: vi.fn((): Promise<void> | undefined => undefined), close() {} }
  const uses = watchUses({ autoLock, events, clock })
  const inner = vi.fn(async () => 'answer' as unknown)
  const dispatch = uses.dispatch(inner)
  const counts = async (method: string, kind: Caller['kind']) => {
    const before = autoLock.touched.mock.calls.length
    await dispatch(method, {}, { kind }).catch(() => undefined)
    return autoLock.touched.mock.calls.length > before
  }
  return { clock, events, autoLock, uses, inner, dispatch, counts }
}

it('counts what a program and a person do', async () => {
  const { counts } = setUp()
  for (const kind of ['cli', 'owner', 'app', 'page'] as const) {
    expect(await counts('requests.send', kind), kind).toBe(true)
    expect(await counts('connect.get', kind), kind).toBe(true)
  }
  expect(await counts('accounts.list', 'cli')).toBe(true)
  expect(await counts('providers.list', 'page')).toBe(true)
})

it('does not count what asks about Latchkey itself, nor what Latchkey does by itself', async () => {
  const { counts } = setUp()
  for (const method of ['vault.status', 'app.info', 'doctor.run', 'profiles.list']) {
    expect(await counts(method, 'cli'), method).toBe(false)
  }
  expect(await counts('asks.get', 'latchkey')).toBe(false)
})

it('does not count what an open page reads by itself: now and then, and after each event', async () => {
  const { counts, events, clock } = setUp()
  for (const method of ['accounts.list', 'accounts.get', 'asks.list']) expect(await counts(method, 'page')).toBe(false)
  events.emit({ type: 'activity', activity_id: 1 })
  expect(await counts('activity.list', 'page')).toBe(false)
  expect(await counts('accounts.refresh', 'page')).toBe(true)
  expect(await counts('activity.list', 'cli')).toBe(true)
  clock.advance(2_001)
  expect(await counts('activity.list', 'page')).toBe(true)
})

it('does not count what was refused', async () => {
  const { counts, inner } = setUp()
  inner.mockRejectedValue(new LatchkeyError('forbidden', 'No.'))
  expect(await counts('requests.send', 'app')).toBe(false)
})

it('locks before the call is let in', async () => {
  const { autoLock, dispatch, uses, inner } = setUp()
  const order: string[] = []
  autoLock.beforeUse.mockImplementation(async () => void order.push('locked'))
  inner.mockImplementation(async () => void order.push('called'))
  await dispatch('requests.send', {}, { kind: 'app' })
  await uses.first(async () => void order.push('token'))()
  expect(order).toEqual(['locked', 'called', 'locked', 'token'])
})

it('sees tokens and proxied requests in the audit, except those that were not allowed', () => {
  const { autoLock, uses } = setUp()
  const written: Use[] = []
  const audit = uses.audit({ use: (use: Use) => void written.push(use), flush() {} } as unknown as AuditService)
  const use = { summary: 'x' } as Use
  audit.use({ ...use, error: 'forbidden' })
  expect(autoLock.touched).not.toHaveBeenCalled()
  audit.use({ ...use, status: 200 })
  expect(autoLock.touched).toHaveBeenCalledTimes(1)
  expect(written).toHaveLength(2)
})
