import { execFileSync, spawnSync } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { type Child, start } from './children.ts'

/** Whether this machine has what these tests need. */
export const hasKeyring =
  process.platform === 'linux' &&
  ['dbus-daemon', 'dbus-send', 'gnome-keyring-daemon'].every((it) => spawnSync('which', [it]).status === 0)

const service = 'org.freedesktop.secrets'
const password = 'the keyring of a test'

export interface Session {
  env: NodeJS.ProcessEnv
  /** A real gnome-keyring, unlocked unless it is told otherwise. One at a time. */
  start(how?: 'unlocked' | 'locked'): Promise<Child>
  stop(): Promise<void>
  /** As the screen lock of some desktops does. */
  lock(): void
  /** Everything that the keyring has stored goes. It has to be stopped. */
  reset(): void
}

/**
 * A session bus of this test's own that starts no service by itself, and the folders of a person, below `folder`.
 *
 * @param atEnd Takes what ends it all.
 */
export async function keyringSession(folder: string, atEnd: (end: () => unknown) => void): Promise<Session> {
  const below = (name: string) => {
    const full = path.join(folder, name)
    fs.mkdirSync(full, { recursive: true, mode: 0o700 })
    return full
  }
  const config = path.join(folder, 'bus.conf')
  fs.writeFileSync(
    config,
    `<busconfig><type>session</type><listen>unix:dir=${below('bus')}</listen><auth>EXTERNAL</auth>
    <policy context="default"><allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/>
    <allow own="*"/></policy></busconfig>`,
  )
  const folders: NodeJS.ProcessEnv = {
    PATH: process.env.PATH,
    HOME: below('home'),
    XDG_DATA_HOME: below('data'),
    XDG_CONFIG_HOME: below('config'),
    XDG_CACHE_HOME: below('cache'),
    XDG_RUNTIME_DIR: below('run'),
  }
  const bus = start('dbus-daemon', [`--config-file=${config}`, '--nofork', '--nopidfile', '--print-address=1'], {
    env: folders,
  })
  atEnd(() => bus.stop())
  const [address] = await bus.says(/unix:\S+/)
  const env = { ...folders, DBUS_SESSION_BUS_ADDRESS: address }
  const ask = (destination: string, object: string, ...message: string[]) =>
    execFileSync('dbus-send', ['--session', `--dest=${destination}`, '--print-reply', object, ...message], {
      env,
      encoding: 'utf8',
    })
  let daemon: Child | null = null
  atEnd(() => daemon?.stop())
  return {
    env,
    async start(how = 'unlocked') {
      const unlock = how === 'unlocked' ? ['--unlock'] : []
      const started = start('gnome-keyring-daemon', ['--foreground', '--components=secrets', ...unlock], {
        env,
        input: how === 'unlocked' ? password : '',
      })
      daemon = started
      const until = Date.now() + 20_000
      const owned = () =>
        ask('org.freedesktop.DBus', '/org/freedesktop/DBus', 'org.freedesktop.DBus.NameHasOwner', `string:${service}`)
      while (!owned().includes('boolean true')) {
        if (Date.now() > until) throw new Error(`The keyring did not come up:\n${started.output()}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
      return started
    },
    stop: async () => daemon?.stop(),
    lock() {
      const collection = 'array:objpath:/org/freedesktop/secrets/collection/login'
      ask(service, '/org/freedesktop/secrets', 'org.freedesktop.Secret.Service.Lock', collection)
    },
    reset: () => fs.rmSync(path.join(folder, 'data', 'keyrings'), { recursive: true, force: true }),
  }
}
