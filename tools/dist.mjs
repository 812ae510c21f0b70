// `npm run dist`: packs the app into release/, with the Electron that is installed (or that
// ELECTRON_OVERRIDE_DIST_PATH names). `npm run dist -- --installer` makes this platform's installer as well.
// Settings of electron-builder pass through: `-- -c.directories.output=DIR`.
import fs from 'node:fs'
import path from 'node:path'
import { findElectron } from './electron.mjs'
import { ensureBuilt, ensureInstalled, root, runToolchain, toolchainEnv } from './setup.mjs'

ensureInstalled()
ensureBuilt()
const electron = findElectron()
if (!electron.file) {
  console.error(`latchkey: ${electron.reason} Nothing can be packed without it.`)
  process.exit(1)
}
const folder = process.env.ELECTRON_OVERRIDE_DIST_PATH ?? path.join(root, 'node_modules', 'electron', 'dist')
const version = fs.readFileSync(path.join(folder, 'version'), 'utf8').trim().replace(/^v/, '')
const builder = path.join(root, 'node_modules', 'electron-builder', 'cli.js')
const installer = process.argv.includes('--installer')
process.exit(
  runToolchain(
    [
      builder,
      ...(installer ? [] : ['--dir']),
      '--publish=never',
      `-c.electronDist=${folder}`,
      `-c.electronVersion=${version}`,
      ...process.argv.filter((it) => it.startsWith('-c.')),
    ],
    { env: toolchainEnv() },
  ),
)
