import type { StorageBadge } from '../../shared/contract-vault.ts'
import type { Badge } from './ports-vault.ts'

/** What is said of each level. */
export const badges: Record<StorageBadge['level'], Omit<StorageBadge, 'level'>> = {
  memory_only: {
    title: 'In memory only',
    sentence: 'Nothing is kept: accounts and settings are gone when Latchkey ends.',
    way_up: 'Start Latchkey without --memory, and protect the vault with a key store or a passphrase.',
  },
  passphrase_in_file: {
    title: 'Passphrase in a file',
    sentence:
      'The vault is encrypted, but its passphrase stands in a file: whoever can read that file can open the vault.',
    way_up: 'Let a key store open the vault, or enter the passphrase yourself; then remove the file.',
  },
  key_store: {
    title: 'Key store',
    sentence: 'The key store of this computer keeps the key, and opens the vault when you are signed in here.',
    way_up: 'Add a passphrase: it opens the vault when the key store is lost, or on another computer.',
  },
  passphrase: {
    title: 'Passphrase',
    sentence: 'Only your passphrase opens the vault. It is stored nowhere, so there is no way in when it is forgotten.',
    way_up: 'Add the key store of this computer as a second way in, where it has one.',
  },
  key_store_and_passphrase: {
    title: 'Key store and passphrase',
    sentence: 'The key store of this computer opens the vault, and so does your passphrase when that is lost.',
    way_up: null,
  },
}

/**
 * What protects the vault, without making it better than it is (G7).
 *
 * @param surroundings.memoryOnly The vault ends with the process.
 * @param surroundings.passphraseInFile The host was started with `LATCHKEY_PASSPHRASE_FILE`.
 */
export function createBadge(surroundings: { memoryOnly: boolean; passphraseInFile: boolean }): Badge {
  return {
    get(guards) {
      const passphrase = guards.includes('passphrase')
      const keyStore = guards.some((kind) => kind !== 'passphrase')
      const level = surroundings.memoryOnly
        ? 'memory_only'
        : // However many ways there are: the weakest one counts.
          passphrase && surroundings.passphraseInFile
          ? 'passphrase_in_file'
          : passphrase && keyStore
            ? 'key_store_and_passphrase'
            : passphrase
              ? 'passphrase'
              : 'key_store'
      return { level, ...badges[level] }
    },
  }
}
