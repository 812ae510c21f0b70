import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { freshHome } from './stand-in.ts'

const cli = path.join(import.meta.dirname, '../../../dist/cli.js')

/** The built command in a process of its own, without display, keyring or terminal. */
function demo(
  args: string[],
  temp: string,
  more: NodeJS.ProcessEnv = {},
): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn(process.execPath, [cli, 'demo', ...args], {
    env: { PATH: process.env.PATH, HOME: temp, TMPDIR: temp, ...more },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let stdout = ''
  let stderr = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    stderr += text
  })
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, stdout, stderr })))
}

it('[E20] does the main job unattended and prints one JSON object', { timeout: 90_000 }, async () => {
  const temp = freshHome()
  const started = performance.now()
  const ran = await demo(['--json'], temp)
  expect(ran.code, ran.stdout + ran.stderr).toBe(0)
  expect(performance.now() - started).toBeLessThan(60_000)
  const report = JSON.parse(ran.stdout)
  expect(report.ok).toBe(true)
  expect(report.steps.map((it: { name: string }) => it.name)).toEqual([
    'started',
    'connected',
    'signed request',
    'token expired',
    'signed again',
    'audit',
  ])
  expect(report.steps.every((it: { ok: boolean }) => it.ok)).toBe(true)
  // Nothing stays behind: no profile, no passphrase file.
  expect(fs.readdirSync(temp).filter((it) => it.startsWith('latchkey'))).toEqual([])
})

it('keeps the profile with --home, and a second demo on it works too', { timeout: 120_000 }, async () => {
  const temp = freshHome()
  const home = path.join(temp, 'kept')
  const first = await demo(['--home', home], temp)
  expect(first.code, first.stdout + first.stderr).toBe(0)
  expect(first.stdout).toContain('latchkey practice demo')
  expect(first.stdout).toContain('audit')
  const paths = profilePaths({ LATCHKEY_HOME: home })
  expect(fs.existsSync(paths.vault)).toBe(true)
  expect(fs.existsSync(paths.endpoint)).toBe(false)
  const second = await demo(['--json', '--home', home], temp)
  expect(second.code, second.stdout + second.stderr).toBe(0)

  const other = path.join(temp, 'other-passphrase')
  fs.writeFileSync(other, 'quite another passphrase\n', { mode: 0o600 })
  const third = await demo(['--json', '--home', home], temp, { LATCHKEY_PASSPHRASE_FILE: other })
  expect(third.code).toBe(1)
  const [started] = JSON.parse(third.stdout).steps
  expect(started).toMatchObject({ name: 'started', ok: false, detail: expect.stringContaining('passphrase') })
  expect(third.stdout).not.toContain('quite another')
  expect(fs.readdirSync(temp).sort()).toEqual(['kept', 'other-passphrase'])
})

it('says what is wrong, leaves nothing behind and ends with 1 when the host cannot start', async () => {
  const temp = freshHome()
  const file = path.join(temp, 'a-file')
  fs.writeFileSync(file, '')
  const ran = await demo(['--json', '--home', path.join(file, 'below')], temp)
  expect(ran.code).toBe(1)
  expect(JSON.parse(ran.stdout)).toMatchObject({ ok: false, steps: [{ name: 'started', ok: false }] })
  expect(fs.readdirSync(temp)).toEqual(['a-file'])
})
