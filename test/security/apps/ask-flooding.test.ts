import { expect, it } from 'vitest'
import { refusal, settled, world } from './support.ts'

it('[E17] an app that tries a thousand names makes twenty questions, and is told the same', async () => {
  const { gate, app, apps, seen, vault } = await world()
  const { caller } = await app()
  const before = seen.length
  for (let number = 0; number < 1000; number++) {
    expect(refusal(() => gate.account(`name ${number}`, caller, 'token')).code).toBe('forbidden')
  }
  await settled()
  expect(apps.asks().filter(({ kind }) => kind === 'permission')).toHaveLength(20)
  expect(seen.slice(before)).toHaveLength(20)
  expect(vault.asks.list()).toHaveLength(21)
  expect(vault.activity.list({ limit: 500 }).filter(({ actor }) => actor === 'app')).toHaveLength(21)
})

it('[E17] an app that changes its wish each time is one question of a size that a person can read', async () => {
  const { gate, app, apps, seen } = await world()
  const { caller } = await app([{ rights: ['see'] }])
  const record = gate.account('acc_1', caller, 'see')
  const before = seen.length
  for (let number = 0; number < 1000; number++) {
    const url = new URL(`https://h${number}.example.org/${number}`)
    refusal(() => gate.request(record, caller, { method: 'GET', url }))
  }
  await settled()
  const [ask] = apps.asks()
  expect(ask).toMatchObject({ kind: 'permission', times: 1000 })
  expect(ask?.wants[0]?.hosts).toHaveLength(50)
  expect(seen.slice(before)).toHaveLength(1)
})

it('[E17] whoever was told no three times about an account is not heard again that day', async () => {
  const { gate, app, apps, clock } = await world()
  const { caller } = await app([{ rights: ['see'] }])
  const record = gate.account('acc_1', caller, 'see')
  const attempt = (number: number) =>
    refusal(() => gate.request(record, caller, { method: 'GET', url: new URL(`https://h${number}.example.org/`) }))
  for (let number = 0; number < 3; number++) {
    attempt(number)
    apps.deny(apps.asks().find(({ state }) => state === 'waiting')?.id ?? '', { kind: 'page' })
  }
  expect(attempt(4).message).toContain('said no')
  expect(apps.asks().filter(({ state }) => state === 'waiting')).toEqual([])
  clock.advance(86_400_000)
  attempt(5)
  expect(apps.asks().filter(({ state }) => state === 'waiting')).toHaveLength(1)
})
