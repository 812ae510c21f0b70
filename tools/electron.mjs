// Whether this machine can show the desktop app, and with which Electron.
import { spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { root, toolchainNode } from './setup.mjs'

const packageDir = path.join(root, 'node_modules', 'electron')

/** The Electron executable that is here already, or null. */
export function installedElectron() {
  const names = { darwin: 'Electron.app/Contents/MacOS/Electron', win32: 'electron.exe' }
  const name = names[process.platform] ?? 'electron'
  const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(packageDir, 'dist')
  const file = path.join(folder, name)
  return fs.existsSync(file) ? file : null
}

/** Why no window can be shown here, in one sentence, or null. Asks nothing of the network. */
export function noWindowReason(env = process.env, platform = process.platform, uid = process.getuid?.()) {
  if (platform !== 'linux') return null
  if (!env.DISPLAY && !env.WAYLAND_DISPLAY) return 'There is no display (neither DISPLAY nor WAYLAND_DISPLAY is set).'
  if (uid === 0) return 'Electron does not run as root, because its sandbox cannot work there.'
  return null
}

/** The Electron to start, downloaded first if need be; or why there is none. */
export function findElectron() {
  const here = installedElectron()
  if (here) return { file: here }
  if (process.env.ELECTRON_OVERRIDE_DIST_PATH)
    return { reason: 'ELECTRON_OVERRIDE_DIST_PATH names a folder without Electron.' }
  console.error('latchkey: downloading Electron (about 115 MB, once) …')
  const result = spawnSync(toolchainNode, [path.join(packageDir, 'install.js')], {
    cwd: root,
    stdio: ['ignore', 'ignore', 'pipe'],
    encoding: 'utf8',
    timeout: 15 * 60_000,
  })
  const file = installedElectron()
  if (result.status === 0 && file) return { file }
  const why = /\b(E[A-Z]{4,}|getaddrinfo \S+|HTTP ?Error[^\n]*|Response code[^\n]*|certificate[^\n]*)/i.exec(
    result.stderr ?? '',
  )
  return { reason: `Electron could not be downloaded${why ? ` (${why[0].trim()})` : ''}.` }
}
