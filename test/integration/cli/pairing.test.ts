import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { until } from '../../../electron/cli/demo/until.ts'
import { connectAs, realHost } from './host.ts'
import { freshHome } from './stand-in.ts'
import { latchkey } from './terminal.ts'

type Host = Awaited<ReturnType<typeof realHost>>
const never = new AbortController().signal

/** A script asks; gives its code, and what becomes of it. */
async function ask(host: Host, more: string[], name = 'Backup') {
  const asked = latchkey(host.home, ['pair', 'request', name, '--purpose', 'Copies my files', ...more])
  const code = await until('the program asks', 10_000, never, async () => {
    const [waiting] = (await host.client.asks()).filter((it) => it.state === 'waiting' && it.kind === 'pair')
    return waiting?.code ?? null
  })
  return { asked, code }
}

it('[F11] lets a program in, shows it, narrows it, withdraws it and revokes it, all from the terminal', async () => {
  const host = await realHost()
  await connectAs('ada', host)
  const run = (...args: string[]) => latchkey(host.home, args)
  const json = async (...args: string[]) => {
    const ran = await run(...args, '--json')
    expect(ran, args.join(' ')).toMatchObject({ code: 0, stderr: '' })
    return JSON.parse(ran.stdout)
  }
  expect((await run('pair')).stdout).toBe('No program asks for anything.\n')

  const keyFile = path.join(freshHome(), 'backup.key')
  const wants = ['--want', 'practice:ada:see,request,token', '--save', keyFile]
  const { asked, code } = await ask(host, wants)
  const shown = (await run('pair')).stdout
  expect(shown).toContain(`${code}  Backup asks for access`)
  expect(shown).toContain('Copies my files')
  expect(shown).toContain('practice:ada: see, request, token')
  expect(shown).toMatch(/The system says +\S/)

  const unattended = await run('pair', 'approve', code)
  expect(unattended).toMatchObject({ code: 2, stdout: '' })
  expect(unattended.stderr).toContain('--yes')
  const no = await latchkey(host.home, ['pair', 'approve', code], { tty: true, whenSaid: [[/\[y\/N\]/, 'n\r']] })
  expect(no.stderr).toContain('Not granted, because nobody named it: token.')
  expect(no.stderr).toContain('Nothing was granted.')
  // The code as somebody types it.
  const typed = code.toLowerCase().replace('-', '')
  const yes = await latchkey(host.home, ['pair', 'approve', typed], { tty: true, whenSaid: [[/\[y\/N\]/, 'y\r']] })
  expect(yes, yes.stderr).toMatchObject({ code: 0 })
  expect(yes.stdout).toBe('Approved Backup. It gets its key the next time it looks.\n')
  const answered = await asked
  expect(answered).toMatchObject({ code: 0, stdout: '' })
  expect(answered.stderr).toContain(code)
  expect(fs.statSync(keyFile).mode & 0o777).toBe(0o600)
  const key = fs.readFileSync(keyFile, 'utf8').trim()
  expect(key).toMatch(/^lkapp_/)

  const asApp = (...args: string[]) => latchkey(host.home, ['--key-file', keyFile, ...args])
  expect(await asApp('request', 'practice:ada', 'GET', '/api/me')).toMatchObject({ code: 0 })
  expect((await asApp('token', 'practice:ada')).code).toBe(4)
  expect((await asApp('apps')).code).toBe(4)

  expect((await run('apps')).stdout).toMatch(/Backup +Copies my files +active +practice:ada +\S+.* +never/)
  const [permission] = (await json('app', 'Backup')).permissions
  expect(permission).toMatchObject({ rights: ['see', 'request'], hosts: [], methods: [], until: null })
  expect((await run('app', 'Backup')).stdout).toContain(permission.id)

  const narrow = ['--method', 'GET', '--path', '/api/me', '--until', '30d']
  const changed = await json('permission', 'change', permission.id, ...narrow)
  expect(changed.permissions).toMatchObject([
    { rights: ['see', 'request'], methods: ['GET'], path_prefix: '/api/me', until: expect.any(String) },
  ])
  expect((await asApp('request', 'practice:ada', 'GET', '/api/me')).code).toBe(0)
  const refused = await asApp('request', 'practice:ada', 'POST', '/api/echo', '-d', 'x')
  expect(refused).toMatchObject({ code: 4, stdout: '' })
  expect(refused.stderr).toContain('latchkey pair approve')
  const more = (await json('pair')).find((it: { kind: string }) => it.kind === 'permission')
  expect(more.name).toBe('Backup')
  expect((await run('pair', 'approve', more.code, '--name', 'Other', '--yes')).code).toBe(2)
  expect((await run('pair', 'deny', more.code)).stdout).toBe('Denied Backup.\n')

  const wide = await json('permission', 'change', permission.id, '--method', 'any', '--path', 'any', '--until', 'never')
  expect(wide.permissions).toMatchObject([{ methods: [], path_prefix: null, until: null }])
  const added = await json('permission', 'add', 'Backup', '--new-accounts', '--right', 'connect,request')
  expect(added.permissions.map((it: { account_id: unknown }) => it.account_id)).toContain(null)
  expect((await run('permission', 'add', 'Backup')).code).toBe(2)
  expect((await run('permission', 'change', 'perm_nosuch', '--right', 'see')).code).toBe(2)
  expect((await json('permission', 'withdraw', permission.id)).permissions).toHaveLength(1)
  expect((await asApp('request', 'practice:ada', 'GET', '/api/me')).code).toBe(4)

  expect((await run('app', 'rename', 'Backup', 'Nightly')).stdout).toBe('It is called Nightly now.\n')
  expect(await json('app', 'expire', 'Nightly', '--on', '90d', '--idle-days', '30')).toMatchObject({
    state: 'active',
    idle_days: 30,
    expires_at: expect.any(String),
  })
  expect(await json('app', 'expire', 'Nightly', '--on', 'never', '--idle-days', 'never')).toMatchObject({
    idle_days: null,
    expires_at: null,
  })
  expect((await run('app', 'expire', 'Nightly')).code).toBe(2)
  expect((await run('app', 'revoke', 'Nightly')).code).toBe(2)
  expect((await run('app', 'revoke', 'Nightly', '--yes')).stdout).toBe('Revoked Nightly.\n')
  const gone = await asApp('request', 'practice:ada', 'GET', '/api/me')
  expect(gone).toMatchObject({ code: 4, stdout: '' })
  expect(gone.stderr).not.toBe(refused.stderr)
  expect((await run('apps')).stdout).toContain('No program has been let in yet.')
  const log = await run('activity', 'export')
  expect(log.stdout).not.toContain(key)
})

