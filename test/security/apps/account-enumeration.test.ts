import { expect, it } from 'vitest'
import { rights } from '../../../shared/contract-apps.ts'
import { refusal, wording, world } from './support.ts'

it('[G3] an app cannot tell an account that it may not use from one that is not there', async () => {
  const { gate, app, vault } = await world()
  const twin = vault.accounts.get('acc_1')
  if (twin === null) throw new Error('no account')
  // Two of one person, so that the name is ambiguous for those who see both.
  vault.accounts.save({ ...twin, id: 'acc_3', alias: 'second' })
  const { caller } = await app()
  const there = ['acc_1', 'practice:ada', 'work', 'practice:ada@example.com', 'PRACTICE:GRACE', 'practice:grace']
  const not = ['acc_9', 'practice:bob', 'home', 'practice:bob@example.com', 'nowhere:ada', '\u202eeda:ecitcarp', ' ']
  for (const right of rights) {
    const attempt = { method: 'GET', url: 'https://api.example.com/v1' }
    const told = [...there, ...not].map((name) => wording(refusal(() => gate.account(name, caller, right, attempt))))
    expect(new Set(told).size).toBe(1)
  }
})

it('[G3] nor by the codes of the questions: two names of one account have two of them', async () => {
  const { gate, app } = await world()
  const { caller } = await app()
  const codeFor = (name: string) => refusal(() => gate.account(name, caller, 'token')).details.action?.url
  const codes = ['acc_1', 'practice:ada', 'practice:ada@example.com', 'practice:bob'].map(codeFor)
  expect(new Set(codes).size).toBe(4)
  expect(codeFor('practice:ada')).toBe(codes[1])
})

it('[G3] nor by a no of the person, which is said of the name that was asked about', async () => {
  const { gate, app, apps } = await world()
  const { caller } = await app()
  refusal(() => gate.account('practice:ada', caller, 'token'))
  apps.deny(apps.asks()[0]?.id ?? '', { kind: 'page' })
  expect(refusal(() => gate.account('practice:ada', caller, 'token')).message).toContain('said no')
  expect(refusal(() => gate.account('acc_1', caller, 'token')).message).not.toContain('said no')
})
