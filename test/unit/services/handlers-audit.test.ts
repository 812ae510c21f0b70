import { describe, expect, it } from 'vitest'
import { createAccountService } from '../../../electron/services/accounts.ts'
import { createAuditHandlers } from '../../../electron/services/handlers-audit.ts'
import { contract } from '../../../shared/contract.ts'
import { app, audited, cli } from './audit-support.ts'

async function house() {
  const world = await audited()
  const handlers = createAuditHandlers({ ...world, accounts: createAccountService(world) })
  /** As the dispatch does: input and output are checked against the contract. */
  const call = async <M extends keyof typeof handlers>(method: M, input: object) => {
    const handler = handlers[method] as (input: unknown, caller: typeof cli) => unknown
    return contract[method].output.parse(await handler(contract[method].input.parse(input), cli)) as Awaited<
      ReturnType<(typeof handlers)[M]>
    >
  }
  const appRecord = (id: string, name: string, revokedAt: number | null = null) =>
    world.vault.apps.save({
      id,
      name,
      purpose: '',
      keyHash: Buffer.from(id),
      createdAt: 1,
      lastUsedAt: null,
      expiresAt: null,
      idleDays: null,
      revokedAt,
      caller: null,
    })
  return { ...world, call, appRecord }
}

describe('[F14] activity.list', () => {
  it('holds what was used a moment ago, and takes accounts and apps by what they are called', async () => {
    const { call, use, appRecord } = await house()
    appRecord('app_1', 'Mail')
    use({ caller: app('app_1', 'Mail') })
    use()
    expect(await call('activity.list', {})).toHaveLength(2)
    expect(await call('activity.list', { account: 'GitHub:ada' })).toHaveLength(2)
    expect(await call('activity.list', { app: 'mail' })).toMatchObject([{ app_id: 'app_1' }])
    expect(await call('activity.list', { app: 'app_1', limit: 5, outcome: 'ok' })).toHaveLength(1)
    await expect(call('activity.list', { app: 'none' })).rejects.toMatchObject({
      code: 'not_found',
      details: { field: 'app' },
    })
    await expect(call('activity.list', { account: 'none' })).rejects.toMatchObject({ code: 'not_found' })
  })

  it('of several apps with one name takes the one in use, and asks when that is not one', async () => {
    const { call, use, appRecord } = await house()
    appRecord('app_1', 'Mail', 5)
    use({ caller: app('app_1', 'Mail') })
    expect(await call('activity.list', { app: 'Mail' })).toHaveLength(1)
    appRecord('app_2', 'Mail')
    expect(await call('activity.list', { app: 'Mail' })).toHaveLength(0)
    appRecord('app_3', 'mail')
    await expect(call('activity.list', { app: 'Mail' })).rejects.toMatchObject({
      code: 'invalid_request',
      details: { field: 'app', candidates: expect.arrayContaining(['app_2 (Mail)', 'app_3 (mail)']) },
    })
  })
})

describe('[F14] activity.export', () => {
  it('says whether it is all of it', async () => {
    const { call, use } = await house()
    for (const status of [201, 202, 203]) use({ status })
    const all = await call('activity.export', { limit: 3 })
    expect(all).toMatchObject({ entries: 3, complete: true })
    const two = await call('activity.export', { limit: 2 })
    expect(two).toMatchObject({ entries: 2, complete: false })
    const statuses = two.text.split('\n').map((line) => (line === '' ? null : JSON.parse(line).detail.status))
    expect(statuses).toEqual([202, 203, null])
    expect(await call('activity.export', { search: 'nothing' })).toEqual({ text: '', entries: 0, complete: true })
  })
})

it('[G4] accounts.usage and the limits answer as the contract says', async () => {
  const { call, use } = await house()
  use()
  expect(await call('accounts.usage', { account: 'github:ada' })).toMatchObject({ days: 30, users: [{ count: 1 }] })
  expect(await call('activity.limits', {})).toEqual({ max_days: 90, max_entries: 20_000 })
  await call('activity.limit', { max_days: 7, max_entries: 5000 })
  expect(await call('activity.limits', {})).toEqual({ max_days: 7, max_entries: 5000 })
})
