import { AsyncEntry } from '@napi-rs/keyring'
import Database from 'better-sqlite3'
import { osKeyringGuard } from '../../../../electron/vault/os-keyring-guard.ts'
import { openVault } from '../../../../electron/vault/vault.ts'
import { cheapGuard, noLog, seed, settableClock } from '../../../unit/vault/fixtures.ts'

/**
 * One step with a vault whose slot the keyring of this process's session guards; says how it ended as JSON. libdbus reads
 * the address of the session once for each process, so each step has a process of its own.
 */
const [file = '', step = 'open'] = process.argv.slice(2)
const guard = osKeyringGuard({ patience: 20_000 })
const vault = openVault({ file, clock: settableClock(), logger: noLog })

/** The entry as any other program of the session could reach it. */
function entry(): AsyncEntry {
  const db = new Database(file, { readonly: true })
  const params = db.prepare("SELECT params FROM key_slots WHERE kind = 'os-keyring'").pluck().get() as string
  db.close()
  const { account } = JSON.parse(params) as { account: string }
  return new AsyncEntry('Latchkey', account, { linux: { store: 'secret-service' } })
}

const steps: Record<string, () => Promise<unknown>> = {
  async create() {
    await vault.create(guard)
    await vault.keys.add(cheapGuard())
    seed(vault)
  },
  /** As the desktop or the headless host does at its start. */
  open: () => vault.unlock(guard),
  passphrase: () => vault.unlock(cheapGuard()),
  /** A new vault alone, where the keyring may not be able to take it. */
  new: () => vault.create(guard).catch(() => undefined),
  async rotate() {
    await vault.unlock(guard)
    await vault.keys.rotate([guard, cheapGuard()])
    await vault.keys.settled()
  },
  async renew() {
    await vault.unlock(cheapGuard())
    await vault.keys.remove('os-keyring')
    await vault.keys.add(guard)
  },
  remove: () => entry().deleteCredential(),
  change: () => entry().setSecret(Buffer.from('ab'.repeat(32))),
  garble: () => entry().setSecret(Buffer.from('not a key')),
  probe: async () => guard.probe?.(),
}
await steps[step]?.()
const status = vault.status()
const secret =
  status.state === 'unlocked'
    ? (vault.registrations.get('reg_1')?.clientId ?? null) && vault.registrations.clientSecret('reg_1')
    : null
process.stdout.write(
  `${JSON.stringify({ ...status, secret, version: secret === null ? null : vault.keys.version() })}\n`,
)
vault.close()
// A question of the keyring that nobody answers must not keep the process.
process.exit()
