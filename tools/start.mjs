// `npm start`: installs, builds, and starts the app; where it cannot have a window, the headless host.
import { spawn } from 'node:child_process'
import path from 'node:path'
import { findElectron, noWindowReason } from './electron.mjs'
import { ensureBuilt, ensureInstalled, root, toolchainEnv, toolchainNode } from './setup.mjs'

ensureInstalled()
ensureBuilt()

const args = process.argv.slice(2)
let reason = noWindowReason()
let command = toolchainNode
let commandArgs = [path.join(root, 'dist', 'headless.js'), ...args]
if (!reason) {
  const electron = findElectron()
  if (electron.file) {
    command = electron.file
    commandArgs = [root, ...args]
  } else reason = electron.reason
}
if (reason) console.error(`latchkey: ${reason} Starting without a window.`)

const child = spawn(command, commandArgs, { cwd: root, stdio: 'inherit', env: toolchainEnv() })
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal))
child.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)))
