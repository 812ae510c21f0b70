import { spawn } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { runQuickly } from '../../../electron/cli/quick.ts'
import { freshHome, type Seen, standIn } from './stand-in.ts'
import { latchkey } from './terminal.ts'

const dist = path.join(import.meta.dirname, '../../../dist')
const answer = { access_token: 'at-1', token_type: 'Bearer', expires_in: 900, expires_at: null, scopes: [] }

async function host() {
  const seen: Seen[] = []
  const home = await standIn((it) => {
    seen.push(it)
    return it.path.includes('nosuch')
      ? { status: 404, body: { error: { code: 'not_found', message: 'There is no such account.' } } }
      : { body: answer }
  })
  return { home, seen }
}

/** The built command in a process of its own. */
async function built(args: string[], env: NodeJS.ProcessEnv) {
  const child = spawn(process.execPath, [path.join(dist, 'cli.js'), ...args], {
    env: { PATH: process.env.PATH, ...env },
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
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve))
  return { code, stdout, stderr }
}

/** The files of the build that are read before the command line knows what it is asked for. */
function readAtStart(file: string, found = new Set<string>()): Set<string> {
  if (found.has(file)) return found
  found.add(file)
  const text = fs.readFileSync(file, 'utf8')
  const wanted = [...text.matchAll(/^(?:import|export)\b[^;]*?from ?["'](\.[^"']+)["']|^import ["'](\.[^"']+)["']/gm)]
  for (const [, named, bare] of wanted) readAtStart(path.resolve(path.dirname(file), named ?? bare ?? ''), found)
  return found
}

it('loads neither the definitions nor the host for a token', () => {
  const entry = path.join(dist, 'cli.js')
  const program = /import\("(\.\/chunks\/program[^"]*)"\)/.exec(fs.readFileSync(entry, 'utf8'))?.[1]
  const files = readAtStart(path.join(dist, program ?? 'missing'), readAtStart(entry))
  const names = [...files].map((it) => path.basename(it))
  expect(names.join(' ')).toContain('transport')
  const text = [...files].map((it) => fs.readFileSync(it, 'utf8')).join('\n')
  // What stands in them otherwise: commander, zod, undici.
  expect(text).not.toMatch(/class Command |ZodType|class Dispatcher/)
  expect(text.length).toBeLessThan(60_000)
  // Each of these loads what stands behind it.
  expect(text).not.toMatch(/from "(?:node:)?(?:fs|http|https|crypto|module|util|child_process|process|stream)"/)
})

it.each([
  ['a token', ['token', 'practice:ada']],
  ['options before and behind', ['--json', 'token', 'practice:ada', '--min-validity', '60']],
  ['a value behind an equals sign', ['token', '--min-validity=60', 'practice:ada', '--json']],
  ['an account that is not there', ['token', 'nosuch']],
  ['the same as JSON', ['token', 'nosuch', '--json']],
])('does the same on the short way as on the whole one: %s', async (_what, args) => {
  const short = await host()
  const ran = await latchkey(short.home, args)
  expect(short.seen).toHaveLength(1)
  // An option that the short way does not know, and that changes nothing.
  const whole = await host()
  const other = await latchkey(whole.home, [...args, '--scopes', ''])
  expect(whole.seen).toHaveLength(1)
  expect(other).toEqual(ran)
  const { scopes, ...body } = JSON.parse(whole.seen[0]?.body ?? '')
  expect(scopes).toEqual([])
  expect(JSON.parse(short.seen[0]?.body ?? '')).toEqual(body)
})

it.each([
  ['no account', ['token']],
  ['two accounts', ['token', 'a', 'b']],
  ['an unknown option', ['token', 'a', '--nosuch']],
  ['a number that is none', ['token', 'a', '--min-validity', 'soon']],
  ['an option without its value', ['token', 'a', '--home']],
  ['help', ['token', '--help']],
  ['another command', ['account', 'token']],
  ['words behind --', ['token', '--', 'a']],
])('leaves to the whole command line what is not plain: %s', async (_what, args) => {
  const io = new Proxy({} as Parameters<typeof runQuickly>[1], {
    get: () => {
      throw new Error('Nothing is to be read or written.')
    },
  })
  expect(await runQuickly(args, io)).toBe(null)
})

it('keeps what Node has compiled in the profile, for its owner alone', async () => {
  const { home } = await host()
  fs.chmodSync(home, 0o700)
  const ran = await built(['token', 'practice:ada'], { LATCHKEY_HOME: home })
  expect(ran).toEqual({ code: 0, stdout: 'at-1\n', stderr: '' })
  const cache = path.join(home, 'cache')
  expect(fs.statSync(cache).mode & 0o777).toBe(0o700)
  expect(fs.readdirSync(cache, { recursive: true }).length).toBeGreaterThan(3)
})

it('keeps nothing where others could write it, and makes no profile for it', async () => {
  const { home } = await host()
  fs.chmodSync(home, 0o770)
  expect((await built(['token', 'practice:ada'], { LATCHKEY_HOME: home })).code).toBe(0)
  expect(fs.existsSync(path.join(home, 'cache'))).toBe(false)
  // A folder that somebody else may write into, put there before.
  fs.chmodSync(home, 0o700)
  fs.mkdirSync(path.join(home, 'cache'))
  fs.chmodSync(path.join(home, 'cache'), 0o777)
  expect((await built(['token', 'practice:ada'], { LATCHKEY_HOME: home })).code).toBe(0)
  expect(fs.readdirSync(path.join(home, 'cache'))).toEqual([])
  const none = path.join(freshHome(), 'none')
  expect((await built(['token', 'practice:ada'], { LATCHKEY_HOME: none })).code).toBe(6)
  expect(fs.existsSync(none)).toBe(false)
})

it('is a command that can be linked to, with its man page beside it', async () => {
  const link = path.join(freshHome(), 'latchkey')
  fs.symlinkSync(path.join(dist, 'cli.js'), link)
  expect(fs.statSync(link).mode & 0o111).toBe(0o111)
  expect(fs.readFileSync(link, 'utf8')).toMatch(/^#!\/usr\/bin\/env node\n/)
  const page = fs.readFileSync(path.join(dist, 'latchkey.1'), 'utf8')
  expect(page).toBe((await latchkey(freshHome(), ['man'])).stdout)
  expect(page).toContain('.TH LATCHKEY 1')
})
