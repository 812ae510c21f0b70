import { expect, it } from 'vitest'
import { killing } from '../../crash/campaign.ts'

/** Fifteen of the many that docs/crash-safety.md tells of, through the same code. */
const kills = 15

it('[F8] killed at random moments, the vault is whole, and what was lost in flight is named', {
  timeout: 180_000,
}, async () => {
  const found = await killing({ kills, seed: 20_261_121 })
  expect(found.filter(({ problems }) => problems.length > 0)).toEqual([])
  expect(found).toHaveLength(kills)
  const outcomes = new Set(found.flatMap((kill) => kill.outcomes))
  // The seed has kills in it that the server's messages decide about: these two do not hang on how quick the machine is.
  expect([...outcomes]).toEqual(expect.arrayContaining(['whole', 'tried again', 'loss named']))
})
