import { LatchkeyError } from '../../shared/errors.ts'
import type { LatchkeyEvent } from '../../shared/models.ts'
import type { Clock, EventBus } from '../platform/ports.ts'
import type { Vault } from '../vault/ports.ts'
import type { ActivityLog } from './activity.ts'
import { actorOf } from './actor.ts'
import type { EditLock, PassphraseCheck } from './ports-vault.ts'

/** What stands between every caller and the methods that change providers and registrations. */
export interface EditDoor {
  /** Throws `forbidden` when this method is behind the passphrase and that was not entered, `locked`. */
  enter(method: string): void
}

/** Everything that is named like these changes where people sign in and where secrets are sent, unless it is below. */
const guarded = /^(providers|registrations|network)\./

/**
 * What changes nothing, or takes away access, which has to stay quick: `reset` and `revoke` end tokens and leave the
 * registration as it is.
 */
const open = new Set([
  'providers.list',
  'providers.get',
  'providers.check',
  'providers.discover',
  'providers.export',
  'registrations.list',
  'registrations.effects',
  'registrations.reset',
  'registrations.revoke',
  'network.routes',
  'network.egress',
])

/** Ways around: a file or a backup brings providers and registrations along. */
const others = new Set(['vault.import', 'vault.restore'])

export const changesSetup = (method: string): boolean =>
  (guarded.test(method) && !open.has(method)) || others.has(method)

const setting = 'edit_lock'
const fiveMinutes = 300_000

/**
 * E2: an administrator's right. The passphrase is asked for before providers, registrations and how their requests travel
 * can be changed, by whatever way: the page, the command line and the API all come through dispatch, and so through here.
 */
export function createEditLock(parts: {
  vault: Pick<Vault, 'settings' | 'status'>
  passphrase: PassphraseCheck
  events: EventBus<LatchkeyEvent>
  activity: Pick<ActivityLog, 'add'>
  clock: Clock
  /** Ascends steadily: setting the wall clock back keeps nothing open. */
  steady?: Clock
}): EditLock & EditDoor {
  const { vault, clock } = parts
  const steady = parts.steady ?? { now: () => performance.now() }
  let openUntil: { steady: number; wall: number } | null = null

  parts.events.on((event) => {
    if (event.type === 'vault' && event.state !== 'unlocked') openUntil = null
  })

  /** Without a passphrase nobody could ever open it again. */
  const hasPassphrase = () => vault.status().guards.includes('passphrase')
  const isEnabled = () => vault.settings.get(setting) === true && hasPassphrase()
  const isOpen = () => openUntil !== null && steady.now() < openUntil.steady && clock.now() < openUntil.wall

  const check = async (passphrase: string) => {
    if (!hasPassphrase()) {
      throw new LatchkeyError('invalid_request', 'This vault has no passphrase that could be asked for.', {
        field: 'passphrase',
        action: { text: 'Add a passphrase to the vault first.' },
      })
    }
    await parts.passphrase.check(passphrase)
  }

  return {
    state() {
      const enabled = isEnabled()
      const until = enabled && isOpen() ? openUntil : null
      return { enabled, open_until: until === null ? null : new Date(until.wall).toISOString() }
    },

    async set(enabled, passphrase, caller) {
      await check(passphrase)
      vault.settings.set(setting, enabled)
      openUntil = null
      const summary = enabled
        ? 'Changes to providers and registrations ask for the passphrase.'
        : 'Changes to providers and registrations no longer ask for the passphrase.'
      parts.activity.add({
        kind: 'vault',
        account_id: null,
        provider_id: null,
        ...actorOf(caller),
        summary,
        detail: {},
      })
    },

    async unlock(passphrase, caller) {
      await check(passphrase)
      openUntil = { steady: steady.now() + fiveMinutes, wall: clock.now() + fiveMinutes }
      const summary = 'Providers and registrations can be changed for five minutes.'
      parts.activity.add({
        kind: 'vault',
        account_id: null,
        provider_id: null,
        ...actorOf(caller),
        summary,
        detail: {},
      })
    },

    enter(method) {
      if (!changesSetup(method) || !isEnabled() || isOpen()) return
      throw new LatchkeyError('forbidden', 'Changes to providers and registrations ask for the passphrase here.', {
        action: { text: 'Enter the passphrase.', command: 'latchkey unlock --editing' },
      })
    },
  }
}
