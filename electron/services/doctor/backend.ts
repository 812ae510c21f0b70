import type { GuardKind } from '../../../shared/contract-vault.ts'
import type { Vault } from '../../vault/ports.ts'
import type { Badge } from '../ports-vault.ts'
import { type Check, notApplicable, ok, warning } from './check.ts'

const weak = ['memory_only', 'passphrase_in_file']

/**
 * What protects the vault: the badge of the settings (G7), as a check.
 *
 * @param parts.slots The kinds of guards that open the vault.
 */
export function backendCheck(parts: { badge: Badge; vault: Pick<Vault, 'status'>; slots: () => GuardKind[] }): Check {
  return {
    id: 'backend',
    title: 'Protection of the vault',
    async run() {
      const guards = parts.slots()
      if (parts.vault.status().state === 'new') return notApplicable('There is no vault yet.')
      const { level, title, sentence, way_up } = parts.badge.get(guards)
      const facts = {
        Level: title,
        'Ways in': guards.join(', ') || 'none',
        ...(way_up ? { 'One level up': way_up } : {}),
      }
      return weak.includes(level) && way_up ? warning(sentence, way_up, facts) : ok(sentence, facts)
    },
  }
}
