import type { AskRecord } from '../../vault/ports-apps.ts'
import type { Asking } from './asks.ts'
import type { AppBook } from './book.ts'
import type { AppParts } from './parts.ts'
import { endOf } from './permissions.ts'
import { stateOf } from './views.ts'

const day = 86_400_000
/** Decided questions can be looked at for a day, and what was refused is remembered as long. */
const kept = 2 * day
/** Those apps whose end was told, so that a restart does not tell it again. */
const told = 'apps.expired'

/** Writes down and announces what time alone has ended: apps, and questions that nobody answered. */
export function createSweep(parts: AppParts & { book: AppBook; asking: Asking }): () => void {
  const { vault, clock, events, activity, book, asking } = parts

  function endAsks(now: number): void {
    asking.flush()
    for (const ask of vault.asks.list()) {
      if (stateOf(ask, now) !== 'expired' || ask.state === 'expired') continue
      const ended: AskRecord = { ...ask, state: 'expired', decidedAt: now }
      vault.asks.save(ended)
      asking.ended(ended)
      events.emit({ type: 'ask', ask_id: ask.id, state: 'expired' })
    }
    vault.asks.sweep(now - kept)
  }

  function endApps(now: number): void {
    const before = known(vault.settings.get(told))
    const over = book.list().filter((app) => endOf(app, now) !== null)
    const ids = over.map(({ id }) => id)
    if (ids.length !== before.length || ids.some((id) => !before.includes(id))) vault.settings.set(told, ids)
    for (const app of over.filter(({ id }) => !before.includes(id))) {
      activity.add({
        kind: 'app',
        account_id: null,
        provider_id: null,
        actor: 'latchkey',
        app_id: app.id,
        app_name: app.name,
        summary: `The access of ${app.name} has ended. ${endOf(app, now)}`,
        detail: {},
      })
      events.emit({ type: 'app', app_id: app.id, state: 'expired' })
    }
  }

  return () => {
    if (vault.status().state !== 'unlocked') return
    const now = clock.now()
    endAsks(now)
    endApps(now)
  }
}

const known = (stored: unknown): string[] =>
  Array.isArray(stored) ? stored.filter((id): id is string => typeof id === 'string') : []
