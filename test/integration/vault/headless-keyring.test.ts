import fs from 'node:fs'
import path from 'node:path'
import Database from 'better-sqlite3'
import { describe, expect, it, onTestFinished } from 'vitest'
import { start } from '../../e2e/support/children.ts'
import { freshFolder } from '../../unit/vault/support.ts'
import { hasKeyring, newSession } from './session-keyring.ts'

const entry = path.join(import.meta.dirname, '../../../dist/headless.js')
const passphrase = 'the passphrase of a file'

/** The headless host, until it answers. */
async function host(env: NodeJS.ProcessEnv) {
  const child = start(process.execPath, [entry], { env })
  onTestFinished(() => child.stop())
  const [, http] = await child.says(/Local API: (\S+) and/)
  const health = (await (await fetch(`${http}/v1/health`)).json()) as { locked: boolean }
  return { locked: health.locked, stop: () => child.stop() }
}

function slotKinds(home: string): unknown[] {
  const db = new Database(path.join(home, 'vault.db'), { readonly: true })
  const kinds = db.prepare('SELECT kind FROM key_slots').pluck().all()
  db.close()
  return kinds
}

describe.skipIf(!hasKeyring)('[F13] the headless host', () => {
  it('protects a new vault with the keyring that answers, and opens it at the next start; without it, it stays locked', async () => {
    const session = await newSession()
    await session.start()
    const home = path.join(freshFolder(), 'profile')
    const env = { ...session.env, LATCHKEY_HOME: home }
    for (const _ of ['new', 'again']) {
      const { locked, stop } = await host(env)
      expect(locked).toBe(false)
      await stop()
      expect(slotKinds(home)).toEqual(['os-keyring'])
    }
    await session.stop()
    expect((await host(env)).locked).toBe(true)
    expect(slotKinds(home)).toEqual(['os-keyring'])
  })

  it('takes the passphrase of a file for a new vault although a keyring answers', async () => {
    const session = await newSession()
    await session.start()
    const folder = freshFolder()
    const file = path.join(folder, 'passphrase')
    fs.writeFileSync(file, `${passphrase}\n`, { mode: 0o600 })
    const home = path.join(folder, 'profile')
    const env = { ...session.env, LATCHKEY_HOME: home, LATCHKEY_PASSPHRASE_FILE: file }
    const { stop } = await host(env)
    await stop()
    expect(slotKinds(home)).toEqual(['passphrase'])
  })
})
