import { spawn } from 'node:child_process'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, expect, it } from 'vitest'

const root = path.resolve(import.meta.dirname, '../../..')
const home = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-terminal-'))
const quote = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`
afterEach(() => fs.rmSync(home, { recursive: true, force: true }))

/** The headless host at a real terminal (util-linux `script` makes one): types each reply when its question is there. */
function atTerminal(replies: [question: RegExp, typed: string][]): Promise<string> {
  const command = [process.execPath, path.join(root, 'dist/headless.js')].map(quote).join(' ')
  const child = spawn('script', ['--quiet', '--flush', '--command', command, '/dev/null'], {
    // No keyring: one that answers would leave nothing to ask.
    env: { ...process.env, LATCHKEY_HOME: home, DBUS_SESSION_BUS_ADDRESS: 'disabled:' },
  })
  let said = ''
  let seen = 0
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', () => resolve(said))
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      said += text
      const [next] = replies
      if (!next?.[0].test(said.slice(seen))) return
      seen = said.length
      replies.shift()
      child.stdin.write(next[1])
    })
  })
}

it('asks for the passphrase at the terminal and never shows what is typed', async () => {
  const passphrase = 'typed but never shown'
  const first = await atTerminal([
    [/Choose a passphrase/, `${passphrase}\r`],
    [/The same again/, 'something else\r'],
    [/not the same[\s\S]*Choose a passphrase/, `${passphrase}\r`],
    [/The same again/, `${passphrase}\r`],
    [/The vault is unlocked/, '\u0003'],
  ])
  expect(first).toContain('The vault is unlocked.')
  const second = await atTerminal([
    [/Passphrase \(or/, 'not the right one\r'],
    [/does not open this vault[\s\S]*Passphrase \(or/, '\r'],
    [/\n$/, '\u0003'],
  ])
  expect(second).not.toContain('The vault is unlocked.')
  expect(first + second).not.toMatch(/typed but never shown|not the right one|something else/)
})
