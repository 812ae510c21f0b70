import type { Caller } from './ports.ts'
import type { ActivityEntry } from './ports-apps.ts'

/** Who did something, as the activity writes it down. */
export function actorOf({ kind, app }: Caller): Pick<ActivityEntry, 'actor' | 'app_id' | 'app_name'> {
  return app === undefined ? { actor: kind } : { actor: kind, app_id: app.id, app_name: app.name }
}
