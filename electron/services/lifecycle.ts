import { LatchkeyError } from '../../shared/errors.ts'
import type { Activity } from '../../shared/models.ts'
import type { OAuth } from '../oauth/ports.ts'
import type { Clock } from '../platform/ports.ts'
import type { Catalogue } from '../providers/definition.ts'
import type { AccountRecord, RegistrationRecord, Vault } from '../vault/ports.ts'
import type { AccountActions } from './account-actions.ts'
import type { ActivityLog } from './activity.ts'
import { actorOf } from './actor.ts'
import type { ClientSettingsService } from './client-settings.ts'
import type { AccountService, Caller, ConnectService, Events, FlowsOf, TokenService } from './ports.ts'
import type { RegistrationService } from './registrations.ts'

/** What became of the grant of one account of a registration. `reason`: why the provider did not end it. */
export interface Revoked {
  account: AccountRecord
  told: boolean
  reason: string | null
}

/**
 * Enable, disable, reset, revoke and remove (DESIGN section 6, Lifecycle). Sign-ins under way that an action makes
 * pointless are cancelled first. A refresh under way is never cut off, because its answer may hold the only good refresh
 * token: what it brings is kept, and nobody who may not have it gets it.
 */
export interface LifecycleService {
  enable(account: AccountRecord, caller: Caller): void
  disable(account: AccountRecord, caller: Caller): Promise<void>
  reset(account: AccountRecord): Promise<void>
  /**
   * Ends the grant at the provider (RFC 7009), then forgets the tokens. They are kept when the provider does not do it,
   * because without them it can never be told. Throws provider_unreachable, provider_error.
   */
  revoke(account: AccountRecord, caller: Caller): Promise<void>
  /** Revokes when that is possible, then deletes whatever the provider says. */
  remove(account: AccountRecord, caller: Caller): Promise<void>

  enableRegistration(id: string, caller: Caller): void
  disableRegistration(id: string, caller: Caller): Promise<void>
  /** All tokens obtained with it are forgotten; nothing else is. */
  resetRegistration(id: string): Promise<void>
  /** Each account for itself: those whose provider did it are reset, the others keep their tokens. */
  revokeRegistration(id: string, caller: Caller): Promise<Revoked[]>
  removeRegistration(id: string, caller: Caller): Promise<void>
}

export interface LifecycleParts {
  vault: Vault
  catalogue: Catalogue
  accounts: AccountService
  actions: Pick<AccountActions, 'revoke' | 'remove'>
  registrations: Pick<RegistrationService, 'remove' | 'get' | 'note'>
  tokens: Pick<TokenService, 'reset' | 'hold'>
  connect: Pick<ConnectService, 'cancelFor'>
  oauth: Pick<OAuth, 'revoke'>
  clientSettings: ClientSettingsService
  activity: Pick<ActivityLog, 'add'>
  events: Events
  clock: Clock
}

/** Longer than this nobody should wait for a provider to end a grant. */
const patience = 20_000

