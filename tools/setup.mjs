// What a fresh checkout needs before anything of it can run. Plain Node 20, no dependency: this file runs first.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const stamp = path.join(root, 'node_modules', '.latchkey-installed')

/** The toolchain's own Node 24, from the dev dependency `node`. */
export const toolchainNode = path.join(
  root,
  'node_modules',
  'node',
  'bin',
  process.platform === 'win32' ? 'node.exe' : 'node',
)

const lockfileHash = () =>
  createHash('sha256')
    .update(fs.readFileSync(path.join(root, 'package-lock.json')))
    .digest('hex')

function npm(args) {
  // npm tells its scripts where it is; that one is used, whatever PATH says. Windows has no executable called npm.
  const cli = process.env.npm_execpath
  const command = cli ? process.execPath : process.platform === 'win32' ? 'npm.cmd' : 'npm'
  const result = spawnSync(command, cli ? [cli, ...args] : args, {
    cwd: root,
    stdio: ['ignore', 2, 2],
    shell: !cli && process.platform === 'win32',
  })
  if (result.status !== 0) {
    console.error(`latchkey: 'npm ${args.join(' ')}' failed. Its message stands above; mend that and start again.`)
    process.exit(1)
  }
}

/** Installs what the lockfile says, once for each state of the lockfile. */
export function ensureInstalled() {
  const [major] = process.versions.node.split('.').map(Number)
  if (major < 20) {
    console.error(`latchkey: this is Node ${process.versions.node}; Node 20 or newer is needed.`)
    process.exit(1)
  }
  const wanted = lockfileHash()
  if (fs.existsSync(toolchainNode) && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === wanted) return
  console.error('latchkey: installing what it is built with (once, a minute or two) …')
  // No install script runs: the native addons bring their binaries, and Electron comes at its first start …
  npm(['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'])
  // … except that of the toolchain's own Node, which fetches the package with the binary for this platform.
  npm(['rebuild', 'node', '--no-audit', '--no-fund', '--loglevel=error'])
  if (!fs.existsSync(toolchainNode)) {
    console.error('latchkey: the toolchain (npm package "node") has no Node for this platform.')
    process.exit(1)
  }
  fs.writeFileSync(stamp, wanted)
}

/** The environment for the toolchain's programs: its Node and its commands come first. */
export function toolchainEnv(extra = {}) {
  const bin = path.join(root, 'node_modules', '.bin')
  return { ...process.env, PATH: [path.dirname(toolchainNode), bin, process.env.PATH].join(path.delimiter), ...extra }
}

/** Runs a script with the toolchain's Node and the terminal of this process; gives its exit status. */
export function runToolchain(args, options = {}) {
  const result = spawnSync(toolchainNode, args, { cwd: root, stdio: 'inherit', env: toolchainEnv(), ...options })
  if (result.error) throw result.error
  return result.status ?? 1
}

/** Builds into dist/ when something has changed. */
export function ensureBuilt() {
  const status = runToolchain([path.join(root, 'tools', 'build.mjs'), '--quiet'], { stdio: ['ignore', 2, 2] })
  if (status !== 0) process.exit(status)
}
