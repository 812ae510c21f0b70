import { LatchkeyError } from '../../shared/errors.ts'
import type { VaultStatus } from '../../shared/models.ts'
import type { VaultService } from './ports.ts'
import type { VaultKeys } from './ports-vault.ts'

/** What everybody is told who asks how this vault is protected. */
export const memoryOnlyWarning = 'Nothing is kept: this vault is in memory only and ends with this process.'

/** The vault of a host that was started with `--memory`: no way into it is one that lasts. */
export function tellMemoryOnly<S extends VaultService>(service: S): S {
  const told = (status: VaultStatus): VaultStatus => ({
    ...status,
    guards: [],
    reason: status.state === 'unlocked' ? memoryOnlyWarning : `${status.reason} ${memoryOnlyWarning}`,
  })
  return {
    ...service,
    status: () => told(service.status()),
    setup: async (passphrase) => told(await service.setup(passphrase)),
    unlock: async (passphrase) => told(await service.unlock(passphrase)),
    lock: async (reason) => told(await service.lock(reason)),
  }
}

/** Ways in are for vaults that are kept. */
export function noLastingKeys(keys: VaultKeys): VaultKeys {
  const refuse = async () => {
    throw new LatchkeyError('invalid_request', memoryOnlyWarning, {
      action: { text: 'Start Latchkey without --memory to set up a vault that is kept.' },
    })
  }
  return {
    ...keys,
    details: async () => ({ ...(await keys.details()), slots: [], addable: [] }),
    check: refuse,
    addGuard: refuse,
    changePassphrase: refuse,
    removeGuard: refuse,
  }
}
