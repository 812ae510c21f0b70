import { type LockSettings, lockSettingsSchema } from '../../../shared/contract-vault.ts'
import type { Vault } from '../../vault/ports.ts'
import type { ActivityLog } from '../activity.ts'
import { actorOf } from '../actor.ts'
import type { LockControl } from '../ports-vault.ts'

const setting = 'lock'

/** Programs that work while nobody is there are what Latchkey is for: locking by itself is the person's choice. */
const never: LockSettings = { idle_minutes: null, after_minutes: null, on_screen_lock: false, on_suspend: false }

/** When the vault locks by itself, as it stands in the vault's settings. */
export function createLockControl(parts: {
  vault: Pick<Vault, 'settings'>
  activity: Pick<ActivityLog, 'add'>
}): LockControl & {
  /** Calls back after each change. */
  onChange(listener: () => void): void
} {
  const listeners: (() => void)[] = []
  return {
    onChange: (listener) => void listeners.push(listener),

    get() {
      const stored = lockSettingsSchema.safeParse(parts.vault.settings.get(setting))
      return stored.success ? stored.data : never
    },

    set(settings, caller) {
      parts.vault.settings.set(setting, settings)
      const summary = `The vault locks by itself: ${inWords(settings)}.`
      parts.activity.add({
        kind: 'vault',
        account_id: null,
        provider_id: null,
        ...actorOf(caller),
        summary,
        detail: {},
      })
      for (const listener of listeners) listener()
    },
  }
}

function inWords({ idle_minutes: idle, after_minutes: after, on_screen_lock, on_suspend }: LockSettings): string {
  const cases = [
    idle === null ? '' : `after ${minutes(idle)} without use`,
    after === null ? '' : `${minutes(after)} after it was unlocked`,
    on_screen_lock ? 'when the screen is locked' : '',
    on_suspend ? 'when the computer sleeps' : '',
  ].filter((it) => it !== '')
  return cases.length === 0 ? 'never' : cases.join(', ')
}

const minutes = (number: number) => (number === 1 ? '1 minute' : `${number} minutes`)
