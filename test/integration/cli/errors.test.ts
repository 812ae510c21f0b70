import type { AddressInfo } from 'node:net'
import { expect, it } from 'vitest'
import { exitCode, httpStatus, type WireError } from '../../../shared/errors.ts'
import { freshHome, listen, type Seen, standIn } from './stand-in.ts'
import { latchkey } from './terminal.ts'

const failing = (error: WireError) => standIn(() => ({ status: httpStatus[error.code], body: { error } }))

it('ends with 6 and says how to start when nothing runs', async () => {
  const ran = await latchkey(freshHome(), ['accounts'])
  expect(ran).toMatchObject({ code: 6, stdout: '' })
  expect(ran.stderr).toContain('latchkey serve')
  const json = await latchkey(freshHome(), ['accounts', '--json'])
  expect(json.code).toBe(6)
  expect(JSON.parse(json.stderr)).toMatchObject({
    error: { code: 'not_running', action: { command: 'latchkey serve' } },
  })
})

it('sends the owner key to nobody when the host has crashed and another program has its port', async () => {
  const seen: Seen[] = []
  const record = (it: Seen) => {
    seen.push(it)
    return { body: [] }
  }
  const stranger = await listen({ port: 0 }, record)
  const http = `http://127.0.0.1:${(stranger.address() as AddressInfo).port}`
  // No process has this id: it is above what Linux, macOS and Windows give out.
  const crashed = await standIn(record, { http, pid: 2_147_483_646, socket: null })
  expect((await latchkey(crashed, ['accounts'])).code).toBe(6)
  // The process id has been given to somebody else, but the socket is gone.
  const reused = await standIn(record, { http, socket: `${freshHome()}/gone.sock` })
  expect((await latchkey(reused, ['accounts'])).code).toBe(6)
  expect(seen).toEqual([])
})

it('uses HTTP where the endpoint names no socket', async () => {
  const seen: Seen[] = []
  const server = await listen({ port: 0 }, (it) => {
    seen.push(it)
    return { body: [] }
  })
  const address = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const home = await standIn(() => ({ body: [] }), { http: `http://${address}`, socket: null })
  expect(await latchkey(home, ['accounts', '--json'])).toMatchObject({ code: 0, stdout: '[]\n' })
  expect(seen[0]?.headers).toMatchObject({ host: address, authorization: 'Bearer owner-key-of-a-test' })
})

it.each(['reauth_required', 'forbidden', 'locked', 'provider_unreachable', 'not_found', 'internal'] as const)(
  'turns the error %s into its exit code, with nothing on standard output',
  async (code) => {
    const home = await failing({ code, message: 'In words.', action: { text: 'Do this:', command: 'latchkey x' } })
    const ran = await latchkey(home, ['token', 'practice:ada'])
    expect(ran).toMatchObject({ code: exitCode[code], stdout: '' })
    expect(ran.stderr).toBe('latchkey: In words.\nDo this: latchkey x\n')
    const json = await latchkey(home, ['token', 'practice:ada', '--json'])
    expect(json).toMatchObject({ code: exitCode[code], stdout: '' })
    expect(JSON.parse(json.stderr).error).toMatchObject({ code, message: 'In words.' })
  },
)

it('lists the candidates of an ambiguous account', async () => {
  const home = await failing({
    code: 'ambiguous_account',
    message: 'Two match.',
    candidates: ['acc_1 (a)', 'acc_2 (b)'],
  })
  expect((await latchkey(home, ['account', 'x'])).stderr).toBe('latchkey: Two match.\n  acc_1 (a)\n  acc_2 (b)\n')
})

it('lets no escape sequence of a provider reach the terminal', async () => {
  const home = await failing({ code: 'provider_error', message: 'Bad \u001b]0;pwned\u0007\u001b[2Jthing\u009b1m.' })
  const ran = await latchkey(home, ['token', 'x'], { tty: true })
  expect(ran.stderr).toContain('Bad thing.')
  expect(ran.stderr).not.toContain('pwned')
})

it.each([
  ['no command', []],
  ['an unknown command', ['conect']],
  ['an unknown option', ['accounts', '--jsno']],
  ['a missing argument', ['token']],
  ['an extra argument', ['status', 'x']],
  ['a bad number', ['token', 'a', '--min-validity', 'soon']],
  ['a place that does not exist', ['connect', 'practice', '--via', 'phone']],
  ['nothing to connect', ['connect']],
  ['two things to connect', ['connect', 'practice', '--account', 'x']],
  ['a header without a colon', ['request', 'a', 'GET', '/', '-H', 'nothing']],
  ['a body file that is not there', ['request', 'a', 'POST', '/', '-d', '@/nonexistent/file']],
])('ends with 2 for %s, and says so as JSON with --json', async (_what, args) => {
  const home = await standIn(() => ({ body: {} }))
  const ran = await latchkey(home, args)
  expect(ran).toMatchObject({ code: 2, stdout: '' })
  expect(ran.stderr).not.toBe('')
  const json = await latchkey(home, [...args, '--json'])
  expect(json).toMatchObject({ code: 2, stdout: '' })
  expect(JSON.parse(json.stderr).error.code).toBe('invalid_request')
})

it('prints help and the version on standard output with 0', async () => {
  const help = await latchkey(freshHome(), ['--help'])
  expect(help).toMatchObject({ code: 0, stderr: '' })
  for (const word of ['connect', 'request', 'token', 'Exit codes', '--json']) expect(help.stdout).toContain(word)
  const version = await latchkey(freshHome(), ['--version'])
  expect(version).toMatchObject({ code: 0, stdout: expect.stringMatching(/^\d+\.\d+\.\d+\n$/) })
})

it('does not take what is no Latchkey for one', async () => {
  const home = await standIn(() => ({ status: 200, body: '<html>hello</html>' }))
  const ran = await latchkey(home, ['accounts'])
  expect(ran).toMatchObject({ code: 1, stdout: '' })
  expect(ran.stderr).toContain("does not speak Latchkey's API")
})

it('[E12] says what will go and asks before it removes, and refuses to guess where it cannot ask', async () => {
  const seen: Seen[] = []
  const account = { id: 'acc_1', alias: 'practice:ada', identity: null }
  const home = await standIn((it) => {
    seen.push(it)
    if (it.path.endsWith('/effects?action=remove')) return { body: { sentences: ['All of it goes.'] } }
    return { body: it.method === 'GET' ? account : {} }
  })
  const deleted = () => seen.filter((it) => it.method === 'DELETE').length
  const unattended = await latchkey(home, ['remove', 'practice:ada'])
  expect(unattended.code).toBe(2)
  expect(unattended.stderr).toContain('--yes')
  const no = await latchkey(home, ['remove', 'practice:ada'], { tty: true, whenSaid: [[/\[y\/N\]/, 'n\r']] })
  expect(no.code).toBe(0)
  expect(no.stderr).toContain('All of it goes.')
  expect(no.stderr).toContain('Nothing was removed.')
  expect(deleted()).toBe(0)
  const yes = await latchkey(home, ['remove', 'practice:ada'], { tty: true, whenSaid: [[/\[y\/N\]/, 'y\r']] })
  expect(yes).toMatchObject({ code: 0, stdout: 'Removed practice:ada.\n' })
  expect((await latchkey(home, ['remove', 'practice:ada', '--yes'])).code).toBe(0)
  expect(deleted()).toBe(2)
})
