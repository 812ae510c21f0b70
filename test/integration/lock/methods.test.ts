import fs from 'node:fs'
import path from 'node:path'
import { expect, it } from 'vitest'
import { doctorCheckSchema } from '../../../shared/contract-vault.ts'
import { wholeHost } from '../api/paired.ts'
import { latchkey } from '../cli/terminal.ts'
import { connectPractice, type Host, passphrase, startHost } from '../whole/host.ts'

const registration = {
  provider_id: 'github',
  name: 'Mine',
  description: '',
  client_id: 'my-client',
  client_secret: 'my-secret',
  client_authentication: 'client_secret_post' as const,
  scopes: [],
  variables: {},
  extra_hosts: [],
  fallback_expiry: null,
}

function passphraseFile(host: Host, text = passphrase): string {
  const file = path.join(host.home, 'passphrase')
  fs.writeFileSync(file, `${text}\n`, { mode: 0o600 })
  return file
}

it('[E2] the edit lock, turned on, opened for five minutes and turned off on the command line', async () => {
  const host = await wholeHost()
  const run = (...args: string[]) => latchkey(host.home, args)
  const file = passphraseFile(host)
  expect((await run('edit-lock')).stdout).toContain('do not ask')
  expect((await run('edit-lock', 'on', '--passphrase-file', file)).stdout).toContain('ask for the passphrase')
  expect((await run('edit-lock', '--json')).stdout).toBe('{"enabled":true,"open_until":null}\n')
  await expect(host.client.saveRegistration(registration)).rejects.toMatchObject({ code: 'forbidden' })
  expect((await run('unlock', '--editing', '--passphrase-file', file)).stdout).toContain('for five minutes')
  const saved = await host.client.saveRegistration(registration)
  expect((await host.client.vaultDetails()).edit_lock).toMatchObject({ enabled: true, open_until: expect.any(String) })
  expect((await run('edit-lock', 'off', '--passphrase-file', file)).code).toBe(0)
  await host.client.removeRegistration(saved.id)
  expect((await run('edit-lock', 'perhaps')).code).toBe(2)
  const wrong = await run('edit-lock', 'on', '--passphrase-file', passphraseFile(host, 'not this one'))
  expect(wrong).toMatchObject({ code: 2, stdout: '' })
})

it('[F13] auto-lock, shown and set on the command line', async () => {
  const host = await wholeHost()
  const run = (...args: string[]) => latchkey(host.home, args)
  expect((await run('auto-lock')).stdout).toMatch(/Without use +never/)
  expect((await run('auto-lock', '--idle', '15', '--suspend', 'on')).stdout).toMatch(/Without use +15 min/)
  expect(JSON.parse((await run('auto-lock', '--after', '60', '--json')).stdout)).toEqual({
    idle_minutes: 15,
    after_minutes: 60,
    on_screen_lock: false,
    on_suspend: true,
  })
  expect((await run('auto-lock', '--idle', 'never')).stdout).toMatch(/Without use +never/)
  expect((await run('auto-lock', '--idle', '0')).code).toBe(2)
  expect((await host.client.vaultDetails()).lock.after_minutes).toBe(60)
})

it('[G7] the doctor finds a healthy host healthy, locked or not, and what is wrong with exit code 1', async () => {
  const host = await wholeHost()
  await connectPractice(host)
  const run = (...args: string[]) => latchkey(host.home, args)
  const checks = doctorCheckSchema.array().parse(await host.client.doctor())
  expect(checks.map((it) => it.id).sort()).toEqual(
    'backend clock files keyring ports providers proxies vault versions'.split(' '),
  )
  expect(checks.filter((it) => it.state === 'problem')).toEqual([])
  // The practice provider is no host on the network, and was not started for this.
  expect(checks.find((it) => it.id === 'providers')).toMatchObject({ state: 'not_applicable' })
  await host.client.lock()
  const healthy = await run('doctor', '--all')
  expect([healthy.code, process.exitCode]).toEqual([0, undefined])
  expect(healthy.stdout).toMatch(/ok +Vault: The vault’s file is whole/)
  expect(healthy.stdout).toContain('SQLite')

  fs.chmodSync(host.paths.log, 0o644)
  const ill = await run('doctor')
  expect(ill.stdout).toContain('chmod go-rwx')
  expect(process.exitCode).toBe(1)
  process.exitCode = undefined
})

it('[G7] a vault in memory has an honest badge, and nothing to add to it', async () => {
  const host = await startHost(undefined, null, { memoryOnly: true })
  try {
    const details = await host.client.vaultDetails()
    expect(details).toMatchObject({ slots: [], addable: [], badge: { level: 'memory_only' }, backups: [] })
    expect((await host.client.doctor()).map((it) => [it.id, it.state])).toEqual(
      expect.arrayContaining([
        ['backend', 'warning'],
        ['keyring', 'not_applicable'],
        ['vault', 'not_applicable'],
      ]),
    )
    await expect(host.client.setEditLock(true, passphrase)).rejects.toMatchObject({ code: 'invalid_request' })
    await expect(host.client.backUp()).rejects.toMatchObject({ code: 'invalid_request' })
  } finally {
    await host.close()
    fs.rmSync(host.home, { recursive: true })
  }
})

it('[E1] lists the profiles with the one that answers', async () => {
  const host = await wholeHost()
  const profiles = await host.client.profiles()
  expect(profiles.filter((it) => it.current)).toEqual([
    { name: host.home, home: host.home, current: true, running: true },
  ])
})
