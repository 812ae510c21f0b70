import fs from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startApi } from '../../../electron/api/server.ts'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { createAccessTokenService } from '../../../electron/services/access-token.ts'
import { createDispatch } from '../../../electron/services/dispatch.ts'
import type { Handlers } from '../../../electron/services/ports.ts'
import { signInAsPerson } from '../../doubles/person.ts'
import { noLog } from '../../unit/vault/support.ts'
import { freshHome } from '../cli/stand-in.ts'
import { latchkey } from '../cli/terminal.ts'
import { grantWorld } from './world.ts'

const password = 'correct horse battery staple'

/** The sign-ins behind the real local API, in a profile that the command line finds. */
async function apiWorld(options: Parameters<typeof grantWorld>[0] = {}) {
  const it = await grantWorld(options)
  const home = freshHome()
  const handlers: Partial<Handlers> = {
    'connect.start': (input, caller) => it.connect.start(input, caller),
    'connect.get': ({ flow }) => it.connect.get(flow),
    'connect.cancel': ({ flow }) => it.connect.cancel(flow),
    'accounts.get': ({ account }) => it.accounts.view(it.accounts.resolve(account)),
  }
  const api = await startApi({
    dispatch: createDispatch(handlers as Handlers),
    services: {
      accessTokens: createAccessTokenService(it),
      vault: it.vault,
      pairing: it.all.pairing,
      apps: it.all.apps,
      audit: it.audit,
      sees: it.all.sees,
      onEnded: it.all.onEnded,
      proxy: { handle: () => Promise.reject(new Error('The proxy is not part of this test.')) },
    },
    events: it.events,
    paths: profilePaths({ LATCHKEY_HOME: home }),
    page: null,
    logger: noLog,
    version: '0.0.0',
    port: 0,
  })
  onTestFinished(() => api.close())
  return { ...it, home }
}

it('[F3] connects with a device code: shows address and code in the terminal, and waits for the person', async () => {
  const { home, server, accounts } = await apiWorld()
  const enter = async ([, address]: RegExpExecArray) => {
    await signInAsPerson(address ?? '', server.deviceEnd, { user: 'grace' })
    return ''
  }
  const ran = await latchkey(home, ['connect', 'test', '--device'], {
    tty: true,
    whenSaid: [[/stands in this address already:\n {2}(\S+)/, enter]],
  })
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Connected test:grace') })
  expect(ran.stderr).toMatch(
    /Open this address on any device:\n {2}http\S+\/device\nand enter the code:\n {2}\w{4}-\w{4}\n/,
  )
  expect(ran.stderr).not.toContain('paste')
  expect(accounts.resolve('test:grace').grant).toBe('device_code')
})

it('[F3] ends with code 4 when the person declines', async () => {
  const { home, server } = await apiWorld()
  const decline = async ([, address]: RegExpExecArray) => {
    await signInAsPerson(address ?? '', server.deviceEnd, { user: 'grace', consents: false })
    return ''
  }
  const ran = await latchkey(home, ['connect', 'test', '--grant', 'device_code'], {
    tty: true,
    whenSaid: [[/stands in this address already:\n {2}(\S+)/, decline]],
  })
  expect(ran).toMatchObject({
    code: 4,
    stdout: '',
    stderr: expect.stringContaining('Access was declined at Test provider.'),
  })
})

it('[C11] takes the password from standard input and shows it nowhere', async () => {
  const { home, server } = await apiWorld()
  server.passwords.set('ada', password)
  const args = ['connect', 'test', '--username', 'ada', '--password-file', '-']
  const ran = await latchkey(home, args, { input: `${password}\n` })
  expect(ran).toMatchObject({ code: 0, stdout: expect.stringContaining('Connected test:ada') })
  expect(ran.stdout + ran.stderr).not.toContain(password)
})

it('[C11] takes the password from a file, and says when there is none', async () => {
  const { home, server } = await apiWorld()
  server.passwords.set('ada', password)
  const file = path.join(home, 'password')
  fs.writeFileSync(file, `${password}\n`, { mode: 0o600 })
  const connect = (...more: string[]) => latchkey(home, ['connect', 'test', '--username', 'ada', ...more])
  expect(await connect()).toMatchObject({ code: 2, stderr: expect.stringContaining('--password-file') })
  expect(await connect('--password-file', `${file}.none`)).toMatchObject({ code: 2 })
  expect(await connect('--password-file', file)).toMatchObject({ code: 0 })
})

it('[C10] connects a client of its own at once', async () => {
  const { home } = await apiWorld({ registration: { scopes: [] } })
  const ran = await latchkey(home, ['connect', 'test', '--grant', 'client_credentials', '--json'])
  expect(ran).toMatchObject({ code: 0, stderr: '' })
  expect(JSON.parse(ran.stdout)).toMatchObject({ alias: 'test:Test', grant: 'client_credentials' })
})

it('[F5] exchanges the token of an account that it names', async () => {
  const { home, connectAs } = await apiWorld({ registration: { scopes: ['openid', 'profile'] } })
  await connectAs('ada', { provider: 'test', alias: 'mine' })
  const ran = await latchkey(home, ['connect', 'test', '--subject-account', 'mine', '--json'])
  expect(JSON.parse(ran.stdout)).toMatchObject({ grant: 'token_exchange', identity: { subject: 'ada' } })
})

it.each([
  [['--device', '--grant', 'password'], '--device does not go with password.'],
  [['--device', '--username', 'ada'], '--username does not go with device_code.'],
  [['--subject', 'ada', '--subject-account', 'mine'], '--subject-account does not go with jwt_bearer.'],
])('refuses %j before anything is asked', async (options, words) => {
  const { home, server } = await apiWorld()
  const ran = await latchkey(home, ['connect', 'test', ...options])
  expect(ran).toMatchObject({ code: 2, stderr: expect.stringContaining(words) })
  expect(server.tokenRequests).toEqual([])
})
