import { randomBytes } from 'node:crypto'
import { type KeyGuard, KeyGuardRejected } from '../../../electron/vault/ports.ts'

/** A guard that keeps the key in memory, as a key store of the system would. */
export function memoryGuard(changes: Partial<KeyGuard> = {}): KeyGuard {
  const kept = new Map<string, Uint8Array>()
  return {
    kind: 'safe-storage',
    wrap: async (dataKey) => {
      const handle = randomBytes(8)
      kept.set(handle.toString('hex'), Uint8Array.from(dataKey))
      return { wrapped: handle, params: {} }
    },
    unwrap: async (wrapped) => {
      const found = kept.get(Buffer.from(wrapped).toString('hex'))
      if (found === undefined) throw new KeyGuardRejected('The key store has no such key.')
      return { dataKey: Uint8Array.from(found), rewrap: false }
    },
    ...changes,
  }
}
