import { onTestFinished } from 'vitest'
import type { Clock, Logger } from '../../electron/platform/ports.ts'
import type { Catalogue } from '../../electron/providers/definition.ts'
import type { ActivityLog } from '../../electron/services/activity.ts'
import { createApps } from '../../electron/services/apps/index.ts'
import { createAudit } from '../../electron/services/audit.ts'
import type { ClientSettingsService } from '../../electron/services/client-settings.ts'
import { createDestinations } from '../../electron/services/destinations.ts'
import type { AccountService, Events } from '../../electron/services/ports.ts'
import type { Vault } from '../../electron/vault/ports.ts'

/** The real parts that judge what a caller may and note what was used. Uses are written at once. */
export function appParts(parts: {
  vault: Vault
  accounts: Pick<AccountService, 'resolve'>
  catalogue: Catalogue
  clientSettings: Pick<ClientSettingsService, 'forAccount'>
  clock: Clock
  events: Events
  activity: Pick<ActivityLog, 'add'>
  logger: Logger
}) {
  const { forAccount } = parts.clientSettings
  const destinations = createDestinations({ vault: parts.vault, settings: forAccount })
  const all = createApps({ ...parts, policyFor: async (account) => (await destinations.of(account)).policy })
  const written = createAudit(parts)
  onTestFinished(() => {
    all.close()
    written.close()
  })
  return {
    all,
    gate: all.gate,
    bindings: all.bindings,
    audit: {
      ...written,
      use(use: Parameters<typeof written.use>[0]) {
        written.use(use)
        written.flush()
      },
    },
    /** For the sign-ins. */
    apps: { flows: all.flows, connected: all.apps.connected },
  }
}
