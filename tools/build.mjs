// Builds everything into dist/: the page, the desktop entry with its preload script, the headless entry and the command
// line. Skips what has not changed since the last build. Run by the toolchain's own Node.
import { execFileSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import fs from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
const stamp = path.join(root, 'dist', '.built')
const sources = ['electron', 'shared', 'renderer', 'tools/build.mjs', 'package-lock.json', 'package.json']

function files(entry) {
  const full = path.join(root, entry)
  if (!fs.existsSync(full)) return []
  if (!fs.statSync(full).isDirectory()) return [entry]
  return fs.readdirSync(full, { recursive: true, withFileTypes: true }).flatMap((it) => {
    return it.isFile() ? [path.relative(root, path.join(it.parentPath, it.name))] : []
  })
}

function fingerprint() {
  const hash = createHash('sha256')
  for (const file of sources.flatMap(files).sort()) {
    hash
      .update(file)
      .update('\0')
      .update(fs.readFileSync(path.join(root, file)))
      .update('\0')
  }
  return hash.digest('hex')
}

/** Native addons and Electron stay outside the bundles; everything else is inside, so that start-up reads one file. */
const external = ['electron', 'better-sqlite3', '@napi-rs/keyring']

/**
 * The command line's parser can start other programs as its commands, which nothing here does. What it needs for that is
 * loaded when it does, not each time that the command line starts.
 */
const lazyChildProcess = {
  name: 'lazy-child-process',
  enforce: 'pre',
  resolveId: (id, importer) =>
    id === 'node:child_process' && /node_modules[\\/]commander[\\/]/.test(importer ?? '')
      ? '\0lazy-child-process'
      : null,
  load: (id) =>
    id === '\0lazy-child-process'
      ? "export default { spawn: (...args) => process.getBuiltinModule('node:child_process').spawn(...args) }"
      : null,
}

export async function build({ force = false, quiet = true } = {}) {
  const now = fingerprint()
  if (!force && fs.existsSync(stamp) && fs.readFileSync(stamp, 'utf8') === now) return false
  fs.rmSync(stamp, { force: true })
  const { build: viteBuild } = await import('vite')
  const react = (await import('@vitejs/plugin-react')).default
  const common = { root, configFile: false, logLevel: quiet ? 'warn' : 'info', envDir: false }
  const node = (input, options) => ({
    ...common,
    plugins: [lazyChildProcess],
    build: {
      ssr: true,
      outDir: path.join(root, 'dist'),
      emptyOutDir: false,
      target: 'node20',
      minify: false,
      rollupOptions: {
        input,
        output: options,
        // `depd`, below koa, builds functions by eval for its deprecation notices; it is not ours to change.
        onwarn: (warning, warn) => warning.code !== 'EVAL' && warn(warning),
      },
    },
    ssr: { noExternal: true, external, target: 'node' },
    define: { 'process.env.NODE_ENV': '"production"' },
  })
  fs.rmSync(path.join(root, 'dist'), { recursive: true, force: true })
  const entry = (name) => path.join(root, 'electron', `${name}.ts`)
  const entries = Object.fromEntries(
    ['main', 'headless', 'cli'].filter((name) => fs.existsSync(entry(name))).map((name) => [name, entry(name)]),
  )
  // Not imported: an import of node:module loads half of what Node has, which the command line would wait for.
  const banner = "const require = process.getBuiltinModule('node:module').createRequire(import.meta.url);"
  await viteBuild(
    node(entries, {
      format: 'es',
      banner,
      entryFileNames: '[name].js',
      chunkFileNames: 'chunks/[name]-[hash].js',
    }),
  )
  const cli = path.join(root, 'dist', 'cli.js')
  fs.chmodSync(cli, 0o755)
  // Beside it, the man page that it makes of its own definitions.
  fs.writeFileSync(path.join(root, 'dist', 'latchkey.1'), execFileSync(process.execPath, [cli, 'man']))
  const preload = path.join(root, 'electron/shell/preload.ts')
  if (fs.existsSync(preload)) {
    await viteBuild(node({ preload }, { format: 'cjs', entryFileNames: '[name].cjs' }))
  }
  if (fs.existsSync(path.join(root, 'renderer/index.html'))) {
    await viteBuild({
      ...common,
      root: path.join(root, 'renderer'),
      base: './',
      plugins: [react()],
      build: {
        outDir: path.join(root, 'dist/renderer'),
        emptyOutDir: true,
        target: 'chrome130',
        // A data: URL would need a hole in the content security policy.
        assetsInlineLimit: 0,
        modulePreload: { polyfill: false },
        // The page comes from the disk: one file is read faster than several.
        chunkSizeWarningLimit: 2000,
      },
    })
  }
  fs.writeFileSync(stamp, now)
  return true
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const built = await build({ force: process.argv.includes('--force'), quiet: !process.argv.includes('--verbose') })
  if (built || !process.argv.includes('--quiet'))
    console.error(built ? 'Built.' : 'Nothing has changed since the last build.')
}
