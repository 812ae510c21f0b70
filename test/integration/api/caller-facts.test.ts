import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import fs from 'node:fs'
import os from 'node:os'
import path from 'node:path'
import { describe, expect, it } from 'vitest'
import type { CallerFacts } from '../../../shared/contract-apps.ts'
import { LatchkeyError } from '../../../shared/errors.ts'
import { type ApiWorld, startWorld } from './world.ts'

const has = (program: string) => spawnSync(program, ['--version']).error === undefined
const onLinux = describe.skipIf(process.platform !== 'linux')
const hasSs = ['/usr/bin/ss', '/usr/sbin/ss', '/sbin/ss', '/bin/ss'].some((it) => fs.existsSync(it))

/** Reads the key from its input and calls once: over HTTP, or over the socket that is its third argument. */
const nodeProgram = `
const http = require('node:http')
const [host, socketPath, agent] = process.argv.slice(2)
const key = require('node:fs').readFileSync(0, 'utf8')
const where = socketPath ? { socketPath, headers: { host: 'localhost' } } : { host: '127.0.0.1', port: host.split(':')[1] }
const headers = { ...where.headers, authorization: 'Bearer ' + key, ...(agent ? { 'user-agent': agent } : {}) }
http.get({ ...where, headers, path: '/v1/accounts' }, (answer) => answer.resume().on('end', () => process.exit(0)))
`
const pythonProgram = `
import http.client, socket, sys
host, path, agent = (sys.argv[1:] + ['', ''])[:3]
key = sys.stdin.read()
connection = http.client.HTTPConnection('localhost' if path else host)
if path:
    connection.sock = socket.socket(socket.AF_UNIX)
    connection.sock.connect(path)
headers = {'Authorization': 'Bearer ' + key}
if agent:
    headers['User-Agent'] = agent
connection.request('GET', '/v1/accounts', headers=headers)
connection.getresponse().read()
`

/** A world whose one call notes what the system says of who made it. */
async function watchedWorld(): Promise<{ world: ApiWorld; facts: (CallerFacts | null | undefined)[] }> {
  const facts: (CallerFacts | null | undefined)[] = []
  const world = await startWorld({
    handlers: {
      'accounts.list': async (_, caller) => {
        facts.push(await caller.app?.facts())
        return []
      },
    },
  })
  return { world, facts }
}

async function run(world: ApiWorld, command: string, args: string[], cwd = world.dir): Promise<number> {
  const child = spawn(command, args, { cwd, stdio: ['pipe', 'ignore', 'inherit'] })
  child.stdin.end(world.apps.key)
  const [code] = await once(child, 'exit')
  expect(code).toBe(0)
  return child.pid ?? 0
}

onLinux('[F11] what the system says of who calls', () => {
  const transports: [string, boolean][] = [
    ['HTTP', false],
    ...(hasSs ? [['the socket', true] as [string, boolean]] : []),
  ]

  it.each(transports)('over %s: a Node program, its script, and what started it', async (_, socket) => {
    const { world, facts } = await watchedWorld()
    const script = path.join(world.dir, 'my backup.cjs')
    fs.writeFileSync(script, nodeProgram)
    const pid = await run(world, process.execPath, ['my backup.cjs', world.host, socket ? world.paths.socket : '', ''])
    expect(facts).toEqual([
      {
        transport: socket ? 'socket' : 'http',
        pid,
        user: os.userInfo().username,
        process: path.basename(fs.realpathSync(process.execPath)),
        executable: fs.realpathSync(process.execPath),
        script,
        started_by: expect.arrayContaining([path.basename(fs.realpathSync(process.execPath))]),
      },
    ])
    expect(facts[0]?.started_by.length).toBeLessThanOrEqual(4)
  })

  it.skipIf(!has('python3')).each(transports)('over %s: a Python program, started by a shell', async (_, socket) => {
    const { world, facts } = await watchedWorld()
    const script = path.join(world.dir, 'backup.py')
    fs.writeFileSync(script, pythonProgram)
    const shell = 'python3 -W ignore "$1" "$2" "$3"; exit $?'
    const to = socket ? world.paths.socket : ''
    const pid = await run(world, 'sh', ['-c', shell, 'sh', script, world.host, to])
    expect(facts).toMatchObject([{ script, executable: expect.stringMatching(/python3/) }])
    expect(facts[0]?.pid).not.toBe(pid)
    expect(fs.realpathSync('/bin/sh')).toContain(facts[0]?.started_by[0])
  })

  it('no argument but the script is told: arguments hold secrets', async () => {
    const { world, facts } = await watchedWorld()
    const script = path.join(world.dir, 'backup.cjs')
    fs.writeFileSync(script, nodeProgram)
    const secret = path.join(world.dir, 'hunter2')
    fs.writeFileSync(secret, '')
    await run(world, process.execPath, ['--conditions', secret, script, world.host, '', '', secret])
    await run(world, process.execPath, ['-e', nodeProgram, 'x', world.host, '', '', secret])
    expect(facts.map((it) => it?.script)).toEqual([script, null])
    expect(JSON.stringify(facts)).not.toContain('hunter2')
  })

  it('a program that gives itself another name is told by its file', async () => {
    const { world, facts } = await watchedWorld()
    const copy = path.join(world.dir, 'innocent')
    fs.copyFileSync(process.execPath, copy)
    fs.chmodSync(copy, 0o700)
    const script = path.join(world.dir, 'backup.cjs')
    fs.writeFileSync(script, `process.title = 'latchkey'\n${nodeProgram}`)
    await run(world, copy, [script, world.host, ''])
    expect(facts).toMatchObject([{ process: 'innocent', executable: copy }])
  })

  it('an app that is refused gets its answer when it has been looked at: it may be gone right after', async () => {
    const order: string[] = []
    const world = await startWorld({
      handlers: {
        'accounts.list': (_, caller) => {
          void caller.app?.facts().then((facts) => order.push(facts === null ? 'nothing' : 'facts'))
          throw new LatchkeyError('forbidden', 'Not yet.')
        },
      },
    })
    const answer = await world.call('GET', '/v1/accounts', { key: world.apps.key })
    order.push('answer')
    expect([answer.status, order]).toEqual([403, ['facts', 'answer']])
  })

  it('one who is pairing is looked at, too', async () => {
    const world = await startWorld()
    await world.call('POST', '/v1/pair', { key: null, body: { name: 'a', purpose: 'b' } })
    expect(world.apps.pairings[0]?.facts).toMatchObject({ transport: 'http', pid: process.pid })
  })
})

it('[F11] who has gone cannot be looked at, and nothing is thrown', async () => {
  const late: Promise<CallerFacts | null>[] = []
  const world = await startWorld({
    handlers: {
      'accounts.list': (_, caller) => {
        const { signal, app } = caller
        signal?.addEventListener('abort', () => void late.push(app?.facts() ?? Promise.reject(new Error('No app.'))))
        return new Promise(() => {})
      },
    },
  })
  const leaving = world.call('GET', '/v1/accounts', { key: world.apps.key })
  leaving.catch(() => {})
  await expect.poll(() => world.calls.length).toBe(1)
  await world.api.close()
  await expect.poll(() => late.length).toBe(1)
  expect(await late[0]).toBeNull()
})
