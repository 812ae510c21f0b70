import fs from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { startImapServer } from '../../doubles/imap-server.ts'
import { startSmtpServer } from '../../doubles/smtp-server.ts'
import { connectPractice } from '../whole/host.ts'
import { freshFolder, freshHost, hasProgram, latchkey, latchkeyOnPath, run } from './support.ts'

/** Ada, connected at the practice provider, and mail servers that ask that provider whose token it is. */
async function world() {
  const host = await freshHost()
  const { alias } = await connectPractice(host)
  const { issuer } = await host.client.practice()
  const mailboxOf = async (token: string) => {
    const answer = await fetch(`${issuer}/userinfo`, { headers: { authorization: `Bearer ${token}` } })
    const claims = (await answer.json()) as { email?: string }
    return answer.ok ? (claims.email ?? null) : null
  }
  const imap = await startImapServer(mailboxOf)
  const smtp = await startSmtpServer(mailboxOf)
  onTestFinished(async () => {
    await imap.close()
    await smtp.close()
  })
  const env = { PATH: `${latchkeyOnPath()}${path.delimiter}${process.env.PATH}`, LATCHKEY_HOME: host.home }
  return { host, alias, imap, smtp, env, mailboxOf }
}

const decoded = (stdout: string) => Buffer.from(stdout.trim(), 'base64').toString('utf8')

it('[F12] makes the messages of Google, Microsoft and RFC 7628, for the account’s own mailbox', async () => {
  const { host, alias } = await world()
  const { access_token: token } = await host.client.token(alias)
  const mine = await latchkey(host.home, ['xoauth2', alias])
  expect(mine).toMatchObject({ code: 0, stderr: '' })
  expect(mine.stdout).toMatch(/^[A-Za-z0-9+/]+=*\n$/)
  expect(decoded(mine.stdout)).toBe(`user=ada@practice.example\u0001auth=Bearer ${token}\u0001\u0001`)
  const shared = await latchkey(host.home, ['xoauth2', alias, '--user', 'team@practice.example', '--raw'])
  expect(shared.stdout).toBe(`user=team@practice.example\u0001auth=Bearer ${token}\u0001\u0001`)
  const bearer = ['xoauth2', alias, '--mechanism', 'oauthbearer', '--user', 'a=b,c@practice.example']
  expect(decoded((await latchkey(host.home, bearer)).stdout)).toBe(
    `n,a=a=3Db=2Cc@practice.example,\u0001auth=Bearer ${token}\u0001\u0001`,
  )
  const whole = await latchkey(host.home, [...bearer, '--host', 'imap.example', '--port', '993'])
  expect(decoded(whole.stdout)).toContain('\u0001host=imap.example\u0001port=993\u0001auth=Bearer ')
})

it('[F12] refuses what it cannot make a message of', async () => {
  const { host, alias } = await world()
  const wrong = (...args: string[]) => latchkey(host.home, ['xoauth2', alias, ...args])
  expect(await wrong('--mechanism', 'plain')).toMatchObject({ code: 2, stdout: '' })
  expect(await wrong('--host', 'imap.example')).toMatchObject({ code: 2, stdout: '' })
  expect(await wrong('--user', 'ada@practice.example\u0001auth=Bearer x')).toMatchObject({ code: 2, stdout: '' })
  await host.client.expire(alias)
  await host.client.reset(alias)
  expect(await wrong()).toMatchObject({ code: 3, stdout: '' })
})

