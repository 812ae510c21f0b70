import { randomBytes } from 'node:crypto'
import { passphraseGuard } from './passphrase-guard.ts'
import type { KeyGuard } from './ports.ts'

/** Nobody has to be kept from guessing 256 random bits. */
const cost = { N: 1024, r: 8, p: 1 }

/**
 * The guard of a vault that is in memory alone: its secret is in this process and nowhere else, so that the vault opens
 * without a question for as long as the process lives. It stands in the place of a key store; that nothing is kept is told
 * by services/memory-only.ts.
 */
export function memoryGuard(): KeyGuard {
  return { ...passphraseGuard(randomBytes(32).toString('base64url'), cost), kind: 'os-keyring' }
}
