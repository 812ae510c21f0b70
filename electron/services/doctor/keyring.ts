import { type KeyGuard, KeyGuardUnavailable } from '../../vault/ports.ts'
import { type Check, type Facts, notApplicable, ok, problem } from './check.ts'

const names: Record<string, string> = {
  'safe-storage': 'Key store (desktop app)',
  'os-keyring': 'Keyring of the system',
}

/**
 * Whether a key store of this computer can be used from here, and the one that the vault needs.
 *
 * @param parts.slots The kinds of guards that open the vault.
 */
export function keyringCheck(parts: { guards: readonly KeyGuard[]; slots: () => string[] }): Check {
  return {
    id: 'keyring',
    title: 'Keyring',
    async run() {
      const slots = parts.slots()
      const found = await Promise.all(parts.guards.map(look))
      const facts: Facts = Object.fromEntries(found.map(({ name, fact }) => [name, fact]))
      const needed = found.find((it) => slots.includes(it.kind) && it.failure !== null)
      if (needed?.failure) {
        const { reason, remedy } = needed.failure
        return problem(`The vault opens with it, but it cannot be used now. ${reason}`, remedy, facts)
      }
      const elsewhere = slots.length > 0 && !slots.some((kind) => kind === 'passphrase' || has(parts.guards, kind))
      if (elsewhere) {
        return problem(
          'The vault opens with a key store that this host cannot use.',
          'Start the Latchkey desktop app as the user who set it up, and add a passphrase to the vault there.',
          facts,
        )
      }
      if (found.some((it) => it.failure === null)) return ok('A key store of this computer can be used.', facts)
      const reason = found[0]?.failure?.reason ?? 'This host uses none.'
      return notApplicable(`No key store of this computer can be used here. ${reason} The vault needs none.`, facts)
    },
  }
}

const has = (guards: readonly KeyGuard[], kind: string) => guards.some((guard) => guard.kind === kind)

async function look(guard: KeyGuard) {
  const name = names[guard.kind] ?? guard.kind
  try {
    await guard.probe?.()
    return { kind: guard.kind, name, fact: 'can be used', failure: null }
  } catch (error) {
    if (!(error instanceof KeyGuardUnavailable)) throw error
    return { kind: guard.kind, name, fact: error.reason, failure: { reason: error.reason, remedy: error.remedy } }
  }
}
