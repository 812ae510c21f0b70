import { spawnSync } from 'node:child_process'
import path from 'node:path'

/** Runs shell commands with mounts of their own, which are gone with them (Linux, user namespaces). */
function inOwnMounts(script: string, ...args: string[]) {
  return spawnSync('unshare', ['--map-root-user', '--mount', 'sh', '-ec', script, 'sh', ...args], { encoding: 'utf8' })
}

/** Whether this machine lets a test mount anything for itself. */
export const canMount =
  process.platform === 'linux' && inOwnMounts('mount -t tmpfs tmpfs "$1"', import.meta.dirname).status === 0

/** What a script in children/ says as JSON, started after this mount. `$1` is the folder. */
export function afterMount(mount: string, folder: string, script: string, ...args: string[]): unknown {
  const child = path.join(import.meta.dirname, 'children', script)
  const { stdout, stderr, status } = inOwnMounts(`${mount}; shift; exec "$@"`, folder, process.execPath, child, ...args)
  if (status !== 0) throw new Error(stderr)
  return JSON.parse(stdout)
}
