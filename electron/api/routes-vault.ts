import { vaultContract } from '../../shared/contract-vault.ts'
import type { Route } from './routes.ts'

type VaultRoute = Omit<Route, 'call' | 'choose'> & { call: keyof typeof vaultContract }

/** How the vault is protected, locked, backed up, moved and checked; profiles. All of it for the person alone. */
export const vaultRoutes: VaultRoute[] = [
  {
    method: 'GET',
    path: '/v1/vault',
    call: 'vault.details',
    summary: 'How the vault is protected and locked, and its backups.',
  },
  {
    method: 'POST',
    path: '/v1/vault/guards',
    call: 'vault.add_guard',
    summary: 'Adds a second way into the vault.',
    body: vaultContract['vault.add_guard'].input,
  },
  {
    method: 'DELETE',
    path: '/v1/vault/guards/{kind}',
    call: 'vault.remove_guard',
    summary: 'Takes a way into the vault away; never the last one.',
    parameters: { kind: 'kind' },
  },
  {
    method: 'POST',
    path: '/v1/vault/passphrase',
    call: 'vault.change_passphrase',
    summary: 'Changes the passphrase.',
    body: vaultContract['vault.change_passphrase'].input,
  },
  {
    method: 'POST',
    path: '/v1/vault/rotate',
    call: 'vault.rotate',
    summary: 'Makes a new data key; everything is sealed anew in the background.',
    body: vaultContract['vault.rotate'].input,
  },
  {
    method: 'PUT',
    path: '/v1/vault/lock',
    call: 'vault.set_lock',
    summary: 'Sets when the vault locks by itself.',
    body: vaultContract['vault.set_lock'].input,
  },
  {
    method: 'PUT',
    path: '/v1/vault/edit-lock',
    call: 'vault.set_edit_lock',
    summary: 'Sets whether changes to providers and registrations ask for the passphrase.',
    body: vaultContract['vault.set_edit_lock'].input,
  },
  {
    method: 'POST',
    path: '/v1/vault/unlock-editing',
    call: 'vault.unlock_editing',
    summary: 'Lets providers and registrations be changed for five minutes.',
    body: vaultContract['vault.unlock_editing'].input,
  },
  {
    method: 'POST',
    path: '/v1/vault/backups',
    call: 'vault.back_up',
    summary: 'Makes a backup of the vault.',
  },
  {
    method: 'POST',
    path: '/v1/vault/restore',
    call: 'vault.restore',
    summary: 'Puts a backup in the place of the vault, keeps what was there as a backup, and locks.',
    body: vaultContract['vault.restore'].input,
  },
  {
    method: 'POST',
    path: '/v1/vault/export',
    call: 'vault.export',
    summary: 'Accounts with their tokens as one encrypted file, in base64: the whole profile, or those that are named.',
    body: vaultContract['vault.export'].input,
  },
  {
    method: 'POST',
    path: '/v1/vault/import',
    call: 'vault.import',
    summary: 'Brings accounts in from an encrypted file, all of it or nothing, and says what became of each.',
    body: vaultContract['vault.import'].input,
    large: true,
  },
  {
    method: 'GET',
    path: '/v1/doctor',
    call: 'doctor.run',
    summary: 'Checks what Latchkey relies on, and says how to mend what is wrong.',
  },
  { method: 'GET', path: '/v1/profiles', call: 'profiles.list', summary: 'The profiles of this user.' },
]