const python = `
import imaplib, smtplib, subprocess, sys
account, imap_port, smtp_port = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
def message(*more):
    return subprocess.check_output(['latchkey', 'xoauth2', account, '--raw', *more])
for mechanism in ['XOAUTH2', 'OAUTHBEARER']:
    raw = message('--mechanism', mechanism.lower())
    imap = imaplib.IMAP4('127.0.0.1', imap_port)
    print(imap.authenticate(mechanism, lambda challenge: raw)[0], imap.select()[0])
    imap.logout()
    smtp = smtplib.SMTP('127.0.0.1', smtp_port)
    smtp.ehlo()
    print(smtp.auth(mechanism, lambda challenge=None: raw.decode())[0])
    smtp.sendmail('ada@practice.example', ['grace@practice.example'], 'Subject: Hi\\n\\nFrom Python.\\n')
    smtp.quit()
other = message('--user', 'grace@practice.example')
imap = imaplib.IMAP4('127.0.0.1', imap_port)
try:
    imap.authenticate('XOAUTH2', lambda challenge: other if not challenge else b'')
except imaplib.IMAP4.error as error:
    print('refused', error)
`

it.skipIf(!hasProgram('python3'))(
  '[F12] signs Python’s imaplib and smtplib in, and opens no other mailbox',
  async () => {
    const { host, alias, imap, smtp, env } = await world()
    await host.client.expire(alias)
    const ran = await run('python3', ['-c', python, alias, String(imap.port), String(smtp.port)], { env })
    expect(ran).toMatchObject({ code: 0, stderr: '' })
    const [first, second, third, fourth, last] = ran.stdout.trim().split('\n')
    expect([first, second, third, fourth]).toEqual(['OK OK', '235', 'OK OK', '235'])
    expect(last).toMatch(/^refused .*AUTHENTICATIONFAILED/)
    expect(smtp.mails).toHaveLength(2)
    expect(imap.signIns.map(({ accepted }) => accepted)).toEqual([true, true, false])
  },
)

it.skipIf(!hasProgram('curl'))('[F12] makes to the byte what curl makes of a token', async () => {
  const { host, alias, mailboxOf, env } = await world()
  const { access_token: token } = await host.client.token(alias)
  for (const mechanism of ['XOAUTH2', 'OAUTHBEARER']) {
    const imap = await startImapServer(mailboxOf, [mechanism])
    onTestFinished(() => imap.close())
    const config = [
      `url = "imap://127.0.0.1:${imap.port}/"`,
      'user = "ada@practice.example:"',
      `oauth2-bearer = "${token}"`,
      'silent',
      'show-error',
    ]
    expect(await run('curl', ['-q', '-K', '-'], { env, input: config.join('\n') })).toMatchObject({
      code: 0,
      stderr: '',
    })
    const where = mechanism === 'XOAUTH2' ? [] : ['--host', '127.0.0.1', '--port', String(imap.port)]
    const ours = await latchkey(host.home, ['xoauth2', alias, '--mechanism', mechanism.toLowerCase(), ...where])
    expect(imap.signIns.at(-1)).toEqual({ mechanism, message: decoded(ours.stdout), accepted: true })
  }
})

it.skipIf(!hasProgram('mutt'))('[F12] mutt sends with latchkey token as its refresh command', async () => {
  const { alias, smtp, env } = await world()
  const folder = freshFolder()
  const muttrc = path.join(folder, 'muttrc')
  const settings = [
    'set from="ada@practice.example" realname="Ada" copy=no crypt_autosign=no',
    `set smtp_url="smtp://ada%40practice.example@127.0.0.1:${smtp.port}/"`,
    'set smtp_authenticators="oauthbearer:xoauth2"',
    `set smtp_oauth_refresh_command="latchkey token ${alias}"`,
    'set ssl_starttls=no ssl_force_tls=no',
  ]
  fs.writeFileSync(muttrc, `${settings.join('\n')}\n`)
  const ran = await run('mutt', ['-n', '-F', muttrc, '-s', 'Hi', 'grace@practice.example'], {
    env: { ...env, HOME: folder, TERM: 'dumb' },
    input: 'From mutt.\n',
  })
  expect(ran).toMatchObject({ code: 0 })
  expect(smtp.mails).toEqual([expect.stringContaining('From mutt.')])
  expect(smtp.signIns).toEqual([expect.objectContaining({ mechanism: 'OAUTHBEARER', accepted: true })])
})
