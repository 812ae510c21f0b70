import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import path from 'node:path'
import { extractFile, getRawHeader, listPackage, statFile } from '@electron/asar'
import { FuseV1Options, getCurrentFuseWire } from '@electron/fuses'
import { test as base, expect } from '@playwright/test'
import { refusedSwitches } from '../../../electron/shell/refused-switches.ts'
import { type Child, start } from '../support/children.ts'
import { startDisplay } from '../support/display.ts'
import { localApi } from '../support/local-api.ts'
import { coloursOf, type Packed, packApp, sqliteAddon, useAddonOfElectron } from '../support/packed.ts'
import { newPerson, type Person } from '../support/person.ts'
import { root, sandboxArgs, skipUnless, whyNoDesktop } from '../support/requirements.ts'

/** The app as it ships, packed once for all of these. */
let packed: Packed
const test = base.extend<{ person: Person }>({
  // biome-ignore lint/correctness/noEmptyPattern: Playwright reads which fixtures are wanted from the pattern.
  person: async ({}, use) => {
    const person = newPerson()
    await use(person)
    person.remove()
  },
})

test.beforeEach(() => skipUnless(test, whyNoDesktop()))
test.beforeAll(async () => {
  if (whyNoDesktop() !== null) return
  test.setTimeout(300_000)
  packed = await packApp()
})
test.afterAll(() => packed?.remove())

test('the fuses of the packed app are set', async () => {
  const {
    version: _,
    resetAdHocDarwinSignature: __,
    strictlyRequireAllFuses: ___,
    ...wire
  } = await getCurrentFuseWire(packed.file)
  const states = Object.entries(wire).map(([fuse, state]) => [
    FuseV1Options[Number(fuse)] ?? fuse,
    String.fromCharCode(Number(state)),
  ])
  // Every fuse that this Electron has. One that it has not ("r", removed, or a shorter list) cannot be read back; those
  // that are not in this list came later than it and are as Electron ships them.
  const wanted = {
    RunAsNode: '0',
    EnableCookieEncryption: '1',
    EnableNodeOptionsEnvironmentVariable: '0',
    EnableNodeCliInspectArguments: '0',
    EnableEmbeddedAsarIntegrityValidation: '1',
    OnlyLoadAppFromAsar: '1',
    LoadBrowserProcessSpecificV8Snapshot: '0',
    GrantFileProtocolExtraPrivileges: '0',
  }
  const known = states.filter(([fuse = '', state]) => fuse in wanted && state !== 'r')
  expect(known.length).toBeGreaterThan(5)
  expect(Object.fromEntries(known)).toEqual(
    Object.fromEntries(Object.entries(wanted).filter(([fuse]) => known.some(([it]) => it === fuse))),
  )
})

test('nothing that is loaded lies outside the archive, except the two addons', () => {
  expect(readdirSync(packed.resources).sort()).toEqual(['app.asar', 'app.asar.unpacked', 'latchkey.1'])
  const outside = readdirSync(path.join(packed.resources, 'app.asar.unpacked'), {
    recursive: true,
    withFileTypes: true,
  })
    .filter((entry) => !entry.isDirectory())
    .map((entry) => entry.name)
  expect(outside.length).toBeGreaterThanOrEqual(2)
  expect(outside.filter((name) => !/^(linux-\w+|keyring\.[\w-]+)\.node$/.test(name))).toEqual([])
})

test('the archive holds the built app and its addons, and nothing of how they are made', () => {
  const files = listPackage(packed.archive, { isPack: false })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => !('files' in statFile(packed.archive, file.slice(1))))
  const allowed = [
    /^\/package\.json$/,
    /^\/dist\/((main|headless|cli)\.js|preload\.cjs|latchkey\.1)$/,
    /^\/dist\/chunks\/[\w.-]+\.js$/,
    /^\/dist\/renderer\/(index\.html|assets\/[\w.-]+\.(js|css|svg|png|woff2))$/,
    /^\/node_modules\/better-sqlite3\/(package\.json|LICENSE|lib\/[\w/-]+\.js)$/,
    /^\/node_modules\/@napi-rs\/keyring(-[\w-]+)?\/(package\.json|LICENSE[\w.-]*|\w+\.js|[\w.-]+\.node)$/,
  ]
  expect(files).toContain('/dist/main.js')
  expect(files).toContain(`/${sqliteAddon}`)
  expect(files.filter((file) => file !== `/${sqliteAddon}` && !allowed.some((it) => it.test(file)))).toEqual([])
  expect(files.filter((file) => /\.(test|spec)\.|\.(map|ts|pem|key|db)$|^\.env/i.test(path.basename(file)))).toEqual([])
  const manifest = JSON.parse(extractFile(packed.archive, 'package.json').toString())
  expect(manifest).toMatchObject({ name: 'latchkey', main: 'dist/main.js' })
  expect(manifest).not.toHaveProperty('scripts')
})

