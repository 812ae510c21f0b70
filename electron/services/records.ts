import type { DynamicRegistration } from '../oauth/dynamic-registration.ts'
import type { RevocationSupport } from '../oauth/revocation-support.ts'
import { type AccountActionParts, createAccountActions } from './account-actions.ts'
import type { RecordParts } from './handlers-records.ts'
import { createLifecycle, type LifecycleParts } from './lifecycle.ts'
import { createEffects } from './lifecycle-effects.ts'
import type { NetworkRouteService } from './network-routes.ts'
import type { ConnectService } from './ports.ts'
import { createProviderService, type ProviderParts } from './providers.ts'
import { createClientRegistrar } from './registration-dynamic.ts'
import type { RegistrationService } from './registrations.ts'

type Parts = AccountActionParts &
  ProviderParts &
  Omit<LifecycleParts, 'actions' | 'connect' | 'registrations'> & {
    connect: Pick<ConnectService, 'underWay' | 'cancelFor'>
    registrations: RegistrationService
    routes: Pick<NetworkRouteService, 'forProvider'>
    registerClient: DynamicRegistration
    canRevoke: RevocationSupport
  }

/** Providers and registrations as records, and the lifecycle of registrations and accounts. */
export function createRecordServices(parts: Parts): RecordParts {
  return {
    vault: parts.vault,
    accounts: parts.accounts,
    registrations: parts.registrations,
    providers: createProviderService(parts),
    lifecycle: createLifecycle({ ...parts, actions: createAccountActions(parts) }),
    effects: createEffects(parts),
    registrar: createClientRegistrar(parts),
  }
}
