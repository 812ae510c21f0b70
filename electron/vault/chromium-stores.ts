import { otherStore, rejected } from './guard-failures.ts'
import type { KeyGuardRejected, KeyGuardUnavailable } from './ports.ts'

/**
 * On Linux Chromium marks what it encrypts with the kind of key it used (components/os_crypt): `v10` its built-in key,
 * which everybody knows; `v11` the Secret Service or KWallet; `v12` the portal of sandboxed apps. Elsewhere `v10` is the
 * system's own key.
 */
const markOf = (ciphertext: Uint8Array) => Buffer.from(ciphertext.subarray(0, 3)).toString('latin1')

/** Linux alone. */
export const hasPublicKey = (ciphertext: Uint8Array): boolean => markOf(ciphertext) === 'v10'

/** By what Electron calls them (safeStorage.getSelectedStorageBackend). */
const names: Readonly<Record<string, string>> = {
  gnome_libsecret: 'the GNOME keyring (Secret Service)',
  kwallet: 'KWallet 4',
  kwallet5: 'KWallet 5',
  kwallet6: 'KWallet 6',
  portal: 'the secret portal of sandboxed apps',
}

const storeName = (store: string) => names[store] ?? 'another key store'

/** Which key store a ciphertext belongs to, as it is noted in the slot. */
export function nameOfStore(ciphertext: Uint8Array, backend: string): string {
  return markOf(ciphertext) === 'v12' ? 'portal' : backend
}

/**
 * Why a slot does not open although a key store answers: it was made with another one, or the key in this one is not what
 * it was. `probe` is a ciphertext of this session.
 */
export function judgeStore(
  wrapped: Uint8Array,
  params: Record<string, unknown>,
  probe: Uint8Array,
  backend: string,
): KeyGuardUnavailable | KeyGuardRejected {
  const now = nameOfStore(probe, backend)
  // Slots from before stores were noted tell only whether it was the portal.
  const before = typeof params.store === 'string' ? params.store : markOf(wrapped) === 'v12' ? 'portal' : null
  if (before !== null && before !== now) return otherStore(storeName(before), storeName(now))
  if (before === null && markOf(wrapped) !== markOf(probe)) return otherStore('another key store', storeName(now))
  return rejected('storeChanged')
}
