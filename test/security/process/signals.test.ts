import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { start } from '../../e2e/support/children.ts'
import { freshFolder } from '../../unit/vault/support.ts'

const entry = path.join(import.meta.dirname, '../../../dist/headless.js')
const passphrase = `canary-${crypto.randomUUID()}`

/** The headless host with an unlocked vault, allowed to leave a core dump in its own folder. */
async function unlocked() {
  const folder = freshFolder()
  const file = path.join(folder, 'passphrase')
  fs.writeFileSync(file, passphrase, { mode: 0o600 })
  const work = path.join(folder, 'work')
  fs.mkdirSync(work)
  const home = path.join(folder, 'profile')
  const env = { PATH: process.env.PATH, HOME: folder, LATCHKEY_HOME: home, LATCHKEY_PASSPHRASE_FILE: file }
  const host = dumping(work, env, entry)
  const [, http] = await host.says(/Local API: (\S+) and/)
  const ownerKey = fs.readFileSync(path.join(home, 'owner.key'), 'utf8').trim()
  return { host, http: http ?? '', work, ownerKey }
}

function dumping(cwd: string, env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = start('/bin/sh', ['-c', 'ulimit -c unlimited; exec "$@"', 'sh', process.execPath, ...args], {
    cwd,
    env,
  })
  onTestFinished(() => child.stop())
  return child
}

/** The core dump in this folder, if the system has put one there; where it does is the system's setting (core(5)). */
function coreIn(folder: string): Buffer | null {
  const name = fs.readdirSync(folder).find((it) => it.startsWith('core'))
  return name === undefined ? null : fs.readFileSync(path.join(folder, name))
}

describe.skipIf(process.platform === 'win32')('the process that holds the keys', () => {
  it('opens no inspector when it is told to by a signal', async () => {
    const { host, http } = await unlocked()
    host.process.kill('SIGUSR1')
    // Answered after the signal has been: both come through the same loop.
    for (let round = 0; round < 5; round++) expect((await fetch(`${http}/v1/health`)).status).toBe(200)
    expect(host.output()).not.toContain('Debugger')
    await expect(fetch('http://127.0.0.1:9229/json')).rejects.toThrow()

    // Node itself does, which shows that this test could tell.
    const other = dumping(
      freshFolder(),
      { PATH: process.env.PATH },
      '--inspect-port=0',
      '-e',
      'setInterval(() => {}, 1e6); console.log("up")',
    )
    await other.says(/up/)
    other.process.kill('SIGUSR1')
    await other.says(/Debugger listening/)
  })

  it.skipIf(process.platform !== 'linux')('leaves none of its memory in a core dump', async () => {
    const { host, work, ownerKey } = await unlocked()
    const filter = fs.readFileSync(`/proc/${host.process.pid}/coredump_filter`, 'utf8')
    expect(Number.parseInt(filter, 16)).toBe(0)
    host.process.kill('SIGABRT')
    expect(await host.ended).toBeNull()
    const core = coreIn(work)

    // What a process leaves that does nothing about it.
    const folder = freshFolder()
    const code = `globalThis.kept = process.argv[1].split('').reverse().join(''); console.log('up'); setInterval(() => {}, 1e6)`
    const careless = dumping(folder, { PATH: process.env.PATH }, '-e', code, ownerKey)
    await careless.says(/up/)
    careless.process.kill('SIGABRT')
    await careless.ended
    const other = coreIn(folder)

    // Where the system writes them elsewhere, or none, the filter alone has been shown.
    if (other === null || core === null) return
    expect(other.includes([...ownerKey].reverse().join(''))).toBe(true)
    expect(core.includes(ownerKey)).toBe(false)
    expect(core.includes(passphrase)).toBe(false)
    expect(core.length).toBeLessThan(other.length / 10)
  })
})
