import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { demoPassphrase } from '../../../electron/cli/demo/host.ts'
import { signInAt } from '../../../electron/services/practice/person.ts'
import { connectAs, realHost } from './host.ts'
import { freshHome } from './stand-in.ts'
import { latchkey } from './terminal.ts'

it('connects at the terminal: the address is shown, the person signs in, the answer is pasted', async () => {
  const host = await realHost()
  const ran = await latchkey(host.home, ['connect', 'practice', '--via', 'paste', '--alias', 'me'], {
    tty: true,
    whenSaid: [
      [
        /(http:\/\/127\S+).*Then paste/s,
        async (said) => `${(await signInAt(said[1] ?? '', { user: 'grace', approve: true })).href}\r`,
      ],
    ],
  })
  expect(ran, ran.stderr).toMatchObject({ code: 0, stdout: 'Connected me (Grace Hopper <grace@practice.example>).\n' })
  const denied = await latchkey(host.home, ['connect', 'practice', '--via', 'paste', '--json'], {
    tty: true,
    whenSaid: [
      [
        /(http:\/\/127\S+).*Then paste/s,
        async (said) => `${(await signInAt(said[1] ?? '', { user: 'ada', approve: false })).href}\r`,
      ],
    ],
  })
  expect(denied).toMatchObject({ code: 4, stdout: '' })
  expect(denied.stderr.trimEnd().split('\n').at(-1)).toContain('"code":"forbidden"')
})

it('[F10] [E14] [E15] [F6] shows, uses, tests, disables, revokes and removes an account, and says who did it', async () => {
  const host = await realHost()
  const id = await connectAs('ada', host)
  const run = (...args: string[]) => latchkey(host.home, args)
  const json = async (...args: string[]) => JSON.parse((await run(...args, '--json')).stdout)

  expect(await json('status')).toMatchObject({ vault: { state: 'unlocked' }, accounts: { active: 1 } })
  expect((await run('status')).stdout).toMatch(/^Latchkey +\d.*headless host\nVault +unlocked/)
  expect((await run('providers')).stdout).toMatch(/practice +.*built in/)
  expect((await run('provider', 'github')).stdout).toContain('1. ')
  expect((await run('accounts')).stdout).toMatch(/practice:ada +.*active +Ada Lovelace <ada@practice.example>/)
  expect(await json('account', 'practice:ada')).toMatchObject({ id, status: { state: 'active' } })
  expect((await run('account', id)).stdout).toContain('practice:ada')

  const answer = await run('request', 'practice:ada', 'POST', '/api/echo', '-d', '{"say":"hello"}')
  expect(answer).toMatchObject({ code: 0, stderr: '' })
  expect(answer.stdout).toContain('hello')
  expect((await run('request', 'practice:ada', 'GET', 'https://example.org/')).code).toBe(4)

  const token = (await run('token', 'practice:ada')).stdout.trim()
  const inspected = await run('inspect', 'practice:ada')
  expect(inspected.stdout).toContain('access_token')
  expect(inspected.stdout).not.toContain(token)

  expect((await json('expire', 'practice:ada')).status.state).toBe('expired')
  expect((await json('refresh', 'practice:ada')).status.state).toBe('active')
  expect((await run('token', 'practice:ada')).stdout.trim()).not.toBe(token)
  expect((await json('rename', 'practice:ada', 'me')).alias).toBe('me')

  const activity = await json('activity', '--account', 'me')
  expect(activity.map((it: { kind: string }) => it.kind)).toEqual(
    expect.arrayContaining(['connected', 'request', 'refreshed', 'token']),
  )
  expect(activity.find((it: { kind: string }) => it.kind === 'request').actor).toBe('cli')
  expect(JSON.stringify(activity)).not.toContain(token)
  expect((await run('activity', '--limit', '1')).stdout.trim().split('\n')).toHaveLength(2)

  expect((await json('disable', 'me')).status.state).toBe('disabled')
  const refused = await run('token', 'me')
  expect(refused.code).toBe(4)
  expect(refused.stderr).toContain('latchkey enable me')
  expect((await run('enable', 'me')).stdout).toContain('active')
  const [registration] = await json('registrations')
  expect((await run('disable', '--registration', registration.id)).stdout).toBe(
    'Practice provider is disabled, with 1 account.\n',
  )
  expect((await run('connect', 'practice')).code).toBe(4)
  expect((await json('enable', '--registration', registration.id)).enabled).toBe(true)
  expect((await run('enable')).code).toBe(2)
  expect((await run('revoke', 'me')).code).toBe(2)
  expect((await json('revoke', 'me', '--yes')).status.state).toBe('reauth_required')
  expect((await json('revoke', '--registration', registration.id, '--yes')).accounts).toEqual([])
  expect((await run('reset', 'me')).code).toBe(0)
  expect((await run('token', 'me')).code).toBe(3)
  expect((await run('remove', 'me', '--yes')).stdout).toBe('Removed me.\n')
  expect((await run('account', 'me')).code).toBe(2)
  expect(await json('accounts')).toEqual([])
})

