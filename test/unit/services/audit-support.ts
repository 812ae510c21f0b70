import { onTestFinished } from 'vitest'
import { createEventBus } from '../../../electron/platform/events.ts'
import { loadCatalogue } from '../../../electron/providers/catalogue.ts'
import { createActivity } from '../../../electron/services/activity.ts'
import { createAudit } from '../../../electron/services/audit.ts'
import type { Caller } from '../../../electron/services/ports.ts'
import type { Use } from '../../../electron/services/ports-apps.ts'
import type { LatchkeyEvent } from '../../../shared/models.ts'
import { account, noLog, seed, settableClock, unlocked } from '../vault/support.ts'

export const cli: Caller = { kind: 'cli' }

/** A paired program, as the API makes it. */
export const app = (id: string, name: string): Caller => ({
  kind: 'app',
  app: { id, name, userAgent: null, facts: async () => null },
})

/** An unlocked vault with one account of GitHub, and the audit over it. */
export async function audited() {
  const clock = settableClock(Date.UTC(2026, 10, 21, 12))
  const opened = await unlocked({ clock })
  const { vault } = opened
  seed(vault)
  const ada = account({ providerId: 'github', alias: 'github:ada' })
  vault.accounts.save(ada)
  const events = createEventBus<LatchkeyEvent>()
  const heard: number[] = []
  events.on((event) => void (event.type === 'activity' && heard.push(event.activity_id)))
  const complaints: string[] = []
  const logger = { ...noLog, error: (message: string) => void complaints.push(message) }
  const parts = { vault, clock, events, catalogue: loadCatalogue(), logger }
  const audit = createAudit(parts)
  onTestFinished(() => audit.close())

  const use = (changes: Partial<Use> = {}) => {
    const url = changes.url ?? new URL('https://api.github.com/user')
    const { method = 'GET' } = changes
    const whole = {
      account: ada,
      caller: cli,
      right: 'request',
      method,
      url,
      status: 200,
      durationMs: 12.4,
      refreshed: false,
      summary: `${method} ${url.host}${url.pathname}: 200 OK`,
    } as const
    audit.use({ ...whole, ...changes })
  }
  /** A token that was handed out: no request, no status. */
  const token = (changes: Partial<Use> = {}) => {
    const summary = 'An access token of github:ada was handed out.'
    audit.use({ account: ada, caller: cli, right: 'token', durationMs: 1, refreshed: true, summary, ...changes })
  }
  const list = (limit = 100) => vault.activity.list({ limit })
  return { ...opened, ...parts, audit, activity: createActivity(parts), use, token, list, heard, complaints, ada }
}
