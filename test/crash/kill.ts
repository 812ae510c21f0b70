import { parseArgs } from 'node:util'
import './plain-node.ts'
import { table } from './table.ts'

/**
 * `node test/crash/kill.ts [--kills 300] [--seed N] [--json]`: kills Latchkey at random moments of its work and looks at
 * what is left (docs/crash-safety.md). Ends with 1 when a vault was damaged or an account was lost without a word.
 */
const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '300' },
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    json: { type: 'boolean', default: false },
  },
})
const { killing } = await import('./campaign.ts')
const seed = Number(values.seed)
const started = performance.now()
const kills = await killing({
  kills: Number(values.kills),
  seed,
  each(kill) {
    for (const problem of kill.problems) process.stderr.write(`kill ${kill.number} (${kill.moment}): ${problem}\n`)
    if (kill.number % 25 === 0) process.stderr.write(`${kill.number} kills\n`)
  },
})
const seconds = Math.round((performance.now() - started) / 1000)
const wrong = kills.filter(({ problems }) => problems.length > 0)
process.stdout.write(values.json ? `${JSON.stringify({ seed, seconds, kills })}\n` : table({ seed, seconds, kills }))
process.exitCode = wrong.length === 0 && kills.length === Number(values.kills) ? 0 : 1
