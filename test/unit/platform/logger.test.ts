import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createLogger } from '../../../electron/platform/logger.ts'

let folder = ''
beforeEach(() => {
  folder = fs.mkdtempSync(path.join(os.tmpdir(), 'latchkey-log-'))
})
afterEach(() => fs.rmSync(folder, { recursive: true, force: true }))

const lines = (file: string) =>
  fs
    .readFileSync(file, 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>)

it('writes JSON lines at once, with level, time and data', () => {
  const file = path.join(folder, 'latchkey.log')
  const log = createLogger({ file })
  log.info('Vault unlocked.', { level: 'mine', guard: 'passphrase' })
  log.debug('not at this level')
  expect(lines(file)).toEqual([
    {
      level: 'info',
      time: expect.stringMatching(/^\d{4}-.*Z$/),
      data: { level: 'mine', guard: 'passphrase' },
      msg: 'Vault unlocked.',
    },
  ])
})

it('no secret reaches the file, neither in the message nor in data nor in an error', () => {
  const file = path.join(folder, 'latchkey.log')
  const log = createLogger({ file, level: 'debug' })
  log.debug('visible canary')
  expect(fs.readFileSync(file, 'utf8')).toContain('canary')
  fs.truncateSync(file)
  log.warn('refused: {"refresh_token":"canary one"}', {
    access_token: 'canary',
    authorization: { parts: ['canary'] },
    answered: Object.assign(new Error('refused'), { body: 'canary' }),
    'http://127.0.0.1/cb?code=canary': 1,
    nested: [{ headers: { cookie: 'canary=1' } }],
    error: new Error('POST /token?code=canary', { cause: new Error('Bearer canary') }),
  })
  expect(lines(file)).toHaveLength(1)
  expect(fs.readFileSync(file, 'utf8')).not.toContain('canary')
})

it('is readable by its owner alone, whatever the umask, also when it was not before', () => {
  const before = process.umask(0)
  try {
    const fresh = path.join(folder, 'sub', 'latchkey.log')
    createLogger({ file: fresh })
    expect(fs.statSync(fresh).mode & 0o777).toBe(0o600)
    expect(fs.statSync(path.dirname(fresh)).mode & 0o777).toBe(0o700)
    const old = path.join(folder, 'old.log')
    fs.writeFileSync(old, '', { mode: 0o644 })
    createLogger({ file: old }).info('x')
    expect(fs.statSync(old).mode & 0o777).toBe(0o600)
  } finally {
    process.umask(before)
  }
})

it('keeps one older file once it has grown too large, at start and while running', () => {
  const file = path.join(folder, 'latchkey.log')
  fs.writeFileSync(file, 'x'.repeat(5 * 1024 * 1024))
  const log = createLogger({ file })
  expect(fs.statSync(`${file}.1`).size).toBe(5 * 1024 * 1024)
  const long = 'lorem ipsum '.repeat(20_000)
  for (let n = 0; n < 25; n++) log.info(long)
  expect(fs.statSync(file).size).toBeLessThan(5.5 * 1024 * 1024)
  expect(lines(`${file}.1`).length).toBeGreaterThan(10)
  expect(fs.readdirSync(folder).sort()).toEqual(['latchkey.log', 'latchkey.log.1'])
  expect(fs.statSync(`${file}.1`).mode & 0o777).toBe(0o600)
})