test('every file of the archive carries the hash that it is checked by', () => {
  const { header } = getRawHeader(packed.archive)
  let checked = 0
  const walk = (folder: object, at: string) => {
    for (const [name, entry] of Object.entries((folder as { files: Record<string, object> }).files)) {
      const file = path.posix.join(at, name)
      if ('files' in entry) {
        walk(entry, file)
        continue
      }
      const { integrity } = entry as { integrity?: { algorithm: string; hash: string } }
      const hash = createHash('sha256').update(extractFile(packed.archive, file)).digest('hex')
      expect(integrity, file).toMatchObject({ algorithm: 'SHA256', hash })
      checked++
    }
  }
  walk(header, '')
  expect(checked).toBeGreaterThan(20)
})

test('it starts, and no variable, switch or signal opens it', async ({ person }) => {
  test.setTimeout(180_000)
  useAddonOfElectron(packed)
  const framebuffers = path.join(person.folder, 'screen')
  mkdirSync(framebuffers)
  const display = await startDisplay(['-fbdir', framebuffers])
  const marker = path.join(person.folder, 'marker')
  const plant = path.join(person.folder, 'plant.cjs')
  writeFileSync(plant, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, '')`)
  const env = {
    ...person.env,
    DISPLAY: display.name,
    ELECTRON_RUN_AS_NODE: '1',
    NODE_OPTIONS: `--require=${plant}`,
    NODE_EXTRA_CA_CERTS: plant,
  }
  const run = (...switches: string[]) =>
    start(packed.file, [...sandboxArgs, '--password-store=basic', ...switches], { env })
  const app = run('--inspect=127.0.0.1:0')
  try {
    await expectWindow(framebuffers)
    expect((await status(person)).stdout).toContain('desktop host')
    await expect(localApi(person.profile).call('GET', '/v1/health')).resolves.toBeTruthy()

    app.process.kill('SIGUSR1')
    // It goes on answering, and the signal has opened nothing.
    expect((await status(person)).stdout).toContain('desktop host')
    expect(app.process.exitCode ?? app.process.signalCode).toBeNull()
    expect(app.output()).not.toMatch(/Debugger|DevTools|ws:\/\//)
    expect(existsSync(marker)).toBe(false)
    expect(Number(readFileSync(`/proc/${app.process.pid}/coredump_filter`, 'utf8'))).toBe(0)
    expect(crashReports(person)).toEqual([])
  } finally {
    await app.stop()
    await display.stop()
  }
})

test('it does not start with a switch that takes its protection off', async ({ person }) => {
  test.setTimeout(180_000)
  useAddonOfElectron(packed)
  const display = await startDisplay()
  const env = { ...person.env, DISPLAY: display.name }
  try {
    for (const name of [
      'remote-debugging-port',
      'remote-debugging-pipe',
      'js-flags',
      'ssl-key-log-file',
      'load-extension',
    ]) {
      expect(refusedSwitches).toContain(name)
      const app = start(packed.file, [...sandboxArgs, '--password-store=basic', `--${name}=0`], { env })
      expect([name, await app.ended]).toEqual([name, 1])
      expect(app.output()).toContain(`does not start with --${name}`)
      expect(app.output()).not.toContain('DevTools listening')
    }
    expect(existsSync(person.profile)).toBe(false)
  } finally {
    await display.stop()
  }
})

test('without its archive it starts nothing else that lies in its place', async ({ person }) => {
  const marker = path.join(person.folder, 'marker')
  const planted = path.join(packed.resources, 'app')
  mkdirSync(planted)
  writeFileSync(path.join(planted, 'package.json'), '{ "name": "planted", "main": "main.js" }')
  const code = `require('node:fs').writeFileSync(${JSON.stringify(marker)}, ''); require('electron').app.exit(0)`
  writeFileSync(path.join(planted, 'main.js'), code)
  renameSync(packed.archive, `${packed.archive}.away`)
  const display = await startDisplay()
  const app = start(packed.file, [...sandboxArgs, planted], { env: { ...person.env, DISPLAY: display.name } })
  try {
    await Promise.race([app.ended, app.says(/Unable to find Electron app|Cannot find module|ERROR:/)])
    expect(existsSync(marker)).toBe(false)
  } finally {
    await app.stop()
    await display.stop()
    renameSync(`${packed.archive}.away`, packed.archive)
    rmSync(planted, { recursive: true })
  }
})

/** The page's own background, and text upon it. */
async function expectWindow(framebuffers: string): Promise<void> {
  await expect
    .poll(
      () => {
        const colours = coloursOf(framebuffers)
        const page = Math.max(colours.get('fbfaf8') ?? 0, colours.get('101517') ?? 0)
        return page > 200_000 && colours.size > 50
      },
      { timeout: 90_000, message: 'the window shows the page' },
    )
    .toBe(true)
}

async function status(person: Person): Promise<{ stdout: string }> {
  const command: Child = start(process.execPath, [path.join(root, 'dist/cli.js'), 'status'], { env: person.env })
  await command.ended
  return { stdout: command.output() }
}

/** Files in the folders where Electron keeps reports of crashes. */
function crashReports(person: Person): string[] {
  const all = readdirSync(person.folder, { recursive: true, encoding: 'utf8' })
  return all.filter((file) => /crash ?(pad|reports|dumps).*\/.+\.(dmp|meta|txt)$|\/core(\.\d+)?$/i.test(file))
}
