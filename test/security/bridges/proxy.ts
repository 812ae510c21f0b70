import fs from 'node:fs'
import { onTestFinished } from 'vitest'
import { until } from '../../../electron/cli/demo/until.ts'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { startLatchkey } from '../../integration/bridges/support.ts'
import { type Seen, standIn } from '../../integration/cli/stand-in.ts'

/**
 * `latchkey proxy` before a host that answers everything and notes what arrives: whatever is in `seen` would have been
 * signed.
 */
export async function proxyBefore(options: string[] = []) {
  const seen: Seen[] = []
  const home = await standIn((it) => {
    seen.push(it)
    return { body: { id: 'acc_1', alias: 'work', path: it.path } }
  })
  const child = startLatchkey(home, ['proxy', 'work', ...options])
  onTestFinished(async () => {
    const ended = new Promise((done) => child.once('exit', done))
    child.kill('SIGINT')
    await ended
  })
  let out = ''
  let err = ''
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    out += text
  })
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    err += text
  })
  const port = await until('the proxy has said where it is', 10_000, new AbortController().signal, () => {
    if (child.exitCode !== null) throw new Error(err)
    const [, found] = /^http:\/\/127\.0\.0\.1:(\d+)\/\n$/.exec(out) ?? []
    return found === undefined ? null : Number(found)
  })
  const key = fs.readFileSync(profilePaths({ LATCHKEY_HOME: home }).ownerKey, 'utf8').trim()
  return { home, port, seen, key, said: () => out + err }
}
