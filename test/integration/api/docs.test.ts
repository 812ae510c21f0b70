import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { routes } from '../../../electron/api/routes.ts'
import { connectPractice, passphrase, startHost } from '../whole/host.ts'

const text = fs.readFileSync(path.join(import.meta.dirname, '../../../docs/local-api.md'), 'utf8')
const blocks = [...text.matchAll(/^```sh\n(.*?)^```$/gms)].map((match) => match[1] ?? '')
/** As the page says that it is done. */
const overSocket = (block: string) =>
  block.startsWith('PROFILE=') ? block : block.replaceAll('"$API/', '--unix-socket "$SOCKET" "http://localhost/')

/** All blocks in one shell, one after the other, as somebody who reads the page from top to bottom would. */
function run(script: string, home: string): Promise<{ code: number | null; stdout: string; stderr: string }> {
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd: home,
    env: { PATH: process.env.PATH, LATCHKEY_HOME: home },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  const out = { stdout: '', stderr: '' }
  for (const name of ['stdout', 'stderr'] as const) {
    child[name].setEncoding('utf8').on('data', (part: string) => {
      out[name] += part
    })
  }
  return new Promise((resolve) => child.once('close', (code) => resolve({ code, ...out })))
}

it.each([
  ['HTTP', (block: string) => block],
  ['the socket', overSocket],
])('[F10] every curl example of the page on the local API works as written, over %s', async (_, rewrite) => {
  const host = await startHost()
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true, force: true })
  })
  await connectPractice(host)
  fs.writeFileSync(path.join(host.home, 'unlock.json'), JSON.stringify({ passphrase }), { mode: 0o600 })

  // This host has no page to link to. Each answer gets a line of its own.
  const examples = blocks.filter((block) => !block.includes('/v1/page-link')).map(rewrite)
  const script = ['curl() { command curl "$@" && echo; }', ...examples].join('\n')
  const { code, stdout, stderr } = await run(script, host.home)

  expect([code, stderr]).toEqual([0, ''])
  const answers = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line))
  expect(answers.length).toBeGreaterThan(20)
  for (const answer of answers) expect(answer).not.toHaveProperty('error')
  expect(answers.some((it) => it.status === 200 && JSON.parse(it.body).name === 'Ada Lovelace')).toBe(true)
  expect(answers.some((it) => typeof it.access_token === 'string')).toBe(true)
})

it('the page on the local API names every call', () => {
  const named = text
    .replaceAll('practice:ada', '{account}')
    .replaceAll('$FLOW', '{id}')
    .replaceAll('$REGISTRATION', '{id}')
    .replaceAll('$PERMISSION', '{id}')
    .replaceAll('$APP', '{app}')
    .replaceAll('$CODE', '{ask}')
    .replaceAll('$HOST', '{host}')
  for (const route of routes) expect(named).toContain(`${route.path}`)
})
