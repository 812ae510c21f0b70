import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { connectPractice } from '../whole/host.ts'
import { freshFolder, freshHost, hasProgram, latchkey, run, startLatchkey } from './support.ts'

const script = (text: string) => ['--', process.execPath, '-e', text]
const printed = 'process.stdout.write(JSON.stringify(process.env))'

async function world() {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const { access_token: token } = await host.client.token(alias)
  return { host, home: host.home, alias, token }
}

describe('exec', () => {
  it('[F12] gives the token to the program in its environment, under the names that were asked for', async () => {
    const { home, alias, token } = await world()
    const first = await latchkey(home, ['exec', alias, ...script(printed)], { env: { OTHER: 'kept' } })
    expect(first).toMatchObject({ code: 0, stderr: '' })
    expect(JSON.parse(first.stdout)).toMatchObject({ LATCHKEY_ACCESS_TOKEN: token, OTHER: 'kept' })
    const named = ['exec', '--env', 'GH_TOKEN', '--env', 'HEADER', '--as', 'bearer', alias, ...script(printed)]
    const env = JSON.parse((await latchkey(home, named)).stdout)
    expect(env).toMatchObject({ GH_TOKEN: `Bearer ${token}`, HEADER: `Bearer ${token}` })
    expect(env).not.toHaveProperty('LATCHKEY_ACCESS_TOKEN')
  })

  it('[F12] leaves input, output and arguments to the program, options included', async () => {
    const { home, alias } = await world()
    const echo = 'process.stdin.pipe(process.stdout); console.error(JSON.stringify(process.argv.slice(1)))'
    const ran = await latchkey(home, ['exec', alias, ...script(echo), '--', '--json', '-H', 'a b', ''], {
      input: 'through\n',
    })
    expect(ran).toEqual({ code: 0, stdout: 'through\n', stderr: '["--json","-H","a b",""]\n' })
  })

  it('[F12] ends as the program ends', async () => {
    const { home, alias } = await world()
    const code = async (...args: string[]) => (await latchkey(home, ['exec', alias, '--', ...args])).code
    expect(await code(process.execPath, '-e', 'process.exit(37)')).toBe(37)
    expect(await code(process.execPath, '-e', 'process.kill(process.pid, "SIGKILL")')).toBe(128 + 9)
    const missing = await latchkey(home, ['exec', alias, '--', '/no/such/program'])
    expect(missing).toMatchObject({ code: 127, stdout: '' })
    expect(missing.stderr).toContain('no such program')
    const plain = path.join(freshFolder(), 'plain')
    fs.writeFileSync(plain, 'no program\n', { mode: 0o644 })
    expect(await code(plain)).toBe(126)
  })

  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGUSR2'] as const)(
    '[F12] passes %s on, and waits for the program',
    async (signal) => {
      const { home, alias } = await world()
      // Does not end at the first one, as a program does that tidies up.
      const patient = `let n = 0; process.on('${signal}', () => { if (++n === 2) process.exit(42); console.log('once') })
      setInterval(() => {}, 1000); console.log('ready')`
      const child = startLatchkey(home, ['exec', alias, ...script(patient)])
      onTestFinished(() => void child.kill('SIGKILL'))
      // At the first thing that it says, and at the second.
      child.stdout.on('data', () => child.kill(signal))
      expect(await new Promise((done) => child.once('exit', (...how) => done(how)))).toEqual([42, null])
    },
  )

  it('[F12] is ended by a signal that ends the program', async () => {
    const { home, alias } = await world()
    const child = startLatchkey(home, ['exec', alias, ...script('setInterval(() => {}, 1000); console.log("ready")')])
    onTestFinished(() => void child.kill('SIGKILL'))
    child.stdout.once('data', () => child.kill('SIGTERM'))
    const code = await new Promise((done) => child.once('exit', done))
    expect(code).toBe(128 + os.constants.signals.SIGTERM)
  })

  it('[F12] runs nothing without a token, or with a name that is none', async () => {
    const { host, home, alias } = await world()
    const mark = path.join(freshFolder(), 'mark')
    const touch = script(`require('fs').writeFileSync(${JSON.stringify(mark)}, '')`)
    expect((await latchkey(home, ['exec', 'nobody', ...touch])).code).toBe(2)
    expect((await latchkey(home, ['exec', '--env', 'A=B', alias, ...touch])).code).toBe(2)
    expect((await latchkey(home, ['exec', '--as', 'json', alias, ...touch])).code).toBe(2)
    await host.client.disable(alias)
    expect((await latchkey(home, ['exec', alias, ...touch])).code).toBe(4)
    expect(fs.existsSync(mark)).toBe(false)
  })

  it.skipIf(!hasProgram('python3'))('[F12] at a terminal Ctrl+C reaches the program once', async () => {
    const { home, alias } = await world()
    const counting = `let n = 0; process.on('SIGINT', () => { n += 1; setTimeout(() => { console.log('seen', n); process.exit(5) }, 400) })
      setInterval(() => {}, 1000); console.log('ready')`
    const [dashes, node, e, text] = script(counting)
    const pty = `
import os, pty, sys
pid, fd = pty.fork()
if pid == 0:
    os.execv(sys.argv[1], sys.argv[1:])
out = b''
sent = False
while True:
    try:
        piece = os.read(fd, 1024)
    except OSError:
        break
    if not piece:
        break
    out += piece
    if not sent and b'ready' in out:
        os.write(fd, b'\\x03')
        sent = True
print(out.decode(), os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]))
`
    const cli = path.join(import.meta.dirname, '../../../electron/cli.ts')
    const args = [process.execPath, cli, 'exec', alias, dashes ?? '', node ?? '', e ?? '', text ?? '']
    const ran = await run('python3', ['-c', pty, ...args], { env: { LATCHKEY_HOME: home } })
    expect(ran.stdout).toContain('seen 1')
    expect(ran.stdout.trim()).toMatch(/ 5$/)
  })
})
