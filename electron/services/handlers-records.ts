import type { Method } from '../../shared/contract.ts'
import type { recordMethods } from '../../shared/contract-records.ts'
import type { Vault } from '../vault/ports.ts'
import type { LifecycleService } from './lifecycle.ts'
import type { EffectsService } from './lifecycle-effects.ts'
import type { AccountService, Handlers } from './ports.ts'
import type { ProviderService } from './providers.ts'
import type { ClientRegistrar } from './registration-dynamic.ts'
import type { RegistrationService } from './registrations.ts'

export interface RecordParts {
  vault: Pick<Vault, 'accounts'>
  accounts: AccountService
  registrations: RegistrationService
  providers: ProviderService
  lifecycle: LifecycleService
  effects: EffectsService
  registrar: ClientRegistrar
}

/** The methods of shared/contract.ts that are about the same records. */
type Also =
  | 'providers.list'
  | 'registrations.list'
  | 'registrations.save'
  | 'registrations.remove'
  | 'accounts.reset'
  | 'accounts.remove'

/** Providers and registrations as records, and the lifecycle of registrations and accounts. */
export function createRecordHandlers(parts: RecordParts): Pick<Handlers, Method & (keyof typeof recordMethods | Also)> {
  const { accounts, registrations, providers, lifecycle, effects } = parts
  const find = accounts.resolve
  /** As they are now, after something was done to them. */
  const show = (id: string) => accounts.view(find(id))
  const showRegistration = (id: string) => registrations.view(registrations.get(id))

  return {
    'providers.list': () => providers.list(),
    'providers.get': ({ id }) => providers.get(id),
    'providers.check': ({ definition }) => providers.check(definition),
    'providers.save': ({ definition }, caller) => providers.save(definition, caller),
    'providers.duplicate': (input, caller) => providers.duplicate(input, caller),
    'providers.remove': ({ id }, caller) => {
      providers.remove(id, caller)
      return {}
    },
    'providers.discover': (input, caller) => providers.discover(input, caller),
    'providers.export': (input, caller) => providers.export(input, caller),
    'providers.import': (input, caller) => providers.import(input, caller),

    'registrations.list': () => registrations.list(),
    'registrations.save': (input, caller) => registrations.save(input, caller),
    'registrations.register': (input, caller) => parts.registrar.register(input, caller),
    'registrations.duplicate': ({ id, name }, caller) => registrations.duplicate(id, name, caller),
    'registrations.enable': ({ id }, caller) => {
      lifecycle.enableRegistration(id, caller)
      return showRegistration(id)
    },
    'registrations.disable': async ({ id }, caller) => {
      await lifecycle.disableRegistration(id, caller)
      return showRegistration(id)
    },
    'registrations.reset': async ({ id }) => {
      await lifecycle.resetRegistration(id)
      return showRegistration(id)
    },
    'registrations.revoke': async ({ id }, caller) => {
      const revoked = await lifecycle.revokeRegistration(id, caller)
      const results = revoked.map(({ account, told, reason }) => ({
        id: account.id,
        alias: account.alias,
        told,
        reason,
      }))
      return { registration: showRegistration(id), accounts: results }
    },
    'registrations.remove': async ({ id }, caller) => {
      await lifecycle.removeRegistration(id, caller)
      return {}
    },
    'registrations.effects': ({ id, action }) => effects.ofRegistration(registrations.get(id), action),

    'accounts.enable': ({ account }, caller) => {
      const record = find(account)
      lifecycle.enable(record, caller)
      return show(record.id)
    },
    'accounts.disable': async ({ account }, caller) => {
      const record = find(account)
      await lifecycle.disable(record, caller)
      return show(record.id)
    },
    'accounts.reset': async ({ account }) => {
      const record = find(account)
      await lifecycle.reset(record)
      return show(record.id)
    },
    'accounts.revoke': async ({ account }, caller) => {
      const record = find(account)
      await lifecycle.revoke(record, caller)
      return show(record.id)
    },
    'accounts.remove': async ({ account }, caller) => {
      await lifecycle.remove(find(account), caller)
      return {}
    },
    'accounts.effects': ({ account, action }) => effects.ofAccount(find(account), action),
  }
}
