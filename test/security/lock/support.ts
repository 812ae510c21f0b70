import fs from 'node:fs'
import Database from 'better-sqlite3'
import { onTestFinished } from 'vitest'
import { type Host, startHost } from '../../integration/whole/host.ts'

/** A host whose vault asks for the passphrase before providers and registrations change. */
export async function guardedHost(): Promise<Host> {
  const first = await startHost()
  await first.close()
  const db = new Database(first.paths.vault)
  db.prepare("INSERT INTO settings (key, value) VALUES ('edit_lock', 'true')").run()
  db.close()
  const host = await startHost(first.home)
  onTestFinished(async () => {
    await host.close()
    fs.rmSync(host.home, { recursive: true, force: true })
  })
  return host
}
