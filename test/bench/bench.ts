// What Latchkey costs, measured beside something that does the same without it (DESIGN: how fast, how small).
import { mkdirSync, writeFileSync } from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { accountsRows } from './rows/accounts.ts'
import { cliRow } from './rows/cli.ts'
import { nginxRow, proxyRow } from './rows/proxy.ts'
import { refreshRow } from './rows/refresh.ts'
import { tokenRow } from './rows/token.ts'
import { type Options, type RowName, readOptions, usage } from './support/options.ts'
import { type Result, table } from './support/results.ts'
import { startWorld, type World } from './support/world.ts'

const say = (line: string) => process.stderr.write(`${line}\n`)

/** Those that share a host, and those that bring their own. */
const shared: Partial<Record<RowName, (world: World, options: Options) => Promise<Result[]>>> = {
  proxy: proxyRow,
  nginx: nginxRow,
  token: tokenRow,
}
const alone: Partial<Record<RowName, (options: Options) => Promise<Result[]>>> = {
  refresh: refreshRow,
  accounts: accountsRows,
  cli: cliRow,
}

async function run(options: Options): Promise<Result[]> {
  const results: Result[] = []
  const add = (found: Result[]) => {
    results.push(...found)
    for (const it of found) {
      const figure = it.ratio ? `${it.ratio.median.toFixed(3)} ${it.unit}` : `${it.latchkey ?? ''} ${it.note ?? ''}`
      say(`  ${it.work} / ${it.against}: ${figure} (goal ${it.goal})`)
    }
  }
  if (options.only.some((name) => name in shared)) {
    const world = await startWorld()
    try {
      for (const name of options.only) {
        const row = shared[name]
        if (row === undefined) continue
        say(`${name} …`)
        add(await row(world, options))
      }
    } finally {
      await world.stop()
    }
  }
  for (const name of options.only) {
    const row = alone[name]
    if (row === undefined) continue
    say(`${name} …`)
    add(await row(options))
  }
  return results
}

function save(results: Result[], options: Options): string {
  const folder = path.join(import.meta.dirname, 'results')
  mkdirSync(folder, { recursive: true })
  const file = path.join(folder, 'latest.json')
  const machine = { cores: os.availableParallelism(), platform: process.platform, node: process.version }
  const { quick, pace } = options
  writeFileSync(file, `${JSON.stringify({ at: new Date().toISOString(), quick, pace, machine, results }, null, 2)}\n`)
  return path.relative(process.cwd(), file)
}

let options: ReturnType<typeof readOptions>
try {
  options = readOptions(process.argv.slice(2))
} catch (error) {
  say(`${(error as Error).message}\n\n${usage}`)
  process.exit(2)
}
if (options === 'help') console.log(usage)
else {
  const results = await run(options)
  console.log(table(results))
  say(`\nAs JSON: ${save(results, options)}${options.quick ? ' (quick: no figures to rely on)' : ''}`)
}
