import fs from 'node:fs'
import { expect, it, onTestFinished } from 'vitest'
import { freshHost, startLatchkey } from '../../integration/bridges/support.ts'
import { connectPractice } from '../../integration/whole/host.ts'

it.skipIf(process.platform !== 'linux')(
  '[F12] exec shows the token to nobody who lists processes, and to the program’s own user in its environment alone',
  async () => {
    const host = await freshHost()
    const { alias } = await connectPractice(host)
    const { access_token: token } = await host.client.token(alias)
    const script = 'setInterval(() => {}, 1000); console.log(process.pid)'
    const child = startLatchkey(host.home, ['exec', alias, '--', process.execPath, '-e', script])
    onTestFinished(() => void child.kill('SIGKILL'))
    const pid = await new Promise<string>((done) => child.stdout.once('data', (data) => done(String(data).trim())))
    const read = (id: string | number | undefined, file: string) => fs.readFileSync(`/proc/${id}/${file}`, 'latin1')
    expect(read(pid, 'environ')).toContain(`LATCHKEY_ACCESS_TOKEN=${token}`)
    expect(read(pid, 'cmdline')).not.toContain(token)
    expect(read(child.pid, 'cmdline')).not.toContain(token)
    expect(read(child.pid, 'environ')).not.toContain(token)
    expect(process.env).not.toHaveProperty('LATCHKEY_ACCESS_TOKEN')
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGTERM')
    await ended
  },
)
