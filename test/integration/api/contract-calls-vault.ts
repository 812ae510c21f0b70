import { passphrase } from '../whole/host.ts'
import type { Stage } from './contract-calls.ts'

/** How the vault is protected, locked, backed up and moved. Ends with the vault locked and opened again. */
export async function protection({ good, document, owner }: Stage): Promise<void> {
  await good('vault.details')
  await good('profiles.list')
  await good('doctor.run')
  await good('vault.set_lock', {
    body: { idle_minutes: 60, after_minutes: null, on_screen_lock: false, on_suspend: false },
  })
  await good('vault.add_guard', { body: { kind: 'safe-storage' } })
  await good('vault.remove_guard', { path: { kind: 'safe-storage' } })
  await good('vault.rotate', { body: { passphrase } })

  const other = 'another passphrase of the contract'
  await good('vault.change_passphrase', { body: { current: passphrase, passphrase: other } })
  await good('vault.change_passphrase', { body: { current: other, passphrase } })

  await good('vault.set_edit_lock', { body: { enabled: true, passphrase } })
  const name = { provider_id: 'test', name: 'Behind the lock' }
  await document.call('registrations.register', { key: owner, body: name })
  await good('vault.unlock_editing', { body: { passphrase } })
  await good('vault.set_edit_lock', { body: { enabled: false, passphrase } })

  // A practice account is nothing to any other profile.
  await document.call('vault.export', { key: owner, body: { passphrase: other, accounts: ['practice:ada'] } })
  const { document: file } = (await good('vault.export', { body: { passphrase: other } })).json
  await good('vault.import', { body: { document: file, passphrase: other, existing: 'newer' } })
  const backup = await good('vault.back_up')
  await good('vault.restore', { body: { name: backup.json.name } })
  await document.call('vault.details', { key: owner })
  await good('vault.unlock', { body: { passphrase } })
}
