import { execFile } from 'node:child_process'
import fs from 'node:fs'
import path from 'node:path'
import { promisify } from 'node:util'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { guardFailures, rejections } from '../../../electron/vault/guard-failures.ts'
import { freshFolder } from '../../unit/vault/support.ts'
import { hasKeyring, newSession, type Session } from './session-keyring.ts'

const script = path.join(import.meta.dirname, 'children/keyring-vault.ts')
const secret = 'client-secret-1'

interface Outcome {
  state: string
  guards: string[]
  reason: string
  remedy: string | null
  secret: string | null
  version: number | null
}

/** One step with the vault, in a process of its own within this session. */
async function step(file: string, env: NodeJS.ProcessEnv, name: string): Promise<Outcome> {
  const { stdout } = await promisify(execFile)(process.execPath, [script, file, name], { env, encoding: 'utf8' })
  return JSON.parse(stdout) as Outcome
}

function slots(file: string): unknown[] {
  const db = new Database(file, { readonly: true })
  const rows = db.prepare('SELECT * FROM key_slots ORDER BY kind').all()
  db.close()
  return rows
}

/** A vault under a real keyring, with a passphrase as its second way in. */
async function made() {
  const session = await newSession()
  await session.start()
  const file = path.join(freshFolder(), 'vault.db')
  expect(await step(file, session.env, 'create')).toMatchObject({ guards: ['os-keyring', 'passphrase'], secret })
  return { session, file }
}

type Trouble = (session: Session, file: string) => Promise<NodeJS.ProcessEnv | undefined>

describe.skipIf(!hasKeyring)('[F13] a vault under the keyring of the system', () => {
  it('opens in another process, and the entry is not what opens the values', async () => {
    const { session, file } = await made()
    expect(await step(file, session.env, 'open')).toMatchObject({
      state: 'unlocked',
      reason: "Protected by this computer's keyring.",
      secret,
    })
    await session.stop()
    await session.start()
    expect(await step(file, session.env, 'open')).toMatchObject({ secret })
  })

  const troubles: [string, { reason: string; remedy?: string }, Trouble][] = [
    ['a keyring that is locked where nothing can ask', guardFailures.locked_unattended, async (s) => void s.lock()],
    [
      'a keyring whose question was closed',
      guardFailures.cancelled,
      async (session) => {
        session.lock()
        return { DISPLAY: ':99' }
      },
    ],
    [
      'a keyring that was started without its password',
      guardFailures.locked_unattended,
      async (session) => {
        await session.stop()
        await session.start('locked')
        return undefined
      },
    ],
    [
      'a keyring that is not running',
      guardFailures.no_service,
      async (session) => {
        await session.stop()
        return undefined
      },
    ],
    [
      'a keyring that hangs',
      guardFailures.silent,
      async (session) => {
        await session.stop()
        const daemon = await session.start()
        daemon.process.kill('SIGSTOP')
        onTestFinished(() => void daemon.process.kill('SIGKILL'))
        return undefined
      },
    ],
    ['no D-Bus', guardFailures.no_bus, async () => ({ DBUS_SESSION_BUS_ADDRESS: undefined })],
    [
      'a sandbox without access',
      guardFailures.sandbox,
      async () => ({ DBUS_SESSION_BUS_ADDRESS: 'unix:path=/nowhere', FLATPAK_ID: 'app.latchkey' }),
    ],
    [
      'an entry that was removed',
      { reason: rejections.entryGone },
      async (session, file) => void (await step(file, session.env, 'remove')),
    ],
    [
      'an entry that holds another key',
      { reason: rejections.entryChanged },
      async (session, file) => void (await step(file, session.env, 'change')),
    ],
    [
      'an entry that holds no key',
      { reason: rejections.entryChanged },
      async (session, file) => void (await step(file, session.env, 'garble')),
    ],
    [
      'a keyring that was reset',
      { reason: rejections.entryGone },
      async (session) => {
        await session.stop()
        session.reset()
        await session.start()
        return undefined
      },
    ],
  ]

  it.each(troubles)('%s: locked, with the reason and the way out; the passphrase opens it', async (_, said, make) => {
    const { session, file } = await made()
    const before = slots(file)
    const env = { ...session.env, ...(await make(session, file)) }
    const outcome = await step(file, env, 'open')
    expect(outcome).toMatchObject({ state: 'locked', guards: ['os-keyring', 'passphrase'], reason: said.reason })
    if (said.remedy !== undefined) expect(outcome.remedy).toContain(said.remedy)
    expect(outcome.remedy).toMatch(/Or unlock the vault with its passphrase\.$/)
    expect(slots(file)).toEqual(before)
    expect(await step(file, env, 'passphrase')).toMatchObject({ state: 'unlocked', secret })
    expect(slots(file)).toEqual(before)
  })

  it('a keyring that comes back opens it as before', async () => {
    const { session, file } = await made()
    await session.stop()
    expect((await step(file, session.env, 'open')).state).toBe('locked')
    await session.start()
    expect(await step(file, session.env, 'open')).toMatchObject({ secret })
  })

  it('after a reset the slot is renewed with the passphrase', async () => {
    const { session, file } = await made()
    await session.stop()
    session.reset()
    await session.start()
    expect(await step(file, session.env, 'renew')).toMatchObject({ guards: ['os-keyring', 'passphrase'], secret })
    expect(await step(file, session.env, 'open')).toMatchObject({ state: 'unlocked', secret })
  })

  it('a rotation keeps the entry: the vault opens, and so does a copy from before', async () => {
    const { session, file } = await made()
    const copy = path.join(freshFolder(), 'vault.db')
    fs.copyFileSync(file, copy)
    expect(await step(file, session.env, 'rotate')).toMatchObject({ secret, version: 2 })
    expect(await step(file, session.env, 'open')).toMatchObject({ secret, version: 2 })
    expect(await step(copy, session.env, 'open')).toMatchObject({ secret, version: 1 })
  })

  it('a new vault is not made under a keyring that cannot take its key', async () => {
    const session = await newSession()
    await session.start('locked')
    const file = path.join(freshFolder(), 'vault.db')
    expect(await step(file, session.env, 'new')).toMatchObject({
      state: 'new',
      reason: guardFailures.no_keyring.reason,
    })
    await session.stop()
    expect(await step(file, session.env, 'new')).toMatchObject({
      state: 'new',
      reason: guardFailures.no_service.reason,
    })
    expect(slots(file)).toEqual([])
  })

  it('looking whether a keyring is there asks nobody, and leaves nothing in it', async () => {
    const { session, file } = await made()
    session.lock()
    expect((await step(file, session.env, 'probe')).state).toBe('locked')
    await session.stop()
    await expect(step(file, session.env, 'probe')).rejects.toThrow('No keyring runs in this session.')
  })
})
