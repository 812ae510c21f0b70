// `npm test`: installs, checks, builds, then runs every test runner and sums what they say. The last line is the sum.
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { ensureBuilt, ensureInstalled, root, runToolchain, toolchainEnv } from './setup.mjs'

ensureInstalled()
const reports = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-test-'))
const sum = { passed: 0, failed: 0, skipped: 0 }
const trouble = []
const only = process.argv.slice(2)

function note(name, status) {
  if (status !== 0) trouble.push(name)
}

if (only.length === 0) note('check', runToolchain([path.join(root, 'tools', 'check.mjs')]))
ensureBuilt()

/** Adds a runner's own JSON report. A report that is missing or counts nothing is itself a failure. */
function add(name, file, read) {
  if (!fs.existsSync(file)) {
    sum.failed++
    trouble.push(`${name} left no report`)
    return
  }
  const counts = read(JSON.parse(fs.readFileSync(file, 'utf8')))
  for (const key of Object.keys(sum)) sum[key] += counts[key]
  if (counts.passed + counts.failed + counts.skipped === 0) trouble.push(`${name} ran no test`)
}

const vitestReport = path.join(reports, 'vitest.json')
const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs')
note(
  'vitest',
  runToolchain([vitest, 'run', '--reporter=default', '--reporter=json', `--outputFile.json=${vitestReport}`, ...only]),
)
add('vitest', vitestReport, (it) => ({
  passed: it.numPassedTests,
  // A file that does not even load has no test that could fail.
  failed:
    it.numFailedTests +
    it.testResults.filter((file) => file.status === 'failed' && file.assertionResults.length === 0).length,
  skipped: it.numPendingTests + it.numTodoTests,
}))

if (only.length === 0) {
  const playwrightReport = path.join(reports, 'playwright.json')
  const playwright = path.join(root, 'node_modules', '@playwright', 'test', 'cli.js')
  note(
    'playwright',
    runToolchain([playwright, 'test', '--reporter=list,json'], {
      env: toolchainEnv({ PLAYWRIGHT_JSON_OUTPUT_FILE: playwrightReport }),
    }),
  )
  add('playwright', playwrightReport, ({ stats, errors }) => ({
    passed: stats.expected,
    failed: stats.unexpected + stats.flaky + errors.length,
    skipped: stats.skipped,
  }))
}

fs.rmSync(reports, { recursive: true, force: true })
if (process.env.CI === 'true' && sum.skipped > 0) trouble.push('a skipped test counts as a failure where CI=true')
for (const it of trouble) console.log(`test: ${it}`)
console.log(`${sum.passed} passed, ${sum.failed} failed, ${sum.skipped} skipped`)
process.exit(trouble.length > 0 || sum.failed > 0 ? 1 : 0)
