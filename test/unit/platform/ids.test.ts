import { expect, it } from 'vitest'
import { idShape, randomId } from '../../../electron/platform/ids.ts'

it('ids have their prefix and shape, and differ', () => {
  const ids = Array.from({ length: 10_000 }, () => randomId('acc'))
  expect(new Set(ids).size).toBe(10_000)
  for (const id of ids) {
    expect(id).toMatch(idShape)
    expect(id.startsWith('acc_')).toBe(true)
  }
})

it('every character of the alphabet comes about as often', () => {
  const counts = new Map<string, number>()
  for (let n = 0; n < 4000; n++) for (const c of randomId('x').slice(2)) counts.set(c, (counts.get(c) ?? 0) + 1)
  expect(counts.size).toBe(32)
  for (const count of counts.values()) expect(count).toBeGreaterThan(1500)
})