it('tells a script that it was refused, and prints the key of one that was let in', async () => {
  const host = await realHost()
  await connectAs('ada', host)
  const run = (...args: string[]) => latchkey(host.home, args)
  const file = path.join(freshHome(), 'never.key')
  const first = await ask(host, ['--want', 'practice:ada:see', '--save', file])
  await run('pair', 'deny', first.code)
  expect(await first.asked).toMatchObject({ code: 4, stdout: '' })
  expect(fs.existsSync(file)).toBe(false)

  // The same program would not be heard again so soon.
  const second = await ask(host, ['--json'], 'Another')
  expect((await run('pair', 'approve', second.code, '--right', 'see', '--yes')).code).toBe(2)
  const grant = ['--account', 'practice:ada', '--right', 'see', '--name', 'Mine', '--idle-days', '7', '--yes']
  expect((await run('pair', 'approve', second.code, ...grant)).code).toBe(0)
  const { stdout } = await second.asked
  expect(JSON.parse(stdout)).toMatchObject({ key: expect.stringMatching(/^lkapp_/), state: 'approved' })
  const [app] = JSON.parse((await run('apps', '--json')).stdout)
  expect(app).toMatchObject({ name: 'Mine', idle_days: 7, permissions: [{ rights: ['see'] }] })
  expect((await run('pair', 'approve', second.code, '--yes')).code).toBe(2)
  expect(JSON.parse((await run('pair', '--all', '--json')).stdout)).toHaveLength(2)
})

it('never writes a key over a file that is there, and asks nobody then', async () => {
  const host = await realHost()
  const file = path.join(freshHome(), 'there.key')
  fs.writeFileSync(file, 'mine')
  const ran = await latchkey(host.home, ['pair', 'request', 'X', '--purpose', 'Y', '--save', file])
  expect(ran.code).toBe(2)
  expect(fs.readFileSync(file, 'utf8')).toBe('mine')
  expect(await host.client.asks()).toEqual([])
})

it('[E19] [G3] [G4] binds a host, uses it without an account, and says who used what', async () => {
  const host = await realHost()
  await connectAs('ada', host)
  const run = (...args: string[]) => latchkey(host.home, args)
  const json = async (...args: string[]) => {
    const ran = await run(...args, '--json')
    expect(ran, args.join(' ')).toMatchObject({ code: 0, stderr: '' })
    return JSON.parse(ran.stdout)
  }
  const api = new URL((await host.client.practice()).api_base_url ?? '')
  expect((await run('bindings')).stdout).toContain('No host is bound.')
  expect((await run('request', '--bound', 'GET', `${api.origin}/api/me`)).code).toBe(2)
  expect((await run('bind', api.host, 'practice:ada')).stdout).toBe(`Requests to ${api.host} use practice:ada now.\n`)
  expect((await run('bindings')).stdout).toContain('practice:ada')
  expect((await run('request', '--bound', 'GET', `${api.origin}/api/me`)).stdout).toContain('Ada Lovelace')
  expect((await run('request', '--bound', 'practice:ada', 'GET', '/api/me')).code).toBe(2)
  expect((await run('unbind', api.host)).code).toBe(0)
  expect((await run('request', '--bound', 'GET', `${api.origin}/api/me`)).code).toBe(2)

  const usage = await json('usage', 'practice:ada', '--days', '7')
  expect(usage).toMatchObject({ days: 7, users: [{ actor: 'cli' }] })
  expect((await run('usage', 'practice:ada')).stdout).toMatch(/request +GET +\S+\/api\/me +1/)

  const requests = await json('activity', '--kind', 'request', '--outcome', 'ok', '--since', '1h')
  expect(requests).toHaveLength(1)
  expect(await json('activity', '--kind', 'request', '--until', '1h')).toEqual([])
  const exported = await run('activity', 'export', '--kind', 'request')
  expect(
    exported.stdout
      .trim()
      .split('\n')
      .map((it) => JSON.parse(it).kind),
  ).toEqual(['request'])
  expect((await run('activity', 'export', '--right', 'nosuch')).code).toBe(2)
  const limits = await json('activity', 'limits')
  expect(await json('activity', 'limits', '--max-days', '30')).toEqual({ ...limits, max_days: 30 })
})
