import { execFileSync } from 'node:child_process'
import { start } from './children.ts'

/**
 * A session bus with a real gnome-keyring on it, unlocked, whose files lie in this test's own folders. Both stay up
 * across restarts of the app.
 */
export async function startKeyring(env: NodeJS.ProcessEnv): Promise<{ address: string; stop(): Promise<void> }> {
  const bus = start('dbus-daemon', ['--session', '--nofork', '--nopidfile', '--print-address=1'], { env })
  const [address] = await bus.says(/unix:\S+/)
  const withBus = { ...env, DBUS_SESSION_BUS_ADDRESS: address }
  const daemon = start('gnome-keyring-daemon', ['--foreground', '--unlock', '--components=secrets'], {
    env: withBus,
    input: 'the keyring of a test',
  })
  await hasOwner('org.freedesktop.secrets', withBus)
  return {
    address,
    async stop() {
      await daemon.stop()
      await bus.stop()
    },
  }
}

async function hasOwner(name: string, env: NodeJS.ProcessEnv): Promise<void> {
  const question = [
    '--session',
    '--dest=org.freedesktop.DBus',
    '--print-reply',
    '/org/freedesktop/DBus',
    'org.freedesktop.DBus.NameHasOwner',
    `string:${name}`,
  ]
  const until = Date.now() + 20_000
  while (Date.now() < until) {
    if (execFileSync('dbus-send', question, { env, encoding: 'utf8' }).includes('boolean true')) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`${name} did not come up on the session bus.`)
}
