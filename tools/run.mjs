// `npm run headless | latchkey | demo -- ARGS`: installs and builds if need be, then runs that part.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { ensureBuilt, ensureInstalled, root, toolchainEnv, toolchainNode } from './setup.mjs'

const parts = { headless: ['headless.js'], cli: ['cli.js'], demo: ['cli.js', 'demo'] }
const [part, ...args] = process.argv.slice(2)
const [file, ...first] = parts[part]

ensureInstalled()
ensureBuilt()
// The person's own folder stays the working directory: `latchkey request … -d @file` means a file there.
const child = spawn(toolchainNode, [path.join(root, 'dist', file), ...first, ...args], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  stdio: 'inherit',
  env: toolchainEnv(),
})
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
