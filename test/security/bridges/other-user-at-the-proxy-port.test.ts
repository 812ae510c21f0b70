import { spawn } from 'node:child_process'
import { expect, it } from 'vitest'
import { proxyBefore } from './proxy.ts'

const nobody = 65_534

/** Asks as another user of this computer, from a socket of each family. */
function askAs(uid: number, port: number, host: string): Promise<string> {
  const script = `const http = require('node:http')
    http.get({ host: '${host}', port: ${port}, path: '/me', headers: { host: '127.0.0.1:${port}' } }, (answer) => {
      answer.resume(); process.stdout.write(String(answer.statusCode))
    }).on('error', (error) => process.stdout.write(error.code))`
  const child = spawn(process.execPath, ['-e', script], { uid, gid: uid, cwd: '/', env: {} })
  let out = ''
  child.stdout.setEncoding('utf8').on('data', (text) => {
    out += text
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', () => resolve(out))
  })
}

// To act as somebody else one has to be root.
const possible = process.platform === 'linux' && process.geteuid?.() === 0

it.skipIf(!possible)('[F12] another user of the computer gets nothing through the port of latchkey proxy', async () => {
  const { port, seen } = await proxyBefore()
  const before = seen.length
  for (const host of ['127.0.0.1', '::ffff:127.0.0.1']) expect(await askAs(nobody, port, host), host).toBe('403')
  expect(seen).toHaveLength(before)
  for (const host of ['127.0.0.1', '::ffff:127.0.0.1']) expect(await askAs(0, port, host), host).toBe('200')
})

it.skipIf(!possible)('[F12] with --any-user they do, as it says', async () => {
  const { port, said } = await proxyBefore(['--any-user'])
  expect(said()).toContain('every user of this computer')
  expect(await askAs(nobody, port, '127.0.0.1')).toBe('200')
})