export function createLifecycle(parts: LifecycleParts): LifecycleService {
  const { vault, events, clock, tokens, registrations } = parts
  const accountsOf = (registrationId: string) => vault.accounts.byRegistration(registrationId)
  const withTokens = (registrationId: string) =>
    accountsOf(registrationId).filter(({ id }) => vault.tokens.facts(id) !== null)

  function note(account: AccountRecord, kind: Activity['kind'], summary: string, caller: Caller): void {
    const { id, providerId } = account
    parts.activity.add({ kind, account_id: id, provider_id: providerId, ...actorOf(caller), summary, detail: {} })
  }

  /** Tells how the account is now. */
  function announce(id: string): void {
    const account = vault.accounts.get(id)
    if (account) events.emit({ type: 'account', account_id: id, state: parts.accounts.view(account).status.state })
  }

  const cancel = (of: FlowsOf, why: string) =>
    parts.connect.cancelFor(of, { code: 'cancelled', message: `The sign-in was cancelled: ${why}.`, remedy: again })

  function switchRegistration(record: RegistrationRecord, enabled: boolean, caller: Caller): void {
    if (record.enabled === enabled) return
    vault.registrations.setEnabled(record.id, enabled, clock.now())
    registrations.note(record, enabled ? 'enabled' : 'disabled', {}, caller)
    for (const { id } of accountsOf(record.id)) announce(id)
  }

  async function endGrant(account: AccountRecord, caller: Caller): Promise<void> {
    const release = await tokens.hold(account.id)
    try {
      const held = vault.tokens.get(account.id)
      if (held === null) return
      const settings = await parts.clientSettings.forAccount(account.id)
      const ended = await parts.oauth.revoke(settings, held, { signal: AbortSignal.timeout(patience) })
      if (!ended) throw noWay(account, settings.definition.name)
      note(account, 'revoked', `The grant of ${account.alias} was ended at ${settings.definition.name}`, caller)
      await tokens.reset(account.id)
      const reason = `Its grant was ended at ${settings.definition.name}.`
      const trouble = { kind: 'reauth_required', reason, since: clock.now(), retryAt: null, failures: 0 } as const
      vault.accounts.setTrouble(account.id, trouble)
    } finally {
      release()
    }
    announce(account.id)
  }

  return {
    enable(account, caller) {
      if (account.enabled) return
      vault.accounts.setEnabled(account.id, true, clock.now())
      note(account, 'enabled', `${account.alias} was enabled`, caller)
      announce(account.id)
    },

    async disable(account, caller) {
      if (account.enabled) {
        vault.accounts.setEnabled(account.id, false, clock.now())
        note(account, 'disabled', `${account.alias} was disabled`, caller)
        announce(account.id)
      }
      await cancel({ accountId: account.id }, `${account.alias} was disabled`)
    },

    async reset(account) {
      await cancel({ accountId: account.id }, `${account.alias} was reset`)
      await tokens.reset(account.id)
    },

    async revoke(account, caller) {
      await cancel({ accountId: account.id }, `the grant of ${account.alias} was ended`)
      try {
        await endGrant(account, caller)
      } catch (error) {
        throw error instanceof LatchkeyError ? notRevoked(account, error) : error
      }
    },

    async remove(account, caller) {
      await cancel({ accountId: account.id }, `${account.alias} was removed`)
      await parts.actions.remove(account, caller)
    },

    enableRegistration: (id, caller) => switchRegistration(registrations.get(id), true, caller),

    async disableRegistration(id, caller) {
      const record = registrations.get(id)
      switchRegistration(record, false, caller)
      await cancel({ registrationId: id }, `the registration “${record.name}” was disabled`)
    },

    async resetRegistration(id) {
      const { name } = registrations.get(id)
      await cancel({ registrationId: id }, `the registration “${name}” was reset`)
      await Promise.all(withTokens(id).map((account) => tokens.reset(account.id)))
    },

    async revokeRegistration(id, caller) {
      const { name } = registrations.get(id)
      await cancel({ registrationId: id }, `the grants of the registration “${name}” were ended`)
      return Promise.all(
        withTokens(id).map(async (account): Promise<Revoked> => {
          try {
            await endGrant(account, caller)
            return { account, told: true, reason: null }
          } catch (error) {
            if (!(error instanceof LatchkeyError)) throw error
            return { account, told: false, reason: error.message }
          }
        }),
      )
    },

    async removeRegistration(id, caller) {
      const { name } = registrations.get(id)
      await cancel({ registrationId: id }, `the registration “${name}” was removed`)
      await Promise.all(accountsOf(id).map(parts.actions.revoke))
      registrations.remove(id, caller)
    },
  }
}

const again = 'Start the sign-in again when it can be used.'

function noWay(account: AccountRecord, provider: string): LatchkeyError {
  return new LatchkeyError('provider_error', `${provider} has no way for programs to end a grant (RFC 7009).`, {
    account: account.id,
    action: {
      text: `Remove Latchkey's access on ${provider}'s own page for connected apps, then reset the account here.`,
    },
  })
}

function notRevoked(account: AccountRecord, error: LatchkeyError): LatchkeyError {
  const action = error.details.action ?? {
    text: 'Try again later, or reset the account to forget its tokens here only.',
  }
  return new LatchkeyError(
    error.code,
    `The grant of ${account.alias} was not ended. ${error.message} Its tokens were kept.`,
    { ...error.details, account: account.id, action },
    error,
  )
}
