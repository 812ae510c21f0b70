import type { DoctorCheck } from '../../../shared/contract-vault.ts'
import type { ProfilePaths } from '../../platform/paths.ts'
import type { Logger } from '../../platform/ports.ts'
import type { KeyGuard, Vault } from '../../vault/ports.ts'
import type { Badge } from '../ports-vault.ts'
import { backendCheck } from './backend.ts'
import type { Check } from './check.ts'
import { clockCheck } from './clock.ts'
import { createDoctor } from './doctor.ts'
import { filesCheck } from './files.ts'
import { keyringCheck } from './keyring.ts'
import { type PortsParts, portsCheck } from './ports.ts'
import { providersCheck } from './providers.ts'
import { proxiesCheck } from './proxies.ts'
import { type Reached, type ReachParts, reachProviders } from './reach.ts'
import { vaultCheck } from './vault.ts'
import { versionsCheck } from './versions.ts'

export interface DoctorParts extends Omit<ReachParts, 'vault'> {
  vault: Vault
  /** Those of this host that need no person. */
  guards: readonly KeyGuard[]
  badge: Badge
  paths: Pick<ProfilePaths, 'home' | 'vault' | 'endpoint' | 'socket' | 'ownerKey'>
  api: PortsParts['api']
  memoryOnly: boolean
  version: string
  host: string
  /** Where the system's proxies are looked up, `process.env` by default. */
  env?: NodeJS.ProcessEnv
  logger: Logger
  /** Milliseconds that one check may take. */
  limit?: number
}

/** Everything that `latchkey doctor` looks at. It changes nothing and names no secret. */
export function createDoctorChecks(parts: DoctorParts): () => Check[] {
  // A vault in memory has a guard of its own, which is none of this computer's.
  const slots = () => (parts.memoryOnly ? [] : parts.vault.status().guards)
  const guards = parts.memoryOnly ? [] : parts.guards
  return () => {
    let asked: Promise<Reached[] | null> | null = null
    const reached = (signal: AbortSignal) => {
      asked ??= reachProviders(parts, signal)
      return asked
    }
    return [
      backendCheck({ ...parts, slots }),
      keyringCheck({ guards, slots }),
      vaultCheck({ vault: parts.vault, file: parts.paths.vault, memoryOnly: parts.memoryOnly }),
      filesCheck({ home: parts.paths.home }),
      portsCheck(parts),
      clockCheck(reached),
      proxiesCheck({ env: parts.env ?? process.env, vault: parts.vault }),
      providersCheck(reached),
      versionsCheck(parts),
    ]
  }
}

export const createLatchkeyDoctor = (parts: DoctorParts): (() => Promise<DoctorCheck[]>) =>
  createDoctor({
    checks: createDoctorChecks(parts),
    logger: parts.logger,
    ...(parts.limit === undefined ? {} : { limit: parts.limit }),
  })
