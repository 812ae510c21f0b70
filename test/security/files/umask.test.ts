import fs from 'node:fs'
import path from 'node:path'
import { describe, expect, it, onTestFinished } from 'vitest'
import { until } from '../../../electron/cli/demo/until.ts'
import { connectToHost } from '../../../electron/cli/transport.ts'
import { profilePaths } from '../../../electron/platform/paths.ts'
import { signInAt } from '../../../electron/services/practice/person.ts'
import { start } from '../../e2e/support/children.ts'
import { freshFolder } from '../../unit/vault/support.ts'

const dist = path.join(import.meta.dirname, '../../../dist')
const never = new AbortController().signal

/** A person's folders, empty, for the owner alone: what is in them afterwards has been made by Latchkey. */
function person() {
  const folder = freshFolder()
  const below = (name: string) => {
    const full = path.join(folder, name)
    fs.mkdirSync(full, { mode: 0o700 })
    return full
  }
  const passphrase = path.join(folder, 'passphrase')
  fs.writeFileSync(passphrase, 'correct horse battery staple\n', { mode: 0o600 })
  const env: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: below('home'),
    XDG_CONFIG_HOME: below('config'),
    XDG_DATA_HOME: below('data'),
    XDG_CACHE_HOME: below('xdg-cache'),
    XDG_RUNTIME_DIR: below('run'),
    TMPDIR: below('tmp'),
    LATCHKEY_PASSPHRASE_FILE: passphrase,
  }
  return { folder, env, paths: profilePaths(env) }
}

/** Runs one of the built programs with that umask. */
const run = (umask: string, env: NodeJS.ProcessEnv, ...args: string[]) =>
  start('/bin/sh', ['-c', 'umask "$0"; exec "$@"', umask, process.execPath, ...args], { env })

/** Everything below the folder, as `path mode`, with what is no plain file or folder named. */
function modes(folder: string): [string, number, boolean][] {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true }).map((entry) => {
    const full = path.join(entry.parentPath, entry.name)
    return [path.relative(folder, full), fs.lstatSync(full).mode & 0o777, entry.isDirectory()]
  })
}

describe.skipIf(process.platform === 'win32')('everything that a whole run leaves is for its owner alone', () => {
  it.each(['000', '077'])('under umask %s', { timeout: 120_000 }, async (umask) => {
    const { folder, env, paths } = person()
    const host = run(umask, env, path.join(dist, 'headless.js'))
    onTestFinished(() => host.stop())
    await host.says(/#link=\S+/)
    const connection = connectToHost(paths, never)
    onTestFinished(() => connection.close())
    const { client } = connection
    const flow = await client.connect({ provider: 'practice', via: 'paste' })
    const redirected = await signInAt(flow.authorization_url ?? '', { user: 'ada', approve: true })
    await client.answer(flow.id, redirected.href)
    await until('the account is connected', 20_000, never, async () => {
      return (await client.flow(flow.id)).state === 'completed' ? true : null
    })
    await client.request('practice:ada', { url: '/api/me' })
    await client.backUp()
    for (const args of [['status'], ['accounts'], ['token', 'practice:ada']]) {
      expect(await run(umask, env, path.join(dist, 'cli.js'), ...args).ended).toBe(0)
    }

    const running = modes(folder)
    const names = running.map(([name]) => path.basename(name))
    for (const expected of ['vault.db', 'vault.db-wal', 'latchkey.log', 'owner.key', 'profile.lock', 'endpoint.json']) {
      expect(names).toContain(expected)
    }
    expect(names).toContain('latchkey.sock')
    expect(names.some((name) => /^vault-.*-asked\.db$/.test(name))).toBe(true)
    expect(open(running)).toEqual([])
    await host.stop()
    expect(open(modes(folder))).toEqual([])
  })
})

/** What others could read, write or enter, and what its owner could not. */
function open(all: [string, number, boolean][]): string[] {
  return all
    .filter(([, mode, isFolder]) => mode !== (isFolder ? 0o700 : 0o600))
    .map(([name, mode]) => `${name} ${mode.toString(8)}`)
}
