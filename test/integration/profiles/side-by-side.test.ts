import fs from 'node:fs'
import path from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { listProfiles } from '../../../electron/platform/profiles.ts'
import { ProfileInUse } from '../../../electron/vault/profile-lock.ts'
import { freshFolder } from '../../unit/vault/support.ts'
import { latchkey } from '../cli/terminal.ts'
import { connectPractice, type Host, startHost } from '../whole/host.ts'

/** A person with a home folder of their own, and the profiles in it. */
function person() {
  const home = freshFolder()
  const runtime = path.join(home, 'run')
  fs.mkdirSync(runtime, { mode: 0o700 })
  const env = { HOME: home, XDG_RUNTIME_DIR: runtime, APPDATA: home, USERPROFILE: home }
  return {
    home,
    env,
    async start(name: string): Promise<Host> {
      const paths = profilePaths({ ...env, LATCHKEY_PROFILE: name })
      const host = await startHost(paths.home, null, { paths })
      onTestFinished(() => host.close())
      return host
    },
    run: (...args: string[]) => latchkey('', args, { env }),
  }
}

/** Everything below a folder. */
const below = (folder: string): string[] =>
  fs
    .readdirSync(folder, { recursive: true, withFileTypes: true })
    .flatMap((it) => (it.isFile() ? path.join(it.parentPath, it.name) : []))

it('[E1] two profiles run side by side on one machine, and nothing crosses', async () => {
  const ada = person()
  const [work, home] = [await ada.start('work'), await ada.start('default')]
  expect(new Set([work, home].flatMap(({ latchkey: it }) => [it.api.http, it.api.socket])).size).toBe(4)

  const account = await connectPractice(work, 'grace')
  const same = await connectPractice(home, 'ada')
  // The same provider is in both, with a server and a registration of its own.
  expect([account.provider_id, same.provider_id]).toEqual(['practice', 'practice'])
  expect(account.registration_id).not.toBe(same.registration_id)
  expect((await home.client.accounts()).map((it) => it.alias)).toEqual(['practice:ada'])
  expect((await work.client.accounts()).map((it) => it.alias)).toEqual(['practice:grace'])

  // Locking one locks no other; neither does its passphrase throttle.
  await work.client.lock()
  await expect(work.client.unlock('not the passphrase')).rejects.toMatchObject({ code: 'invalid_request' })
  expect((await home.client.status()).vault.state).toBe('unlocked')
  expect(await home.client.request('practice:ada', { url: '/api/me' })).toMatchObject({ status: 200 })

  // The key of one is no key of the other.
  const key = fs.readFileSync(work.paths.ownerKey, 'utf8').trim()
  const answer = await fetch(`${home.latchkey.api.http}/v1/accounts`, { headers: { authorization: `Bearer ${key}` } })
  expect(answer.status).toBe(401)

  // Nothing of one stands in any file of the other. The default profile's folder is around the others.
  const ofWork = below(work.paths.home)
  const ofHome = below(home.paths.home).filter((file) => !file.startsWith(work.paths.home))
  expect(ofWork.length).toBeGreaterThan(3)
  for (const file of ofWork) expect(fs.readFileSync(file, 'latin1'), file).not.toContain('ada@practice.example')
  for (const file of ofHome) expect(fs.readFileSync(file, 'latin1'), file).not.toContain('grace@practice.example')
  expect(ofWork.some((file) => fs.readFileSync(file, 'latin1').includes('grace@practice.example'))).toBe(true)
})

it('[E1] a profile is open once: a second host of the same one is refused, one of another is not', async () => {
  const ada = person()
  await ada.start('work')
  await expect(ada.start('work')).rejects.toBeInstanceOf(ProfileInUse)
  await ada.start('other')
  expect(listProfiles(ada.env)).toMatchObject([
    { name: 'default', running: false, current: true },
    { name: 'other', running: true },
    { name: 'work', running: true },
  ])
})

it('[E1] the command line speaks to the profile that it is told to', async () => {
  const ada = person()
  const work = await ada.start('work')
  await connectPractice(work, 'grace')
  expect((await ada.run('accounts')).code).toBe(6)
  expect(JSON.parse((await ada.run('--profile', 'work', 'accounts', '--json')).stdout)).toMatchObject([
    { alias: 'practice:grace' },
  ])
  // The short way as well.
  expect((await ada.run('--profile', 'work', 'token', 'practice:grace')).stdout).not.toBe('')
  expect((await ada.run('--profile', 'other', 'token', 'practice:grace')).code).toBe(6)
  const listed = await ada.run('profiles')
  expect(listed.stdout).toMatch(/default \*\s+–.*\nwork\s+runs/)
  expect(JSON.parse((await ada.run('profiles', '--json')).stdout)).toHaveLength(2)
  expect((await ada.run('--profile', '../work', 'accounts')).stderr).toContain('letters, digits')
  expect((await ada.run('--profile', 'work', '--home', '/x', 'accounts')).code).toBe(2)
})
