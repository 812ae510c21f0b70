import type { vaultContract } from '../../shared/contract-vault.ts'
import type { AppInfo } from '../../shared/models.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue } from '../providers/definition.ts'
import { type AccountActionParts, createAccountActions } from './account-actions.ts'
import type { ActivityLog } from './activity.ts'
import type { Apps } from './apps/index.ts'
import { createAppHandlers } from './handlers-apps.ts'
import { createAuditHandlers } from './handlers-audit.ts'
import { type CustomParts, createCustomHandlers } from './handlers-custom.ts'
import { createGrantHandlers } from './handlers-grants.ts'
import { createNetworkHandlers, type NetworkParts } from './handlers-network.ts'
import { createRecordHandlers, type RecordParts } from './handlers-records.ts'
import type { VaultHandlers } from './handlers-vault.ts'
import { createWebhookHandlers } from './handlers-webhooks.ts'
import type { ConnectService, Handlers, PracticeService, RequestService, TokenService, VaultService } from './ports.ts'
import type { AuditService } from './ports-apps.ts'
import type { RegistrationService } from './registrations.ts'
import type { WebhookService } from './webhooks/service.ts'

export interface Parts extends AccountActionParts {
  appInfo(): AppInfo
  vaultService: VaultService
  catalogue: Catalogue
  registrations: RegistrationService
  connect: ConnectService
  tokens: TokenService
  requests: RequestService
  apps: Pick<Apps, 'apps' | 'bindings' | 'gate'>
  activity: ActivityLog
  audit: AuditService
  practice: PracticeService
  network: NetworkParts
  custom: CustomParts
  webhooks: WebhookService
  records: RecordParts
  protection: VaultHandlers<keyof typeof vaultContract>
  clock: Clock
}

/** Every method of shared/contract.ts. Nothing is decided here: each one finds its account and asks a service. */
export function createHandlers(parts: Parts): Handlers {
  const { vaultService, accounts, tokens, connect, practice } = parts
  const actions = createAccountActions(parts)
  const find = accounts.resolve
  /** The account as it is now, after something was done to it. */
  const show = (id: string) => accounts.view(find(id))

  return {
    'app.info': () => parts.appInfo(),

    'vault.status': () => vaultService.status(),
    'vault.setup': ({ passphrase }) => vaultService.setup(passphrase),
    'vault.unlock': ({ passphrase }) => vaultService.unlock(passphrase),
    'vault.lock': () => vaultService.lock('You locked it.'),

    'accounts.list': (page, caller) => accounts.list({ ...page, among: parts.apps.gate.visible(caller) }),
    'accounts.get': ({ account }) => accounts.view(find(account)),
    'accounts.inspect': ({ account }) => actions.inspect(find(account)),
    'accounts.rename': ({ account, alias }, caller) => accounts.view(actions.rename(find(account), alias, caller)),
    'accounts.refresh': async ({ account }) => {
      const { id } = find(account)
      await tokens.fresh(id, { force: true })
      return show(id)
    },
    'accounts.expire': ({ account }) => {
      const { id } = find(account)
      tokens.expire(id)
      return show(id)
    },

    'connect.start': (input, caller) => connect.start(input, caller),
    'connect.get': ({ flow }) => connect.get(flow),
    'connect.open': ({ flow }) => connect.open(flow),
    'connect.cancel': ({ flow }) => connect.cancel(flow),
    'connect.paste': ({ flow, url }) => connect.paste(flow, url),
    'connect.decide': ({ flow, choice }) => connect.decide(flow, choice),

    'requests.send': ({ account, request }, caller) => parts.requests.send(account, request, caller),

    'practice.get': () => practice.get(),
    'practice.configure': (settings) => practice.configure(settings),
    ...createAuditHandlers(parts),
    ...createAppHandlers({ apps: parts.apps.apps, bindings: parts.apps.bindings, requests: parts.requests }),
    ...createGrantHandlers(parts),
    ...createNetworkHandlers(parts.network),
    ...createCustomHandlers(parts.custom),
    ...createWebhookHandlers(parts.webhooks),
    ...createRecordHandlers(parts.records),
    ...parts.protection,
  }
}