it('[F13] locks and unlocks; locked is exit code 5 everywhere; the passphrase comes from a file', async () => {
  const host = await realHost()
  await connectAs('ada', host)
  const folder = freshHome()
  const file = (name: string, text: string) => {
    fs.writeFileSync(path.join(folder, name), text, { mode: 0o600 })
    return path.join(folder, name)
  }
  const run = (args: string[], input?: string) => latchkey(host.home, args, input === undefined ? {} : { input })
  expect((await run(['lock'])).stdout).toContain('The vault is locked.')
  for (const args of [
    ['accounts'],
    ['token', 'practice:ada'],
    ['request', 'practice:ada', 'GET', '/api/me'],
    ['connect', 'practice'],
  ]) {
    expect((await run(args)).code, args.join(' ')).toBe(5)
  }
  expect((await run(['status'])).stdout).toContain('locked')
  const unattended = await run(['unlock'])
  expect(unattended.code).toBe(2)
  expect(unattended.stderr).toContain('--passphrase-file')
  const wrong = await run(['unlock', '--passphrase-file', file('wrong', 'not the passphrase\n')])
  expect(wrong.code).toBe(2)
  expect(wrong.stderr).not.toContain('not the passphrase')
  // One second has to pass after a wrong one.
  await expect
    .poll(async () => (await run(['unlock', '--passphrase-file', '-'], `${demoPassphrase}\n`)).code, {
      timeout: 10_000,
      interval: 300,
    })
    .toBe(0)
  expect((await run(['request', 'practice:ada', 'GET', '/api/me'])).code).toBe(0)
})

it('[D8] enters, lists and removes a client of one’s own, its secret from a file', async () => {
  const host = await realHost()
  const folder = freshHome()
  const secret = path.join(folder, 'secret')
  fs.writeFileSync(secret, 'canary-client-secret\n', { mode: 0o600 })
  const run = (...args: string[]) => latchkey(host.home, args)
  const made = await run(
    'register',
    'github',
    '--client-id',
    'Iv1.abc',
    '--client-secret-file',
    secret,
    '--name',
    'Mine',
    '--json',
  )
  expect(made, made.stderr).toMatchObject({ code: 0, stderr: '' })
  expect(made.stdout).not.toContain('canary')
  const { id, ...registration } = JSON.parse(made.stdout)
  expect(registration).toMatchObject({
    name: 'Mine',
    has_client_secret: true,
    client_authentication: 'client_secret_post',
  })
  expect((await run('registrations')).stdout).toMatch(/github +Mine +enabled +Iv1\.abc +yes +0/)
  expect((await run('unregister', id)).code).toBe(2)
  expect((await run('unregister', id, '--yes')).code).toBe(0)
  expect(JSON.parse((await run('registrations', '--json')).stdout)).toEqual([])
  expect((await run('register', 'nosuch', '--client-id', 'x')).code).toBe(2)
})

it('prints a new link to the page', async () => {
  const host = await realHost()
  const ran = await latchkey(host.home, ['page'])
  expect(ran.stdout).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/#link=\S+\n$/)
})
