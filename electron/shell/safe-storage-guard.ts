import { safeStorage } from 'electron'
import { hasPublicKey, judgeStore, nameOfStore } from '../vault/chromium-stores.ts'
import { inSandbox, rejected, unavailable } from '../vault/guard-failures.ts'
import type { KeyGuard } from '../vault/ports.ts'

/**
 * The operating system's key store (Keychain, DPAPI, Secret Service, KWallet) through Electron's asynchronous
 * safeStorage. On Linux safeStorage falls back to a key that everybody knows when no keyring answers, and still calls
 * that available; such a key is no key guard (electronjs.org/docs/latest/api/safe-storage).
 */
export function safeStorageGuard(): KeyGuard {
  return {
    kind: 'safe-storage',
    probe: async () => void (await assertProtects()),
    async wrap(dataKey) {
      await assertProtects()
      // A view, not a copy that nobody would wipe; the text that Electron wants cannot be wiped.
      const key = Buffer.from(dataKey.buffer, dataKey.byteOffset, dataKey.byteLength)
      const wrapped = await safeStorage.encryptStringAsync(key.toString('base64'))
      if (onLinux && hasPublicKey(wrapped)) throw unavailable('public_key')
      return { wrapped, params: onLinux ? { store: nameOfStore(wrapped, backend()) } : {} }
    },
    async unwrap(wrapped, params) {
      // Anybody could have written such a slot.
      if (onLinux && hasPublicKey(wrapped)) throw rejected('publicKey')
      const probe = await assertProtects()
      let opened: { result: string; shouldReEncrypt: boolean }
      try {
        opened = await safeStorage.decryptStringAsync(Buffer.from(wrapped))
      } catch {
        throw onLinux && probe !== null ? judgeStore(wrapped, params, probe, backend()) : rejected('storeChanged')
      }
      return { dataKey: Buffer.from(opened.result, 'base64'), rewrap: opened.shouldReEncrypt }
    },
  }
}

const onLinux = process.platform === 'linux'
const backend = () => safeStorage.getSelectedStorageBackend()

/**
 * Throws `KeyGuardUnavailable` unless what safeStorage writes is protected by something outside the file. On Linux it
 * gives what safeStorage wrote to find that out.
 */
async function assertProtects(): Promise<Uint8Array | null> {
  const sandboxed = inSandbox({ env: process.env, platform: process.platform })
  const available = await safeStorage.isAsyncEncryptionAvailable()
  if (!available) throw unavailable(sandboxed ? 'portal' : onLinux ? 'no_service' : 'refused')
  if (!onLinux) return null
  const selected = backend()
  if (selected === 'basic_text' || selected === 'unknown') throw unavailable(sandboxed ? 'portal' : 'public_key')
  let probe: Uint8Array
  try {
    probe = await safeStorage.encryptStringAsync('latchkey')
  } catch {
    throw unavailable(sandboxed ? 'portal' : 'silent')
  }
  if (hasPublicKey(probe)) throw unavailable(sandboxed ? 'portal' : 'public_key')
  return probe
}
