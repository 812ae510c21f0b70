// `npm run check`: format, lint with the layer rules, types. Everything that needs no running.
import path from 'node:path'
import { ensureInstalled, root, runToolchain, toolchainEnv } from './setup.mjs'

ensureInstalled()
const bin = (name) => path.join(root, 'node_modules', ...name)
const steps = [
  ['format, lint and layer rules', [bin(['@biomejs', 'biome', 'bin', 'biome']), 'check', '--error-on-warnings', '.']],
  ['types', [bin(['typescript', 'bin', 'tsc'])]],
]
let failed = 0
for (const [name, args] of steps) {
  const status = runToolchain(args, { env: toolchainEnv({ FORCE_COLOR: process.stdout.isTTY ? '1' : '0' }) })
  console.log(`check: ${name}: ${status === 0 ? 'fine' : 'failed'}`)
  if (status !== 0) failed++
}
process.exit(failed ? 1 : 0)
