import { safeStorage } from 'electron'
import { type KeyGuard, KeyGuardRejected, KeyGuardUnavailable } from '../vault/ports.ts'

const remedy = 'Unlock or set up the system keyring and start Latchkey again, or protect the vault with a passphrase.'

/**
 * The operating system's key store (Keychain, DPAPI, Secret Service, KWallet) through Electron's asynchronous
 * safeStorage. On Linux safeStorage falls back to a key that everybody knows when no keyring answers, and still calls
 * that available; such a key is no key guard (electronjs.org/docs/latest/api/safe-storage).
 */
export function safeStorageGuard(): KeyGuard {
  return {
    kind: 'safe-storage',
    async wrap(dataKey) {
      await assertProtects()
      const wrapped = await safeStorage.encryptStringAsync(Buffer.from(dataKey).toString('base64'))
      if (hasPublicKey(wrapped)) throw publicKey()
      return { wrapped, params: {} }
    },
    async unwrap(wrapped) {
      // Anybody could have written such a slot.
      if (hasPublicKey(wrapped)) {
        throw new KeyGuardRejected('The vault’s key is not protected by the system keyring, so it is not used.')
      }
      await assertProtects()
      let opened: { result: string; shouldReEncrypt: boolean }
      try {
        opened = await safeStorage.decryptStringAsync(Buffer.from(wrapped))
      } catch {
        throw new KeyGuardRejected('The system keyring answered, but its key does not open this vault.')
      }
      return { dataKey: new Uint8Array(Buffer.from(opened.result, 'base64')), rewrap: opened.shouldReEncrypt }
    },
  }
}

/** Throws `KeyGuardUnavailable` unless what safeStorage writes is protected by something outside the file. */
async function assertProtects(): Promise<void> {
  if (!(await safeStorage.isAsyncEncryptionAvailable())) {
    throw new KeyGuardUnavailable('The system’s key store does not answer.', remedy)
  }
  if (process.platform !== 'linux') return
  const backend = safeStorage.getSelectedStorageBackend()
  if (backend === 'basic_text' || backend === 'unknown') throw publicKey()
  let probe: Uint8Array
  try {
    probe = await safeStorage.encryptStringAsync('latchkey')
  } catch {
    throw new KeyGuardUnavailable('The system keyring does not answer.', remedy)
  }
  if (hasPublicKey(probe)) throw publicKey()
}

/** On Linux Chromium marks ciphertext under its built-in key with `v10`; elsewhere `v10` is the system's own key. */
function hasPublicKey(ciphertext: Uint8Array): boolean {
  return process.platform === 'linux' && Buffer.from(ciphertext.subarray(0, 3)).toString('latin1') === 'v10'
}

function publicKey(): KeyGuardUnavailable {
  return new KeyGuardUnavailable(
    'No system keyring protects this session, so what is stored would be readable by any program.',
    remedy,
  )
}
